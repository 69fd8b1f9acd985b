import { encode as encodePng } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { checkOptions, option, type Point } from "../core/mod.ts";
import { MARGIN, type NetworkImage } from "../preprocess/mod.ts";

/** Options of {@linkcode contactSheet}. */
export interface ContactSheetOptions {
  /** Pictures in a row. @default {5} */
  columns?: number;
  /** Side of a picture in pixels: so much of each image's middle is shown. @default {256} */
  tile?: number;
  /** Kind of file. @default {"png"} */
  format?: "png" | "jpeg";
}

/** Quality of JPEG files. */
const JPEG_QUALITY = 60;

/** White space between pictures, in pixels. */
const GAP = 4;

/**
 * A picture of the middles of images as the network sees them, row after row, to compare them.
 *
 * All are at the same scale: one pixel for one of the 1024 along the longer side of a micrograph.
 *
 * @returns The bytes of a grey PNG or JPEG.
 */
export function contactSheet(
  images: readonly NetworkImage[],
  options: ContactSheetOptions = {},
): Uint8Array {
  checkOptions(options, {
    columns: option.whole(1),
    tile: option.whole(1, 4096),
    format: option.oneOf(["png", "jpeg"]),
  });
  const { columns = 5, tile = 256, format = "png" } = options;
  const rows = Math.ceil(images.length / columns);
  const across = Math.min(columns, images.length);
  const width = across * (tile + GAP) - GAP;
  const height = rows * (tile + GAP) - GAP;
  const data = new Uint8Array(width * height).fill(255);
  for (const [i, image] of images.entries()) {
    const at = { x: (i % columns) * (tile + GAP), y: Math.floor(i / columns) * (tile + GAP) };
    copyMiddle(image, tile, data, width, at);
  }
  if (format === "png") return encodePng({ width, height, data, channels: 1, depth: 8 });
  return encodeJpeg({ width, height, data: inColour(data) }, JPEG_QUALITY).data;
}

function copyMiddle(
  { width, height, paddedWidth, pixels }: NetworkImage,
  tile: number,
  data: Uint8Array,
  stride: number,
  at: Point,
): void {
  const [columns, rows] = [Math.min(tile, width), Math.min(tile, height)];
  const [left, top] = [(width - columns) >> 1, (height - rows) >> 1];
  for (let y = 0; y < rows; y++) {
    const start = (MARGIN + top + y) * paddedWidth + MARGIN + left;
    data.set(pixels.subarray(start, start + columns), (at.y + y) * stride + at.x);
  }
}

/** Grey as red, green, blue and opacity, as the JPEG encoder wants it. */
function inColour(grey: Uint8Array): Uint8Array {
  const data = new Uint8Array(4 * grey.length);
  grey.forEach((value, i) => data.set([value, value, value, 255], 4 * i));
  return data;
}
