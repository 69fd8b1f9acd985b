import { bulkOf, sampleFinite, within } from "./robust.ts";

/** Grey value of an image without contrast. */
export const MID_GREY = 128;

/** Half-width, in robust standard deviations, of the values that share the grey levels. */
const RANGE_SIGMAS = 4.5;

/** Rounds of estimating the spread and leaving out what lies beyond the range. */
const ROUNDS = 4;

/** Largest share of the values that may saturate at black (grid bars, carbon). */
const MAX_BLACK = 0.4;

/** Largest share of the values that may saturate at white (holes, hot spots). */
const MAX_WHITE = 0.1;

/** A range narrower than this share of its values is rounding, not contrast (float32). */
const ROUNDING = 2e-6;

/** Bins of the histogram whose ranks become grey levels. */
const BINS = 4096;

/**
 * Equalises the histogram of an image's bulk to 8 bits: every grey level is equally frequent there.
 *
 * A value becomes 256 × the share of the bulk that lies below it (half of its own bin included).
 * The bulk is the ice with what lies in it: values within 4.5 robust standard deviations of its
 * centre. Darker ones (grid bars, carbon edges) become 0 and brighter ones 255, and they take no
 * grey levels from the ice.
 *
 * @param values `width` columns, row-major, all finite.
 * @returns As many grey values; all {@linkcode MID_GREY} where the values are all equal, but for
 * float32 rounding.
 */
export function equalise(values: Float32Array, width: number): Uint8Array<ArrayBuffer> {
  const grey = new Uint8Array(values.length);
  const { low, high } = bulkRange(sampleFinite(values, width));
  const rounding = ROUNDING * Math.max(Math.abs(low), Math.abs(high));
  if (high - low <= rounding) return grey.fill(MID_GREY);
  const toBin = (BINS - 1) / (high - low);
  const levels = levelsOf(histogram(values, low, high, toBin));
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value > high) grey[i] = 255;
    else if (value >= low) grey[i] = levels[Math.floor((value - low) * toBin)];
  }
  return grey;
}

/** The range of the ice: its centre and spread, estimated again without what lies outside. */
function bulkRange(sorted: Float32Array): { low: number; high: number } {
  const lowest = sorted[Math.floor(MAX_BLACK * (sorted.length - 1))];
  const highest = sorted[Math.ceil((1 - MAX_WHITE) * (sorted.length - 1))];
  let inliers = sorted;
  let [low, high] = [sorted[0], sorted[sorted.length - 1]];
  for (let round = 0; round < ROUNDS; round++) {
    const { centre, sigma } = bulkOf(inliers);
    low = Math.min(lowest, Math.max(low, centre - RANGE_SIGMAS * sigma));
    high = Math.max(highest, Math.min(high, centre + RANGE_SIGMAS * sigma));
    inliers = within(sorted, low, high);
  }
  return { low, high };
}

function histogram(values: Float32Array, low: number, high: number, toBin: number): Uint32Array {
  const counts = new Uint32Array(BINS);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value >= low && value <= high) counts[Math.floor((value - low) * toBin)]++;
  }
  return counts;
}

/** Grey level of every bin: 256 × the share of the counts below the bin's middle. */
function levelsOf(counts: Uint32Array): Uint8Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let below = 0;
  return Uint8Array.from(counts, (count) => {
    const rank = (below + count / 2) / total;
    below += count;
    return Math.min(255, Math.floor(256 * rank));
  });
}
