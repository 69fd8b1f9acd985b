import { encode } from "fast-png";
import { MARGIN, type NetworkImage } from "../preprocess/mod.ts";

/**
 * Greys are rounded to steps of this size: invisible, and a third of a noisy PNG smaller.
 */
export const GREY_STEP = 4;

/** The content of a network image, without margin and padding, as a PNG data URL of 64 greys. */
export function greyPngUrl({ width, height, paddedWidth, pixels }: NetworkImage): string {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grey = pixels[(y + MARGIN) * paddedWidth + x + MARGIN];
      data[y * width + x] = Math.floor(grey / GREY_STEP) * GREY_STEP;
    }
  }
  const png = encode({ width, height, data, channels: 1, depth: 8 });
  return `data:image/png;base64,${png.toBase64()}`;
}
