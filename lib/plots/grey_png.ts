import { encode } from "fast-png";
import type { NetworkImage } from "../preprocess/mod.ts";
import { contentOf } from "./picture.ts";

/**
 * Greys are rounded to steps of this size: invisible, and a third of a noisy PNG smaller.
 */
export const GREY_STEP = 4;

/** The content of a network image, without margin and padding, as a PNG data URL of 64 greys. */
export function greyPngUrl(image: NetworkImage): string {
  const { width, height, data } = contentOf(image);
  const rounded = data.map((grey) => Math.floor(grey / GREY_STEP) * GREY_STEP);
  const png = encode({ width, height, data: rounded, channels: 1, depth: 8 });
  return `data:image/png;base64,${png.toBase64()}`;
}
