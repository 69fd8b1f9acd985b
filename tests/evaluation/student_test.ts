import { assertAlmostEquals, assertEquals } from "@std/assert";
import { meanInterval } from "../../lib/evaluation/mod.ts";

/** Two-sided 5 % points of Student's t (Fisher and Yates, Statistical tables, table III). */
const TABLE: [freedom: number, t: number][] = [
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [10, 2.228],
  [15, 2.131],
  [30, 2.042],
  [120, 1.980],
];

Deno.test("the interval of a mean is the table's t times the standard error", () => {
  for (const [freedom, t] of TABLE) {
    const values = Array.from({ length: freedom + 1 }, (_, i) => i % 2 === 0 ? 5 + i : -i);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / freedom;
    const error = Math.sqrt(variance / values.length);
    const { value, low, high } = meanInterval(values);
    assertAlmostEquals(value, mean, 1e-9);
    assertAlmostEquals((high - mean) / error, t, 6e-4);
    assertAlmostEquals(high - mean, mean - low, 1e-9);
  }
});

Deno.test("one value has a mean and no interval; equal ones have an interval of no width", () => {
  assertEquals(meanInterval([3]), { value: 3, low: NaN, high: NaN });
  assertEquals(meanInterval([2, 2, 2]), { value: 2, low: 2, high: 2 });
});
