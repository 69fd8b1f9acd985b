import type { Pick } from "../core/mod.ts";

/**
 * Mirrors picks top to bottom: y' = height − 1 − y, so that the first row becomes the last.
 *
 * @param height Rows of the micrograph.
 *
 * @example
 * ```ts
 * import { flipPicks } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(flipPicks([{ x: 3, y: 0 }], 100), [{ x: 3, y: 99 }]);
 * ```
 */
export function flipPicks(picks: readonly Pick[], height: number): Pick[] {
  return picks.map((pick) => ({ ...pick, y: height - 1 - pick.y }));
}

/**
 * Brings picks of a shrunken image to the micrograph: x' = (x + 0.5) · scale − 0.5, diameters times
 * the scale.
 *
 * @param scale Pixels of the micrograph per pixel of the image, e.g. 8 for picks on an eighth.
 *
 * @example
 * ```ts
 * import { scalePicks } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(scalePicks([{ x: 10, y: 20, diameter: 5 }], 2), [{ x: 20.5, y: 40.5, diameter: 10 }]);
 * ```
 */
export function scalePicks(picks: readonly Pick[], scale: number): Pick[] {
  const scaled = (value: number) => (value + 0.5) * scale - 0.5;
  return picks.map(({ x, y, diameter, ...rest }) => ({
    x: scaled(x),
    y: scaled(y),
    ...rest,
    ...(diameter !== undefined && { diameter: diameter * scale }),
  }));
}
