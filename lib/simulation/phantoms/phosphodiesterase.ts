import { random } from "../../core/mod.ts";
import type { Phantom } from "../phantom.ts";
import { ellipsoid, fill, type Point3, rod } from "../shapes.ts";
import { cyclic, symmetrise } from "../symmetry.ts";

/** PDE6: two long subunits, three lobes each, that cross between the lobes. */
export function phosphodiesterase(): Phantom {
  const draw = random(228, 1);
  const grain = { beadKda: 1.5, sigmaA: 4.5 };
  const part = (centre: Point3, axes: Point3, massKda: number) =>
    fill(ellipsoid(centre, axes), massKda, grain, draw);
  const subunit = [
    ...part([14, -6, 46], [15, 15, 18], 26), // GAF-A
    ...part([23, 7, 4], [17, 17, 21], 28), // GAF-B
    ...part([27, -6, -42], [19, 20, 20], 44), // catalytic domain
    ...fill(rod([8, 6, 26], [10, -4, -18], 5), 7, grain, draw), // linker helices
    ...fill(rod([4, 0, 58], [4, 0, 68], 3), 2, grain, draw), // N-terminal tail
  ];
  return {
    name: "phosphodiesterase",
    title: "phosphodiesterase 6",
    diameterA: 150,
    symmetry: "C2",
    source: "α and β of 99 kDa with two γ of 10 kDa, in three layers 150 Å long and 108 Å wide " +
      "(Zhang et al. 2015, J. Biol. Chem. 290, 12833–12843; Gulati et al. 2019, Sci. Adv. 5, " +
      "eaav4322, PDB 6MZB)",
    gaussians: symmetrise(subunit, cyclic(2)),
  };
}
