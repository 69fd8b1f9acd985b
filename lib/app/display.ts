import { mean, median, type Micrograph } from "../core/mod.ts";
import { type PowerSpectrum, powerSpectrum } from "../preprocess/mod.ts";
import { HELD_SIGMAS } from "./page/greys.ts";

/** A picture for the eye: 8 bits, of blocks of pixels where the micrograph is large. */
export interface Display {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** Pixels of the micrograph along the edge of one of these. */
  step: number;
  /** Greys, row-major: the median is 128, {@linkcode HELD_SIGMAS} sigmas above it 255. */
  pixels: Uint8Array<ArrayBuffer>;
}

/** Floats, row-major. */
interface Image {
  width: number;
  height: number;
  pixels: Float32Array;
}

/**
 * What the eye is shown of a micrograph: at most `longest` pixels along an edge, and without what
 * is finer than `lowPassPx` (pixels of the micrograph; half the amplitude is left there).
 */
export function displayOf(
  micrograph: Micrograph,
  { longest, lowPassPx = 0 }: { longest: number; lowPassPx?: number },
): Display {
  const step = Math.max(1, Math.ceil(Math.max(micrograph.width, micrograph.height) / longest));
  const blocks = step === 1 ? copyOf(micrograph) : binned(micrograph, step);
  const image = blurred(blocks, HALF_AMPLITUDE * lowPassPx / step);
  return { width: image.width, height: image.height, step, pixels: greysOf(image.pixels) };
}

/** Sigma of the Gaussian that halves a wave of length 1: √(ln 2 / 2) / π. */
const HALF_AMPLITUDE = Math.sqrt(Math.LN2 / 2) / Math.PI;

/** Side of the power spectrum, where the micrograph is as large. */
const SPECTRUM = 512;

/** The power spectrum for the eye: the logarithm, against the mean of its ring. */
export function spectrumDisplay(micrograph: Micrograph): Display | undefined {
  const least = Math.min(micrograph.width, micrograph.height);
  const side = Math.min(SPECTRUM, 2 ** Math.floor(Math.log2(least)));
  if (side < 32) return undefined;
  const { width, height, pixels } = powerSpectrum(finite(micrograph), side);
  const logs = againstBackground({ width, height, pixels: pixels.map(Math.log) });
  return { width, height, step: 1, pixels: greysOf(logs) };
}

/** Logarithms less the mean over a broad ring, so that Thon rings stand on an even ground. */
function againstBackground({ width, height, pixels }: PowerSpectrum): Float32Array {
  const radius = (i: number) =>
    Math.hypot(i % width - width / 2, Math.floor(i / width) - height / 2);
  const [sums, counts] = [new Float64Array(width), new Float64Array(width)];
  pixels.forEach((value, i) => {
    const ring = Math.round(radius(i));
    if (!Number.isFinite(value)) return;
    sums[ring] += value;
    counts[ring]++;
  });
  const reach = Math.max(2, Math.round(width / 32));
  const ground = sums.map((_, ring) => {
    const [from, to] = [Math.max(1, ring - reach), ring + reach + 1];
    return mean([...sums.slice(from, to)]) / mean([...counts.slice(from, to)]);
  });
  return pixels.map((value, i) => value - ground[Math.round(radius(i))]);
}

function copyOf({ width, height, pixels }: Micrograph): Image {
  return { width, height, pixels: pixels.slice() };
}

/** The micrograph with its mean where there is no number. */
function finite(micrograph: Micrograph): Micrograph {
  const { pixels } = micrograph;
  if (pixels.every(Number.isFinite)) return micrograph;
  const middle = mean(pixels.filter(Number.isFinite));
  return { ...micrograph, pixels: pixels.map((v) => Number.isFinite(v) ? v : middle) };
}

