import type { Micrograph } from "../core/mod.ts";
import type { NetworkGeometry } from "./geometry.ts";
import { kernels, layOut } from "./heap.ts";

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

/** Rows filtered together. */
const BAND = 8;

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
 * than the result is allocated and the micrograph stays as it is. The loops over pixels are WASM.
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
  const { cleanBand, filterBand, addBand } = kernels();
  const even = (size: number) => size + size % 2;
  const [input, output] = [even(micrograph.width), even(width)];
  // The filter along x has `output` outputs; where width is odd, the last is not looked at.
  const heap = layOut({
    band: 4 * BAND * input,
    clean: 8 * BAND * input,
    starts: 4 * output,
    weights: 8 * output * columns.count,
    reduced: 8 * BAND * output,
    shares: 8 * BAND,
    result: 4 * output * height,
  });
  heap.ints("starts").fill(0);
  heap.ints("starts").set(columns.starts);
  heap.doubles("weights").set(columns.weights);
  heap.floats("result").fill(0);
  const { band, clean, starts, weights, reduced, shares, result } = heap.at;
  let first = 0;
  for (let y = 0; y < micrograph.height; y += BAND) {
    copyBand(micrograph, y, heap.floats("band"), input);
    cleanBand(band, clean, input, range.low, range.high, range.fallback);
    filterBand(clean, starts, weights, columns.count, reduced, output);
    while (first < height && rows.starts[first] + rows.count <= y) first++;
    for (let row = first; row < height && rows.starts[row] < y + BAND; row++) {
      heap.doubles("shares").set(sharesOf(rows, row, y));
      addBand(reduced, shares, result + 4 * output * row, output);
    }
  }
  return withoutLastColumns(heap.floats("result"), output, width);
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

/** Copies the rows from `y` on to `band`; rows past the end keep what was there. */
function copyBand(
  { width, height, pixels }: Micrograph,
  y: number,
  band: Float32Array,
  stride: number,
): void {
  for (let row = y; row < Math.min(y + BAND, height); row++) {
    band.set(pixels.subarray(row * width, (row + 1) * width), (row - y) * stride);
  }
}

/** What the input rows from `y` on weigh in an output row. */
function sharesOf(rows: Taps, row: number, y: number): number[] {
  return Array.from({ length: BAND }, (_, i) => {
    const tap = y + i - rows.starts[row];
    return tap >= 0 && tap < rows.count ? rows.weights[row * rows.count + tap] : 0;
  });
}

function withoutLastColumns(values: Float32Array, stride: number, width: number): Float32Array {
  if (stride === width) return values.slice();
  const kept = new Float32Array(values.length / stride * width);
  for (let from = 0, to = 0; from < values.length; from += stride, to += width) {
    kept.set(values.subarray(from, from + width), to);
  }
  return kept;
}
