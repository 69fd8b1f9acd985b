import { aboutAxis, aboutZ, compose, NO_ROTATION, rotate, type Rotation } from "./orientation.ts";
import type { Gaussian } from "./phantom.ts";

/** The golden ratio. */
export const PHI: number = (1 + Math.sqrt(5)) / 2;

const HALF_TURN = aboutAxis([1, 0, 0], Math.PI);
const THIRD_TURN = aboutAxis([1, 1, 1], 2 * Math.PI / 3);

/** The 24 rotations of the cube, its four-fold axes along x, y and z. */
export const OCTAHEDRAL: Rotation[] = groupOf([aboutZ(Math.PI / 2), THIRD_TURN]);

/**
 * The 60 rotations of the icosahedron with two-fold axes along x, y and z; its vertices are the
 * cyclic permutations of (0, ±1, ±φ).
 */
export const ICOSAHEDRAL: Rotation[] = groupOf([
  aboutAxis([0, 1, PHI], 2 * Math.PI / 5),
  THIRD_TURN,
]);

/** The n rotations of Cn about the z axis. */
export function cyclic(n: number): Rotation[] {
  return Array.from({ length: n }, (_, i) => aboutZ(2 * Math.PI * i / n));
}

/** The 2n rotations of Dn: those of Cn, and each after a half turn about the x axis. */
export function dihedral(n: number): Rotation[] {
  return cyclic(n).flatMap((turn) => [turn, compose(turn, HALF_TURN)]);
}

/** Copies a subunit by every rotation of a group. */
export function symmetrise(subunit: readonly Gaussian[], group: readonly Rotation[]): Gaussian[] {
  return group.flatMap((rotation) => subunit.map((gaussian) => rotate(gaussian, rotation)));
}

/** All products of some rotations. */
function groupOf(generators: readonly Rotation[]): Rotation[] {
  const group = [NO_ROTATION];
  const seen = new Set([keyOf(NO_ROTATION)]);
  for (const element of group) {
    for (const generator of generators) {
      const product = compose(generator, element);
      if (seen.has(keyOf(product))) continue;
      seen.add(keyOf(product));
      group.push(product);
    }
  }
  return group;
}

/** The same for rotations that differ by rounding only. */
function keyOf(rotation: Rotation): string {
  return rotation.flat().map((value) => Math.round(value * 1000) + 0).join();
}
