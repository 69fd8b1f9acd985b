import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { mean, median, quantile } from "../../lib/core/mod.ts";

Deno.test("the mean of a few numbers", () => {
  assertEquals(mean([1, 2, 6]), 3);
  assertEquals(mean(Float32Array.of(1, 2)), 1.5);
});

Deno.test("the median has as many values below as above it", () => {
  assertEquals(median([3]), 3);
  assertEquals(median([9, 1, 5]), 5);
  assertEquals(median([4, 1, 2, 100]), 3);
  assert(Number.isNaN(median([])));
  fc.assert(fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
    const middle = median(values);
    const below = values.filter((value) => value < middle).length;
    const above = values.filter((value) => value > middle).length;
    assert(2 * below <= values.length && 2 * above <= values.length);
  }));
});

Deno.test("a quantile is one of the values, and the upper of two middle ones", () => {
  const values = [50, 10, 40, 20];
  assertEquals([0, 0.25, 0.5, 1].map((share) => quantile(values, share)), [10, 20, 40, 50]);
  assertEquals(values, [50, 10, 40, 20]);
});

Deno.test("nothing has no mean, median or quantile", () => {
  assertEquals([mean([]), median([]), quantile([], 0.5)], [NaN, NaN, NaN]);
});
