import { mean } from "../core/mod.ts";
import type { Interval } from "./bootstrap.ts";

/**
 * The mean of a sample, and where the mean of all lies with 95 % confidence: Student's interval, mean
 * ± t s / √n. Of differences of pairs it is that of the paired t test.
 *
 * @returns Ends that are NaN for fewer than two values.
 *
 * @example
 * ```ts
 * import { meanInterval } from "@epicker/epicker/evaluation";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { value, high } = meanInterval([1, 2, 3]);
 * assertAlmostEquals(value, 2);
 * assertAlmostEquals(high, 2 + 4.3027 / Math.sqrt(3), 1e-4);
 * ```
 */
export function meanInterval(values: readonly number[]): Interval {
  const [value, count] = [mean(values), values.length];
  const squares = values.reduce((sum, one) => sum + (one - value) ** 2, 0);
  const half = twoSidedT(count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { value, low: value - half, high: value + half };
}

/**
 * The t that a variable of Student's distribution exceeds, on either side, one time in twenty.
 *
 * By hand: of npm, `jstat` is 130 kB of a script without types, `@stdlib` 223 packages.
 */
function twoSidedT(freedom: number): number {
  if (freedom < 1) return NaN;
  let [low, high] = [0, 16]; // 12.7 of one degree of freedom is the largest
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < 0.95) low = middle;
    else high = middle;
  }
  return high;
}

/** Probability of −t to t (Abramowitz and Stegun, 1964, 26.7.3 and 26.7.4). */
function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, square] = [Math.sin(angle), Math.cos(angle) ** 2];
  const isOdd = freedom % 2 === 1;
  let [term, sum] = [isOdd ? Math.cos(angle) : 1, 0];
  for (let k = isOdd ? 2 : 1; k < freedom; k += 2) {
    sum += term;
    term *= square * k / (k + 1);
  }
  return isOdd ? 2 / Math.PI * (angle + sine * sum) : sine * sum;
}
