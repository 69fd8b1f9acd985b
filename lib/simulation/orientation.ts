import type { Random } from "../core/mod.ts";
import type { Gaussian } from "./phantom.ts";

/** A rotation in space: three rows of three. */
export type Rotation = readonly [Row, Row, Row];

type Row = readonly [number, number, number];

/**
 * Draws a rotation, uniformly among all.
 *
 * Four normal numbers scaled to length 1 are a uniform quaternion (Muller 1959; Shoemake 1992).
 */
export function randomRotation(draw: Random): Rotation {
  const q = [draw.normal(), draw.normal(), draw.normal(), draw.normal()];
  const length = Math.hypot(...q);
  const [w, x, y, z] = q.map((value) => value / length);
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

/** Rotates a Gaussian about the origin; it stays round. */
export function rotate({ x, y, z, ...rest }: Gaussian, rotation: Rotation): Gaussian {
  const [a, b, c] = rotation.map((row) => row[0] * x + row[1] * y + row[2] * z);
  return { x: a, y: b, z: c, ...rest };
}
