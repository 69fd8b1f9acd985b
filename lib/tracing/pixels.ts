import type { Point } from "../core/mod.ts";

/**
 * The length of line that each pixel of thin lines stands for.
 *
 * It is half of the pixel's links to its neighbours: 1 to those beside it, √2 to those at its
 * corners that no pixel beside both joins. A straight line so has its length, in rows and diagonals.
 *
 * @param pixels Whole places, in any order; one that is listed twice counts once.
 */
export function lengthsOfPixels(pixels: readonly Point[]): number[] {
  const places = new Map(pixels.map(({ x, y }, i) => [`${x},${y}`, i]));
  const lengths = pixels.map(() => 0);
  const at = (x: number, y: number) => places.get(`${x},${y}`);
  for (const i of places.values()) {
    const { x, y } = pixels[i];
    const link = (j: number | undefined, length: number) => {
      if (j === undefined) return;
      lengths[i] += length / 2;
      lengths[j] += length / 2;
    };
    link(at(x + 1, y), 1);
    link(at(x, y + 1), 1);
    for (const side of [1, -1]) {
      const isJoined = at(x + side, y) !== undefined || at(x, y + 1) !== undefined;
      if (!isJoined) link(at(x + side, y + 1), Math.SQRT2);
    }
  }
  return lengths;
}
