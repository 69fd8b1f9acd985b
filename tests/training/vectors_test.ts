import { assertAlmostEquals, assertEquals } from "@std/assert";
import { blend, clipNorm, meanOf } from "../../lib/training/vectors.ts";

Deno.test("a gradient beyond the norm keeps its direction and gets that norm; others stay", () => {
  const clipped = (values: number[], limit: number) => {
    const vector = Float32Array.from(values);
    clipNorm(vector, limit);
    return [...vector];
  };
  // 3-4-12 has the norm 13
  clipped([3, -4, 12], 6.5).forEach((value, i) => assertAlmostEquals(value, [1.5, -2, 6][i], 1e-6));
  assertEquals(clipped([3, -4, 12], 13), [3, -4, 12]);
  assertEquals(clipped([0.3, -0.4, 1.2], 5), [0.3, -0.4, 1.2].map(Math.fround));
  assertEquals(clipped([0, 0], 5), [0, 0]);
});

Deno.test("the mean of vectors is that of each component", () => {
  const vectors = [[1, 10, -3], [2, 30, 3], [6, 50, 6]].map((values) => Float32Array.from(values));
  meanOf(vectors).forEach((value, i) => assertAlmostEquals(value, [3, 30, 2][i], 1e-5));
});

Deno.test("a running average keeps the decay's share of the old", () => {
  const average = Float32Array.of(8, -4);
  blend(average, Float32Array.of(4, 12), 0.75);
  assertEquals([...average], [7, 0]);
  blend(average, Float32Array.of(1, 2), 0);
  assertEquals([...average], [1, 2]);
});
