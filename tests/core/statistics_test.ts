import { assertEquals } from "@std/assert";
import { mean, median, quantile } from "../../lib/core/mod.ts";

Deno.test("means and medians of a few numbers", () => {
  assertEquals(mean([1, 2, 6]), 3);
  assertEquals(mean(Float32Array.of(1, 2)), 1.5);
  assertEquals(median([10, 9, 1]), 9);
  assertEquals(median([10, 9, 1, 2]), 5.5);
});

Deno.test("a quantile is one of the values, and the upper of two middle ones", () => {
  const values = [50, 10, 40, 20];
  assertEquals([0, 0.25, 0.5, 1].map((share) => quantile(values, share)), [10, 20, 40, 50]);
  assertEquals(values, [50, 10, 40, 20]);
});

Deno.test("nothing has no mean, median or quantile", () => {
  assertEquals([mean([]), median([]), quantile([], 0.5)], [NaN, NaN, NaN]);
});
