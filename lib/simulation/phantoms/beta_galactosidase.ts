import { random } from "../../core/mod.ts";
import type { Phantom } from "../phantom.ts";
import { ellipsoid, fill, type Point } from "../shapes.ts";
import { dihedral, symmetrise } from "../symmetry.ts";

/** E. coli β-galactosidase: a flat tetramer of 175 × 135 × 90 Å. */
export function betaGalactosidase(): Phantom {
  const draw = random(17, 1);
  const part = (centre: Point, axes: Point, massKda: number) =>
    fill(ellipsoid(centre, axes), massKda, { beadKda: 2, sigmaA: 4.5 }, draw);
  const subunit = [
    ...part([30, 22, 14], [22, 19, 22], 44), // barrel
    ...part([60, 40, 12], [20, 17, 18], 30), // jelly roll
    ...part([60, 14, 23], [17, 14, 19], 20), // β-sandwiches
    ...part([15, 44, 23], [17, 15, 19], 22),
  ];
  return {
    name: "beta-galactosidase",
    title: "β-galactosidase",
    diameterA: 180,
    symmetry: "D2",
    source: "four subunits of 116 kDa, 175 × 135 × 90 Å (Jacobson et al. 1994, Nature 369, " +
      "761–766; Juers et al. 2000, PDB 1DP0)",
    gaussians: symmetrise(subunit, dihedral(2)),
  };
}
