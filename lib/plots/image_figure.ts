import { quantile } from "../core/mod.ts";
import type { Figure } from "./figure.ts";
import { greyOf, heatUrl, jpegUrl, shrunk } from "./picture.ts";
import { pictureFigure } from "./picture_figure.ts";

/** Row-major values of any range, such as a micrograph or a map of a network. */
export interface ValueImage {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** `width × height` values. */
  pixels: ArrayLike<number>;
}

/** What {@linkcode imageFigure} may be told. */
export interface ImageFigureOptions {
  /** Greys, or dark violet to yellow for maps. @default {"grey"} */
  colours?: "grey" | "heat";
  /** Values that are shown darkest and brightest; 0.5 and 99.5 % of the pixels by default. */
  range?: readonly [number, number];
  /** Longer side of the picture in its own pixels, of greys only. @default {512} */
  pixels?: number;
  /** What the axes count. @default {"px"} */
  unit?: string;
}

/** Shares of the pixels that may be darker and brighter than what is shown. */
const CUT = 0.005;

/** Most pixels that are sorted to find the range. */
const SAMPLE = 1 << 16;

/** A figure of an image as it is: a micrograph before preprocessing, or one of a network's maps. */
export function imageFigure(
  title: string,
  image: ValueImage,
  { colours = "grey", range = rangeOf(image), pixels = 512, unit = "px" }: ImageFigureOptions = {},
): Figure {
  const grey = greyOf(image, range);
  const [low, high] = range.map((value) => +value.toPrecision(3));
  return pictureFigure({
    title,
    url: colours === "heat" ? heatUrl(grey) : jpegUrl(shrunk(grey, pixels)),
    width: image.width,
    height: image.height,
    unit,
    caption: `darkest ${low}, brightest ${high}`,
  });
}

/** The values that all but the darkest and the brightest pixels lie between. */
function rangeOf({ pixels }: ValueImage): [number, number] {
  const step = Math.max(1, Math.floor(pixels.length / SAMPLE));
  const values = Float64Array.from(
    { length: Math.floor(pixels.length / step) },
    (_, i) => pixels[i * step],
  ).filter(Number.isFinite);
  if (values.length === 0) return [0, 1];
  const [low, high] = [quantile(values, CUT), quantile(values, 1 - CUT)];
  return high > low ? [low, high] : [low, low + 1];
}
