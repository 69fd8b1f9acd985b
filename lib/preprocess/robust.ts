/** Most values that {@linkcode sampleFinite} draws. */
export const MAX_SAMPLES = 100_000;

/** Centre and spread of the bulk of some values. */
export interface Bulk {
  /** Middle of the shortest interval that holds half of the values. */
  centre: number;
  /** Spread in units of a normal distribution's standard deviation. */
  sigma: number;
}

/** Deviations' quantiles and where a standard normal distribution has them. */
const DEVIATION_QUANTILES = [[0.9, 1.6449], [0.99, 2.5758], [1, 3.29]] as const;

/** Half-width, in standard deviations, of the middle half of a normal distribution. */
const MIDDLE_HALF = 0.67449;

/**
 * Draws at most {@linkcode MAX_SAMPLES} pixels in even steps, drops non-finite ones and sorts them.
 *
 * The step shares no factor with the width, so that all columns are visited.
 */
export function sampleFinite(pixels: Float32Array, width: number): Float32Array {
  let step = Math.ceil(pixels.length / MAX_SAMPLES);
  while (greatestCommonDivisor(step, width) > 1) step++;
  const samples = new Float32Array(Math.ceil(pixels.length / step));
  let count = 0;
  for (let i = 0; i < pixels.length; i += step) {
    if (Number.isFinite(pixels[i])) samples[count++] = pixels[i];
  }
  return samples.subarray(0, count).sort();
}

/**
 * Centre and spread of the bulk of ascending values, unmoved by a minority of outliers.
 *
 * The shortest interval that holds half of the values (the "shorth", Andrews et al. 1972) stays
 * within the ice even where a third of a micrograph is a dark bar, which drags the median. Where
 * half of the values are equal (counting detectors) the spread comes from the farther values.
 */
export function bulkOf(sorted: Float32Array): Bulk {
  const half = Math.floor(sorted.length / 2);
  let start = 0;
  let shortest = Infinity;
  let ties = 1;
  for (let i = 0; i + half < sorted.length; i++) {
    const length = sorted[i + half] - sorted[i];
    if (length < shortest) {
      [shortest, start, ties] = [length, i, 1];
    } else if (length === shortest) {
      ties++;
    }
  }
  // Of equally short intervals, which whole-numbered values bring in numbers, the middle one.
  const first = nthShortest(sorted, half, shortest, start, ties >> 1);
  const centre = (sorted[first] + sorted[first + half]) / 2;
  return { centre, sigma: shortest > 0 ? shortest / 2 / MIDDLE_HALF : farSpread(sorted, centre) };
}

function nthShortest(
  sorted: Float32Array,
  half: number,
  length: number,
  start: number,
  nth: number,
): number {
  let i = start;
  while (nth > 0) if (sorted[++i + half] - sorted[i] === length) nth--;
  return i;
}

/** Spread of values of which half are equal: the first deviation quantile that is not zero. */
function farSpread(sorted: Float32Array, centre: number): number {
  const deviations = sorted.map((value) => Math.abs(value - centre)).sort();
  for (const [quantile, normal] of DEVIATION_QUANTILES) {
    const deviation = deviations[Math.floor(quantile * (deviations.length - 1))];
    if (deviation > 0) return deviation / normal;
  }
  return 0;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The part of ascending values that lies in [low, high]; no copy. */
export function within(sorted: Float32Array, low: number, high: number): Float32Array {
  return sorted.subarray(
    countBelow(sorted, (value) => value < low),
    countBelow(sorted, (value) => value <= high),
  );
}

/** How many leading values pass a test that ascending values pass first and fail then. */
function countBelow(sorted: Float32Array, passes: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (passes(sorted[middle])) from = middle + 1;
    else to = middle;
  }
  return from;
}
