import type { Circle, Point } from "../core/mod.ts";

/** Length of the longer side of what the network sees, in network pixels. */
export const TARGET_SIZE = 1024;

/** The network halves its input five times, so that padded sides are multiples of 32. */
export const STRIDE = 32;

/**
 * Black border around the content, in network pixels.
 *
 * It lets the network tell the border of a micrograph from the border of a training crop: many
 * datasets have no labels near the micrograph's border, and others do.
 */
export const MARGIN = 16;

/** Sides of a network image and its scale. */
export interface NetworkGeometry {
  /** Columns of the content, in network pixels. */
  width: number;
  /** Rows of the content, in network pixels. */
  height: number;
  /** Columns with margins and padding, a multiple of {@linkcode STRIDE}. */
  paddedWidth: number;
  /** Rows with margins and padding, a multiple of {@linkcode STRIDE}. */
  paddedHeight: number;
  /** Micrograph pixels per network pixel, the same along x and y. */
  scale: number;
}

/** The image that the network sees: 8-bit, equalised, inside a black margin, padded. */
export interface NetworkImage extends NetworkGeometry {
  /** `paddedWidth × paddedHeight` grey values, row-major; margin and padding are 0. */
  pixels: Uint8Array<ArrayBuffer>;
  /**
   * The part of it that is unlike the rest, 0…1: carbon, ice, the edge of a hole. Known in the view
   * `particle`, where the image is large enough to tell.
   */
  dirt?: number;
}

/**
 * Sides and scale of the network image of a micrograph of `width × height` pixels.
 *
 * The longer side becomes `targetSize`; one scale holds for both axes, and the shorter side is
 * rounded to whole pixels (at least one). The rounding moves the content's far border by half a
 * network pixel at most and moves no coordinate.
 */
export function networkGeometry(
  width: number,
  height: number,
  targetSize: number = TARGET_SIZE,
): NetworkGeometry {
  return geometryAt(width, height, Math.max(width, height) / targetSize);
}

/** Sides of the network image of a micrograph at a scale: micrograph pixels per network pixel. */
export function geometryAt(width: number, height: number, scale: number): NetworkGeometry {
  const content = (size: number) => Math.max(1, Math.round(size / scale));
  const padded = (size: number) => Math.ceil((content(size) + 2 * MARGIN) / STRIDE) * STRIDE;
  return {
    width: content(width),
    height: content(height),
    paddedWidth: padded(width),
    paddedHeight: padded(height),
    scale,
  };
}

/**
 * Maps a point or pick from micrograph pixels to network pixels: x' = (x + 0.5) / scale − 0.5 + margin.
 *
 * A diameter is divided by the scale; every other field is kept. The argument is not changed.
 *
 * @example
 * ```ts
 * import { toMicrograph, toNetwork } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const pick = { x: 1001.5, y: 401.5, score: 0.9, diameter: 200 };
 * const seen = toNetwork(pick, { scale: 4 });
 * assertEquals(seen, { x: 266, y: 116, score: 0.9, diameter: 50 });
 * assertEquals(toMicrograph(seen, { scale: 4 }), pick);
 * ```
 */
export function toNetwork<P extends Point & Partial<Circle>>(
  { ...point }: P,
  { scale }: { scale: number },
): P {
  const along = (value: number) => (value + 0.5) / scale - 0.5 + MARGIN;
  [point.x, point.y] = [along(point.x), along(point.y)];
  if (point.diameter !== undefined) point.diameter /= scale;
  return point;
}

/**
 * Maps a point or pick from network pixels to micrograph pixels: x = (x' − margin + 0.5) · scale − 0.5.
 *
 * A diameter is multiplied by the scale; every other field is kept. The argument is not changed.
 */
export function toMicrograph<P extends Point & Partial<Circle>>(
  { ...point }: P,
  { scale }: { scale: number },
): P {
  const along = (value: number) => (value - MARGIN + 0.5) * scale - 0.5;
  [point.x, point.y] = [along(point.x), along(point.y)];
  if (point.diameter !== undefined) point.diameter *= scale;
  return point;
}
