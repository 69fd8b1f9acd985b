import {
  checkArgument,
  checkOptions,
  EPickerError,
  type Micrograph,
  noun,
  option,
} from "../core/mod.ts";
import { equalise } from "./equalise.ts";
import { flatten } from "./flatten.ts";
import {
  geometryAt,
  MARGIN,
  type NetworkGeometry,
  networkGeometry,
  type NetworkImage,
  TARGET_SIZE,
} from "./geometry.ts";
import { resample, type ValueRange } from "./resample.ts";
import { bulkOf, sampleFinite } from "./robust.ts";
import { type NetworkView, PARTICLE_SIZE } from "./view.ts";

/** Pixels farther than this many robust standard deviations from the centre are clamped. */
export const CLAMP_SIGMAS = 8;

/** Options of {@linkcode preprocess}. */
export interface PreprocessOptions {
  /** How the network sees micrographs. @default {"paper"} */
  view?: NetworkView;
  /** Diameter of a typical object in micrograph pixels, which the view `particle` needs. */
  diameter?: number;
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
  checkOptions(options, { view: option.oneOf(["paper", "particle"]), targetSize: option.whole(1) });
  const { view = "paper", targetSize = TARGET_SIZE, diameter } = options;
  assertWhole(micrograph);
  const { width, height } = micrograph;
  if (view === "paper") {
    const geometry = networkGeometry(width, height, targetSize);
    const reduced = resample(micrograph, geometry, cleanRange(micrograph));
    return { ...geometry, pixels: padded(equalise(reduced, geometry.width), geometry) };
  }
  assertDiameter(micrograph, diameter);
  const geometry = geometryAt(width, height, diameter / PARTICLE_SIZE);
  const values = resample(micrograph, geometry, cleanRange(micrograph));
  const isKnown = knownIn(micrograph, geometry.scale);
  const sides = { width: geometry.width, height: geometry.height };
  return { ...geometry, pixels: padded(flatten({ values, ...sides, isKnown }), geometry) };
}

/** Least diameter in the file, in pixels, from which a particle can be told. */
const LEAST_DIAMETER = 6;

/** Most network pixels of one image. */
const MOST_PIXELS = 2 ** 26;

function assertDiameter(
  { name, width, height }: Micrograph,
  diameter: number | undefined,
): asserts diameter is number {
  const fail = (expected: string) => {
    throw new EPickerError("bad-option", {
      file: name,
      found: `a diameter of ${diameter ?? "unknown"} pixels in ${width} × ${height} pixels`,
      expected,
      remedy: "Give the particle's diameter; it is in pixels of the micrograph, or in Å.",
    });
  };
  if (diameter === undefined || !(diameter >= LEAST_DIAMETER)) {
    fail(`a diameter of ${LEAST_DIAMETER} pixels or more`);
  } else if (diameter > Math.max(width, height)) fail("a particle smaller than the micrograph");
  else if (width * height * (PARTICLE_SIZE / diameter) ** 2 > MOST_PIXELS) {
    fail("a particle that is not so small beside the micrograph");
  }
}

/**
 * Tells which network pixels lie on known micrograph pixels: not on those without a finite value, nor
 * in rows and columns of one value along the border, as motion correction leaves them.
 */
function knownIn(micrograph: Micrograph, scale: number): (x: number, y: number) => boolean {
  const { width, pixels } = micrograph;
  const { left, right, top, bottom } = contentOf(micrograph);
  return (x, y) => {
    const column = Math.floor((x + 0.5) * scale);
    const row = Math.floor((y + 0.5) * scale);
    const isInside = column >= left && column < right && row >= top && row < bottom;
    return isInside && Number.isFinite(pixels[row * width + column]);
  };
}

/** The part of a micrograph within rows and columns of one value along its border. */
function contentOf({ width, height, pixels }: Micrograph) {
  let [left, right, top, bottom] = [0, width, 0, height];
  const isBlank = (start: number, count: number, step: number) => {
    for (let i = 1, at = start + step; i < count; i++, at += step) {
      if (!Object.is(pixels[at], pixels[start])) return false;
    }
    return true;
  };
  while (top < bottom && isBlank(top * width, width, 1)) top++;
  while (bottom > top && isBlank((bottom - 1) * width, width, 1)) bottom--;
  const isBlankColumn = (column: number) => isBlank(top * width + column, bottom - top, width);
  while (left < right && isBlankColumn(left)) left++;
  while (right > left && isBlankColumn(right - 1)) right--;
  return { left, right, top, bottom };
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
