import { random } from "../../core/mod.ts";
import type { Phantom } from "../phantom.ts";
import { ellipsoid, fill, tube } from "../shapes.ts";
import { cyclic, symmetrise } from "../symmetry.ts";

/** HCN1, a cyclic-nucleotide-gated channel: membrane part in a belt of detergent, gating ring. */
export function cngChannel(): Phantom {
  const draw = random(81, 1);
  const grain = { beadKda: 2, sigmaA: 4.5 };
  const subunit = [
    ...fill(ellipsoid([12, 0, 26], [9, 10, 20]), 17, grain, draw), // pore
    ...fill(ellipsoid([30, 14, 26], [12, 12, 20]), 20, grain, draw), // voltage sensor
    ...fill(ellipsoid([22, 6, -8], [15, 15, 10]), 16, grain, draw), // C-linker
    ...fill(ellipsoid([27, 10, -36], [15, 15, 15]), 20, grain, draw), // nucleotide-binding domain
  ];
  const belt = fill(tube([42, 57], [10, 42]), 22.5, { beadKda: 2, sigmaA: 6.5 }, draw);
  return {
    name: "cng-channel",
    title: "CNG channel",
    diameterA: 140,
    symmetry: "C4",
    source: "HCN1: four subunits of 73 kDa, 110 Å high, and a digitonin micelle of about 90 kDa " +
      "(Lee and MacKinnon 2017, Cell 168, 111–120, EMD-8511, PDB 5U6O)",
    gaussians: symmetrise([...subunit, ...belt], cyclic(4)),
  };
}
