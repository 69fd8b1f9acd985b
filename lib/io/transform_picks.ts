import type { Pick, Point } from "../core/mod.ts";

/**
 * Mirrors picks top to bottom: y' = height − 1 − y, so that the first row becomes the last.
 *
 * It brings picks on a TIFF from programs that do not turn its rows (napari, ImageJ, Topaz).
 *
 * @param height Rows of the micrograph.
 *
 * @example
 * ```ts
 * import { flipPicks } from "@epicker/epicker/io";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flipPicks([{ x: 3, y: 0 }], 100), [{ x: 3, y: 99 }]);
 * ```
 */
export function flipPicks(picks: readonly Pick[], height: number): Pick[] {
  return picks.map((pick) => ({ ...pick, y: height - 1 - pick.y }));
}

/**
 * Brings picks of a shrunken image to the micrograph: x' = x · scale, diameters times the scale.
 *
 * Pixel i of an image that was shrunk by Fourier cropping (Topaz, RELION, MotionCor2) lies on pixel
 * i · scale of the micrograph. Where blocks of pixels were averaged (IMOD, EMAN), it lies in the
 * middle of its block: x' = (x + 0.5) · scale − 0.5.
 *
 * @param scale Pixels of the micrograph per pixel of the image, e.g. 8 for picks on an eighth.
 * @param averaged Whether blocks were averaged.
 *
 * @example
 * ```ts
 * import { scalePicks } from "@epicker/epicker/io";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(scalePicks([{ x: 10, y: 20, diameter: 5 }], 2), [{ x: 20, y: 40, diameter: 10 }]);
 * assertEquals(scalePicks([{ x: 10, y: 20 }], 2, { averaged: true }), [{ x: 20.5, y: 40.5 }]);
 * ```
 */
export function scalePicks(
  picks: readonly Pick[],
  scale: number,
  { averaged = false }: { averaged?: boolean } = {},
): Pick[] {
  const shift = averaged ? (scale - 1) / 2 : 0;
  const scaled = (value: number) => value * scale + shift;
  return picks.map(({ x, y, diameter, ...rest }) => {
    const moved = { x: scaled(x), y: scaled(y), ...rest };
    return diameter === undefined ? moved : { ...moved, diameter: diameter * scale };
  });
}

/**
 * Moves picks to where a refinement found the particles: x' = x − offset / pixel size.
 *
 * @param offsetsA Offsets in Å, one for each pick, as `readPickGroups()` gives them.
 * @param pixelSizeA Å per pixel of the micrograph.
 *
 * @example
 * ```ts
 * import { recentrePicks } from "@epicker/epicker/io";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(recentrePicks([{ x: 10, y: 20 }], [{ x: 4, y: -2 }], 2), [{ x: 8, y: 21 }]);
 * ```
 */
export function recentrePicks(
  picks: readonly Pick[],
  offsetsA: readonly Point[],
  pixelSizeA: number,
): Pick[] {
  return picks.map((pick, i) => ({
    ...pick,
    x: pick.x - offsetsA[i].x / pixelSizeA,
    y: pick.y - offsetsA[i].y / pixelSizeA,
  }));
}
