import { random } from "../../core/mod.ts";
import type { Phantom } from "../phantom.ts";
import { fill, type Point3, rod, shell } from "../shapes.ts";
import { OCTAHEDRAL, symmetrise } from "../symmetry.ts";

/** Apoferritin: a hollow shell of 24 four-helix bundles, 120 Å outside and 80 Å inside. */
export function apoferritin(): Phantom {
  const grain = { beadKda: 0.9, sigmaA: 4.8 };
  const [from, to] = bundle({ radius: 50, length: 33, offset: 11 });
  const draw = random(24, 1);
  const subunit = [
    ...fill(rod(from, to, 9), 9, grain, draw),
    ...fill(shell(42, 58), 11, grain, draw), // loops and the fifth helix, all around
  ];
  return {
    name: "apoferritin",
    title: "apoferritin",
    diameterA: 122,
    symmetry: "O",
    source: "24 subunits of 20 kDa, shell of 120 Å around a hole of 80 Å (Lawson et al. 1991, " +
      "Nature 349, 541–544; PDB 1FHA)",
    gaussians: symmetrise(subunit, OCTAHEDRAL),
  };
}

/** The ends of a rod beside the two-fold axis (1, 1, 0), in the plane that touches the shell. */
function bundle({ radius, length, offset }: Record<"radius" | "length" | "offset", number>) {
  const half = Math.SQRT1_2;
  const at = (along: number): Point3 => {
    const [u, v] = [along * half + offset * half, along * half - offset * half];
    return [radius * half + u * half, radius * half - u * half, v];
  };
  return [at(-length / 2), at(length / 2)];
}
