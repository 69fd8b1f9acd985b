import { encode as encodePng } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { MARGIN, type NetworkImage } from "../preprocess/mod.ts";

/** Grey values, row-major. */
export interface GreyImage {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** `width × height` values, 0…255. */
  data: Uint8Array;
}

/** Quality of JPEG pictures in figures. */
const JPEG_QUALITY = 70;

/** The content of a network image, without margin and padding. */
export function contentOf({ width, height, paddedWidth, pixels }: NetworkImage): GreyImage {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (y + MARGIN) * paddedWidth + MARGIN;
    data.set(pixels.subarray(start, start + width), y * width);
  }
  return { width, height, data };
}

/** An image whose longer side is at most `longest`: each pixel the mean of those below it. */
export function shrunk(image: GreyImage, longest: number): GreyImage {
  const factor = Math.max(image.width, image.height) / longest;
  if (factor <= 1) return image;
  const width = Math.max(1, Math.round(image.width / factor));
  const height = Math.max(1, Math.round(image.height / factor));
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const rows = span(y, image.height / height, image.height);
    for (let x = 0; x < width; x++) {
      data[y * width + x] = meanIn(image, span(x, image.width / width, image.width), rows);
    }
  }
  return { width, height, data };
}

/** First and last + 1 of the source pixels of a target pixel. */
function span(index: number, factor: number, length: number): [number, number] {
  const from = Math.floor(index * factor);
  return [from, Math.min(length, Math.max(from + 1, Math.floor((index + 1) * factor)))];
}

function meanIn(
  { width, data }: GreyImage,
  [left, right]: [number, number],
  [top, bottom]: [number, number],
): number {
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) sum += data[y * width + x];
  }
  return Math.round(sum / ((right - left) * (bottom - top)));
}

/** A grey image as a JPEG data URL: for noisy pictures, a tenth of a PNG. */
export function jpegUrl({ width, height, data }: GreyImage): string {
  const colours = new Uint8Array(4 * data.length);
  data.forEach((value, i) => colours.set([value, value, value, 255], 4 * i));
  const jpeg = encodeJpeg({ width, height, data: colours }, JPEG_QUALITY).data;
  return `data:image/jpeg;base64,${new Uint8Array(jpeg).toBase64()}`;
}

/** An image as a PNG data URL whose greys are replaced by the colours of {@linkcode VIRIDIS}. */
export function heatUrl({ width, height, data }: GreyImage): string {
  const colours = new Uint8Array(3 * data.length);
  data.forEach((value, i) => colours.set(heatColour(value / 255), 3 * i));
  const png = encodePng({ width, height, data: colours, channels: 3, depth: 8 });
  return `data:image/png;base64,${png.toBase64()}`;
}

/** Values as greys from black at `low` to white at `high`; what is no number is black. */
export function greyOf(
  { width, height, pixels }: { width: number; height: number; pixels: ArrayLike<number> },
  [low, high]: readonly [number, number],
): GreyImage {
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const share = (pixels[i] - low) / (high - low);
    return Number.isFinite(share) ? Math.round(255 * Math.min(1, Math.max(0, share))) : 0;
  });
  return { width, height, data };
}

/** Ten colours from dark to light, also for colour-blind readers: matplotlib's viridis. */
export const VIRIDIS = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
];

/** Red, green and blue of a share of 0…1 on {@linkcode VIRIDIS}. */
export function heatColour(share: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const [from, to] = [VIRIDIS[below], VIRIDIS[below + 1]].map(bytesOf);
  return from.map((value, i) => Math.round(value + (at - below) * (to[i] - value))) as [
    number,
    number,
    number,
  ];
}

function bytesOf(colour: string): number[] {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}
