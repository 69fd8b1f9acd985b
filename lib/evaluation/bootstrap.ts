import { quantile, random } from "../core/mod.ts";
import { TABLE_DIGITS } from "./table.ts";

/** Times that a bootstrap draws. */
export const RESAMPLES = 2000;

/** A value, and the interval in which it lies in 95 % of the samples drawn again. */
export interface Interval {
  /** The value of the sample itself. */
  value: number;
  /** The 2.5th percentile of the samples drawn again. */
  low: number;
  /** The 97.5th percentile. */
  high: number;
}

/**
 * The percentile bootstrap (Efron, 1979): 95 % of what a statistic becomes when `count` units are
 * drawn again with replacement.
 *
 * @param statistic Value of a sample, from how often each unit is in it; of the sample itself, once.
 * @param options.seed The same seed gives the same interval.
 *
 * @example
 * ```ts
 * import { bootstrap } from "@epicker/epicker";
 * import { assert } from "@std/assert";
 *
 * const heights = [170, 180, 175, 165, 190, 185];
 * const mean = (times: ArrayLike<number>) =>
 *   heights.reduce((sum, height, i) => sum + times[i] * height, 0) / heights.length;
 * const { value, low, high } = bootstrap(heights.length, mean);
 * assert(low < value && value < high);
 * ```
 */
export function bootstrap(
  count: number,
  statistic: (times: ArrayLike<number>) => number,
  { seed = 1, resamples = RESAMPLES }: { seed?: number; resamples?: number } = {},
): Interval {
  const { integer } = random(seed);
  const values = Float64Array.from({ length: resamples }, () => {
    const times = new Uint32Array(count);
    for (let i = 0; i < count; i++) times[integer(count)]++;
    return statistic(times);
  });
  const value = statistic(new Uint32Array(count).fill(1));
  return { value, low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** A difference with its sign and its interval: `−0.015 (−0.021 to −0.009)`. */
export function formatInterval({ value, low, high }: Interval): string {
  const signed = (number: number) =>
    `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(TABLE_DIGITS)}`;
  return `${signed(value)} (${signed(low)} to ${signed(high)})`;
}
