import {
  checkArgument,
  checkOptions,
  EPickerError,
  type Micrograph,
  noun,
  option,
} from "../core/mod.ts";
import { equalise } from "./equalise.ts";
import {
  MARGIN,
  type NetworkGeometry,
  networkGeometry,
  type NetworkImage,
  TARGET_SIZE,
} from "./geometry.ts";
import { resample, type ValueRange } from "./resample.ts";
import { bulkOf, sampleFinite } from "./robust.ts";

/**
 * Version of the preprocessing, stored in models.
 *
 * It changes whenever the same micrograph gives other pixels; a model trained with another version
 * does not fit.
 */
export const PREPROCESS_VERSION = 1;

/** Pixels farther than this many robust standard deviations from the centre are clamped. */
export const CLAMP_SIGMAS = 8;

/** Options of {@linkcode preprocess}. */
export interface PreprocessOptions {
  /**
   * Length of the content's longer side, in network pixels; {@linkcode TARGET_SIZE} by default.
   * Models see the default; smaller sizes are for quick tests.
   */
  targetSize?: number;
}

/**
 * Makes the 8-bit image that the network sees from a micrograph.
 *
 * Hot pixels are clamped and non-finite ones replaced while they are read; the image is low-passed
 * and reduced to 1024 pixels along its longer side (Lanczos-3, one scale for both axes), its
 * histogram equalised over the ice, set into a black margin of 16 pixels and padded to multiples of
 * 32. The micrograph is not changed, and the same micrograph always gives the same image.
 *
 * @throws {EPickerError} `bad-file` when the micrograph is empty, has a wrong number of pixels or
 * no finite pixel; `bad-option` for anything else than a micrograph and a target size that is not a positive whole number.
 *
 * @example
 * ```ts
 * import { preprocess, toMicrograph } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const pixels = Float32Array.from({ length: 96 * 64 }, (_, i) => i % 7);
 * const image = preprocess({ name: "a", width: 96, height: 64, pixels }, { targetSize: 48 });
 * assertEquals([image.width, image.height, image.scale], [48, 32, 2]);
 * assertEquals([image.paddedWidth, image.paddedHeight], [96, 64]);
 * assertEquals(toMicrograph({ x: 26, y: 36 }, image), { x: 20.5, y: 40.5 });
 * ```
 */
export function preprocess(
  micrograph: Micrograph,
  options: PreprocessOptions = {},
): NetworkImage {
  checkArgument(micrograph, noun.micrograph, "micrograph");
  checkOptions(options, { targetSize: option.whole(1) });
  const { targetSize = TARGET_SIZE } = options;
  assertWhole(micrograph);
  const geometry = networkGeometry(micrograph.width, micrograph.height, targetSize);
  const reduced = resample(micrograph, geometry, cleanRange(micrograph));
  return { ...geometry, pixels: padded(equalise(reduced, geometry.width), geometry) };
}

/** The values that are taken as they are: within {@linkcode CLAMP_SIGMAS} of the bulk's centre. */
function cleanRange(micrograph: Micrograph): ValueRange {
  const samples = sampleFinite(micrograph.pixels, micrograph.width);
  if (samples.length === 0) return firstFinite(micrograph);
  const { centre, sigma } = bulkOf(samples);
  const fallback = samples[samples.length >> 1];
  return {
    low: Math.min(fallback, centre - CLAMP_SIGMAS * sigma),
    high: Math.max(fallback, centre + CLAMP_SIGMAS * sigma),
    fallback,
  };
}

/** Where no sampled pixel is finite, the first finite one stands for all of them. */
function firstFinite({ name, pixels }: Micrograph): ValueRange {
  const value = pixels.find(Number.isFinite);
  if (value === undefined) {
    throw new EPickerError("bad-file", {
      file: name,
      found: "no finite pixel: all are NaN or infinite",
      expected: "a micrograph with finite values",
      remedy: "Export the micrograph again.",
    });
  }
  return { low: value, high: value, fallback: value };
}

function padded(
  content: Uint8Array<ArrayBuffer>,
  { width, height, paddedWidth, paddedHeight }: NetworkGeometry,
): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(paddedWidth * paddedHeight);
  for (let y = 0; y < height; y++) {
    const row = content.subarray(y * width, (y + 1) * width);
    pixels.set(row, (y + MARGIN) * paddedWidth + MARGIN);
  }
  return pixels;
}

function assertWhole({ name, width, height, pixels }: Micrograph): void {
  const sides = [width, height].every((side) => Number.isInteger(side) && side > 0);
  if (sides && pixels.length === width * height) return;
  throw new EPickerError("bad-file", {
    file: name,
    found: `${width} × ${height} pixels and ${pixels.length} values`,
    expected: "at least one pixel, and one value for each",
    remedy: "Export the micrograph again.",
  });
}
