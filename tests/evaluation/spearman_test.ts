import { assertAlmostEquals, assertEquals } from "@std/assert";
import { spearman } from "../../lib/evaluation/mod.ts";

Deno.test("Spearman's ρ and p of a published example", () => {
  // IQ and hours of television a week: ρ = −29/165, p = 0.627 (Wikipedia, "Spearman's rank
  // correlation coefficient"; p there by Student's t)
  const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
  const { count, rho, p } = spearman(iq, hours);
  assertEquals(count, 10);
  assertAlmostEquals(rho, -29 / 165, 1e-12);
  assertAlmostEquals(p, 0.627, 0.01);
});

Deno.test("Spearman's p of a perfect order is two of all permutations", () => {
  const { rho, p } = spearman([1, 2, 3, 4, 5], [2, 3, 5, 8, 13]);
  assertAlmostEquals(rho, 1, 1e-12);
  assertAlmostEquals(p, 2 / 120, 0.002);
});

Deno.test("Spearman's ρ gives ties the mean rank, and has none where nothing varies", () => {
  // ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, variances 4.5 and 5
  assertAlmostEquals(spearman([1, 2, 2, 3], [1, 2, 3, 4]).rho, 4.5 / Math.sqrt(4.5 * 5), 1e-12);
  assertEquals(spearman([1, 1, 1], [1, 2, 3]), { count: 3, rho: NaN, p: NaN });
});
