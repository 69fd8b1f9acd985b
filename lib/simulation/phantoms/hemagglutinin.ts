import { random } from "../../core/mod.ts";
import type { Phantom } from "../phantom.ts";
import { ellipsoid, fill, rod } from "../shapes.ts";
import { cyclic, symmetrise } from "../symmetry.ts";

/** The ectodomain of influenza hemagglutinin: a slim trimer of 135 Å with a lobed head. */
export function hemagglutinin(): Phantom {
  const draw = random(97, 1);
  const grain = { beadKda: 1.5, sigmaA: 4.5 };
  const subunit = [
    ...fill(ellipsoid([17, 0, 38], [11, 12, 21]), 28, grain, draw), // HA1 with the receptor site
    ...fill(rod([9, 3, 22], [7, -2, -50], 7), 24, grain, draw), // stem
    ...fill(ellipsoid([13, -3, -48], [8, 8, 9]), 6, grain, draw), // foot near the membrane
  ];
  return {
    name: "hemagglutinin",
    title: "influenza hemagglutinin",
    diameterA: 140,
    symmetry: "C3",
    source: "three subunits of 58 kDa, 135 Å long, head 70 Å and stem 40 Å wide (Wilson, Skehel " +
      "and Wiley 1981, Nature 289, 366–373; Tan et al. 2017, Nat. Methods 14, 793–796, EMD-8731)",
    gaussians: symmetrise(subunit, cyclic(3)),
  };
}
