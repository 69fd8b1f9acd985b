import { random } from "../../core/mod.ts";
import type { Phantom } from "../phantom.ts";
import { ellipsoid, fill, type Point3 } from "../shapes.ts";
import { dihedral, symmetrise } from "../symmetry.ts";

/** E. coli β-galactosidase: a flat tetramer of 175 × 135 × 90 Å. */
export function betaGalactosidase(): Phantom {
  const draw = random(17, 1);
  const part = (centre: Point3, axes: Point3, massKda: number) =>
    fill(ellipsoid(centre, axes), massKda, { beadKda: 2, sigmaA: 4.5 }, draw);
  const subunit = [
    ...part([19, 18, 14], [22, 18, 23], 46), // barrel
    ...part([60, 36, 12], [20, 17, 19], 30), // jelly roll
    ...part([52, 10, 22], [20, 14, 18], 20), // β-sandwiches
    ...part([14, 46, 22], [19, 14, 19], 20),
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
