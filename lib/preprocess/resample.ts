import type { Micrograph } from "../core/mod.ts";
import type { NetworkGeometry } from "./geometry.ts";

/** Lobes of the windowed sinc on either side of its centre. */
const LOBES = 3;

/** What replaces outliers and non-finite pixels while they are read. */
export interface ValueRange {
  /** Lower values become this. */
  low: number;
  /** Higher values become this. */
  high: number;
  /** Non-finite values become this. */
  fallback: number;
}

/** Rows filtered together, which keeps four independent sums in flight. */
const BAND = 4;

/** The weights that make every output sample of one axis from input samples. */
interface Taps {
  /** First input of every output, ascending. */
  starts: Int32Array;
  /** Inputs per output. */
  count: number;
  /** `count` weights for every output, which sum to 1. */
  weights: Float64Array;
}

/**
 * Reduces (or enlarges) a micrograph to the content of a network image.
 *
 * A separable Lanczos-3 filter, stretched by the scale when reducing so that it is the low-pass
 * as well; at borders the weights of the pixels that exist are renormalised. Bands of rows are
 * cleaned, filtered along x and added to the output rows they belong to, so that nothing larger
 * than the result is allocated and the micrograph stays as it is.
 *
 * @returns `width × height` values, row-major.
 */
export function resample(
  micrograph: Micrograph,
  { width, height, scale }: NetworkGeometry,
  range: ValueRange,
): Float32Array {
  const columns = makeTaps(micrograph.width, width, scale);
  const rows = makeTaps(micrograph.height, height, scale);
  const result = new Float32Array(width * height);
  const clean = new Float64Array(micrograph.width * BAND);
  const reduced = new Float64Array(width * BAND);
  let first = 0;
  for (let y = 0; y < micrograph.height; y += BAND) {
    cleanBand(micrograph, y, range, clean);
    filterBand(clean, columns, reduced);
    while (first < height && rows.starts[first] + rows.count <= y) first++;
    for (let row = first; row < height && rows.starts[row] < y + BAND; row++) {
      addBand(result.subarray(row * width, (row + 1) * width), reduced, rows, row, y);
    }
  }
  return result;
}

function makeTaps(inputs: number, outputs: number, scale: number): Taps {
  const stretch = Math.max(scale, 1);
  const count = Math.min(inputs, Math.ceil(2 * LOBES * stretch));
  const starts = new Int32Array(outputs);
  const weights = new Float64Array(outputs * count);
  for (let i = 0; i < outputs; i++) {
    const centre = (i + 0.5) * scale - 0.5;
    const start = Math.floor(centre - LOBES * stretch) + 1;
    starts[i] = Math.min(Math.max(start, 0), inputs - count);
    let sum = 0;
    for (let j = 0; j < count; j++) {
      sum += weights[i * count + j] = lanczos((starts[i] + j - centre) / stretch);
    }
    for (let j = 0; j < count; j++) weights[i * count + j] /= sum;
  }
  return { starts, count, weights };
}

/** Lanczos' windowed sinc: sinc(t) · sinc(t / 3) for |t| < 3, else 0. */
function lanczos(t: number): number {
  if (t === 0) return 1;
  if (Math.abs(t) >= LOBES) return 0;
  const a = Math.PI * t;
  return LOBES * Math.sin(a) * Math.sin(a / LOBES) / (a * a);
}

/** Copies the rows from `y` on into `clean`, interleaved; rows past the end keep what was there. */
function cleanBand(
  { width, height, pixels }: Micrograph,
  y: number,
  { low, high, fallback }: ValueRange,
  clean: Float64Array,
): void {
  for (let row = y; row < Math.min(y + BAND, height); row++) {
    for (let i = row * width, to = row - y; to < clean.length; i++, to += BAND) {
      const value = pixels[i];
      if (value >= low && value <= high) clean[to] = value;
      else clean[to] = !Number.isFinite(value) ? fallback : value < low ? low : high;
    }
  }
}

/** Filters the four interleaved rows of a band along x. */
function filterBand(band: Float64Array, { starts, count, weights }: Taps, out: Float64Array): void {
  for (let i = 0; i < starts.length; i++) {
    let a = 0, b = 0, c = 0, d = 0;
    let x = starts[i] * BAND;
    for (let j = i * count; j < (i + 1) * count; j++, x += BAND) {
      const weight = weights[j];
      a += weight * band[x];
      b += weight * band[x + 1];
      c += weight * band[x + 2];
      d += weight * band[x + 3];
    }
    out[i * BAND] = a;
    out[i * BAND + 1] = b;
    out[i * BAND + 2] = c;
    out[i * BAND + 3] = d;
  }
}

/** Adds the share of the band from input row `y` on to output row `row`. */
function addBand(out: Float32Array, band: Float64Array, rows: Taps, row: number, y: number): void {
  const weight = (input: number) => {
    const tap = input - rows.starts[row];
    return tap >= 0 && tap < rows.count ? rows.weights[row * rows.count + tap] : 0;
  };
  const [a, b, c, d] = [weight(y), weight(y + 1), weight(y + 2), weight(y + 3)];
  for (let x = 0, i = 0; x < out.length; x++, i += BAND) {
    out[x] += a * band[i] + b * band[i + 1] + c * band[i + 2] + d * band[i + 3];
  }
}
