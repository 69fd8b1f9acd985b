/** A square image in the making. */
export interface Canvas {
  /** Columns and rows. */
  size: number;
  /** Å per pixel. */
  pixelSizeA: number;
  /** `size²` values, row-major. */
  pixels: Float32Array;
}

/** A canvas of zeros. */
export function blankCanvas(size: number, pixelSizeA: number): Canvas {
  return { size, pixelSizeA, pixels: new Float32Array(size * size) };
}

/** The whole numbers from `centre − reach` to `centre + reach` that lie on an image. */
export function spanOn(size: number, centre: number, reach: number): { from: number; to: number } {
  return {
    from: Math.max(0, Math.ceil(centre - reach)),
    to: Math.min(size - 1, Math.floor(centre + reach)),
  };
}