/** Means of whole blocks; what is left of less than a block on the right and below is cut. */
function binned({ width, height, pixels }: Image, step: number): Image {
  const [columns, rows] = [Math.floor(width / step), Math.floor(height / step)];
  const small = new Float32Array(columns * rows);
  for (let y = 0; y < rows * step; y++) {
    const [row, into] = [y * width, Math.floor(y / step) * columns];
    for (let x = 0; x < columns * step; x++) small[into + Math.floor(x / step)] += pixels[row + x];
  }
  for (let i = 0; i < small.length; i++) small[i] /= step * step;
  return { width: columns, height: rows, pixels: small };
}

/** Means over boxes that together come close to a Gaussian. */
const PASSES = 4;

/**
 * An image under a Gaussian: repeated means over boxes whose two outermost pixels count in part, so
 * that any sigma is met (Gwosdek et al., Theoretical foundations of Gaussian convolution by extended
 * box filtering, 2011). Works in place.
 */
export function blurred(image: Image, sigma: number): Image {
  if (sigma === 0) return image;
  const { width, height, pixels } = image;
  for (let i = 0; i < pixels.length; i++) if (!Number.isFinite(pixels[i])) pixels[i] = 0;
  const box = boxOf(sigma ** 2 / PASSES);
  const line = new Float32Array(Math.max(width, height));
  for (let pass = 0; pass < PASSES; pass++) {
    for (let y = 0; y < height; y++) boxMean(pixels, line, y * width, 1, width, box);
    for (let x = 0; x < width; x++) boxMean(pixels, line, x, width, height, box);
  }
  return image;
}

/** A box of weight 1 up to `reach` pixels to both sides, and of weight `edge` on the next. */
interface Box {
  reach: number;
  edge: number;
}

function boxOf(variance: number): Box {
  const reach = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
  const missing = reach * (reach + 1) - 3 * variance;
  return { reach, edge: (2 * reach + 1) * missing / (6 * (variance - (reach + 1) ** 2)) };
}

/** Replaces values by their means over the box, as far as it lies within the line. */
function boxMean(
  values: Float32Array,
  line: Float32Array,
  start: number,
  stride: number,
  count: number,
  { reach, edge }: Box,
): void {
  for (let i = 0; i < count; i++) line[i] = values[start + i * stride];
  let [sum, members] = [0, 0];
  for (let i = -reach; i < count; i++) {
    const [first, last] = [i - reach - 1, i + reach + 1]; // those that count in part
    if (last - 1 < count) [sum, members] = [sum + line[last - 1], members + 1];
    if (first >= 0) [sum, members] = [sum - line[first], members - 1];
    if (i < 0) continue;
    const [before, after] = [first >= 0 ? edge : 0, last < count ? edge : 0];
    const edges = (before > 0 ? before * line[first] : 0) + (after > 0 ? after * line[last] : 0);
    values[start + i * stride] = (sum + edges) / (members + before + after);
  }
}

/** Values that are enough to know middle and spread. */
const SAMPLE = 50_000;

/** Sigma of a normal distribution by its median deviation. */
const SIGMA_PER_DEVIATION = 1.4826;

function greysOf(pixels: Float32Array): Uint8Array<ArrayBuffer> {
  const every = Math.max(1, Math.floor(pixels.length / SAMPLE));
  const sample = Array.from(
    { length: Math.floor(pixels.length / every) },
    (_, i) => pixels[i * every],
  )
    .filter(Number.isFinite);
  const middle = sample.length > 0 ? median(sample) : 0;
  const sigma = SIGMA_PER_DEVIATION * median(sample.map((value) => Math.abs(value - middle)));
  const scale = 127.5 / HELD_SIGMAS / (sigma > 0 ? sigma : spread(sample, middle));
  const greys = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    const grey = 127.5 + (pixels[i] - middle) * scale;
    greys[i] = grey >= 255 ? 255 : grey > 0 ? grey + 0.5 : 0; // what is no number is black
  }
  return greys;
}

/** Standard deviation where most values are equal; 1 where all are. */
function spread(values: readonly number[], middle: number): number {
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) || 1;
}
