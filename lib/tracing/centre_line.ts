import type { Point } from "../core/mod.ts";

/** A picture of what is fiber and what is not. */
export interface Mask {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** Row-major; a fiber's pixels are above 0. */
  pixels: ArrayLike<number>;
}

/**
 * Thins a mask to the pixels of its centre lines, one pixel wide and connected as the mask is.
 *
 * Layers of border pixels are taken off from two sides in turn as long as that breaks nothing
 * (Zhang and Suen, A fast parallel algorithm for thinning digital patterns, 1984).
 *
 * @returns The pixels in rows from the top.
 *
 * @example
 * ```ts
 * import { centreLineOf } from "@epicker/epicker/tracing";
 * import { assertEquals } from "@std/assert";
 *
 * const [width, height] = [20, 9];
 * const pixels = Array.from({ length: width * height }, (_, i) => {
 *   const [x, y] = [i % width, Math.floor(i / width)];
 *   return x > 1 && x < 18 && y > 2 && y < 6 ? 1 : 0;
 * });
 * assertEquals(new Set(centreLineOf({ width, height, pixels }).map(({ y }) => y)), new Set([4]));
 * ```
 */
export function centreLineOf({ width, height, pixels }: Mask): Point[] {
  const columns = width + 2; // a border of background spares the checks
  const set = new Uint8Array(columns * (height + 2));
  for (let i = 0; i < width * height; i++) {
    if (pixels[i] > 0) set[columns * (Math.floor(i / width) + 1) + i % width + 1] = 1;
  }
  // the eight neighbours in turn, from north clockwise
  const around = [-columns, 1 - columns, 1, columns + 1, columns, columns - 1, -1, -columns - 1];
  let inner = [...set.keys()].filter((i) => set[i] === 1);
  for (let calm = 0, side = 0; calm < 2; side = 1 - side) {
    const border = inner.filter((i) => isRemovable(around.map((step) => set[i + step]), side));
    for (const i of border) set[i] = 0;
    inner = inner.filter((i) => set[i] === 1);
    calm = border.length === 0 ? calm + 1 : 0;
  }
  return inner.map((i) => ({ x: i % columns - 1, y: Math.floor(i / columns) - 1 }));
}

/** Whether a border pixel of one side may go; its neighbours are given from north clockwise. */
function isRemovable(neighbours: number[], side: number): boolean {
  const count = neighbours.reduce((sum, value) => sum + value, 0);
  if (count < 2 || count > 6) return false;
  const rises = neighbours.filter((value, i) => value === 0 && neighbours[(i + 1) % 8] === 1);
  if (rises.length !== 1) return false;
  const [north, , east, , south, , west] = neighbours;
  return side === 0
    ? north * east * south === 0 && east * south * west === 0
    : north * east * west === 0 && north * south * west === 0;
}
