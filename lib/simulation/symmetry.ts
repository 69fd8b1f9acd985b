import { rotate, type Rotation } from "./orientation.ts";
import type { Gaussian } from "./phantom.ts";

/** The 4 rotations of D2: half turns about x, y and z, as in a tetramer of two dimers. */
export const D2: Rotation[] = [[1, 1], [1, -1], [-1, 1], [-1, -1]].map(([x, y]) => [
  [x, 0, 0],
  [0, y, 0],
  [0, 0, x * y],
]);

/** The 4 rotations of C4: quarter turns about z, as in a tetrameric channel. */
export const C4: Rotation[] = [[1, 0], [0, 1], [-1, 0], [0, -1]].map(([cos, sin]) => [
  [cos, -sin, 0],
  [sin, cos, 0],
  [0, 0, 1],
]);

/** The 24 rotations of the cube: permutations of the axes with signs, of determinant 1. */
export const OCTAHEDRAL: Rotation[] = octahedral();

/** Copies a subunit by every rotation of a group. */
export function symmetrise(subunit: readonly Gaussian[], group: readonly Rotation[]): Gaussian[] {
  return group.flatMap((rotation) => subunit.map((gaussian) => rotate(gaussian, rotation)));
}

function octahedral(): Rotation[] {
  const permutations = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]];
  return permutations.flatMap((axes, i) =>
    [[1, 1], [1, -1], [-1, 1], [-1, -1]].map(([a, b]): Rotation => {
      const signs = [a, b, a * b * (i < 3 ? 1 : -1)]; // the last three permutations are odd
      const row = (r: number) =>
        [0, 1, 2].map((c) => axes[r] === c ? signs[r] : 0) as [number, number, number];
      return [row(0), row(1), row(2)];
    })
  );
}
