import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { electronCounter } from "../../lib/simulation/shot_noise.ts";

const DRAWS = 200_000;

function counts(mean: number): number[] {
  const electronsIn = electronCounter(random(11, Math.round(1000 * mean)));
  return Array.from({ length: DRAWS }, () => electronsIn(mean));
}

Deno.test("electron counts have mean, variance and skewness of a Poisson number", () => {
  for (const mean of [0.3, 4, 19, 21, 60, 900]) {
    const drawn = counts(mean);
    const moment = (order: number, about: number) =>
      drawn.reduce((sum, n) => sum + (n - about) ** order, 0) / DRAWS;
    const [found, variance] = [moment(1, 0), moment(2, mean)];
    // ± 5 standard errors; the variance of (n − λ)² is λ + 2 λ².
    assertAlmostEquals(found, mean, 5 * Math.sqrt(mean / DRAWS));
    assertAlmostEquals(variance, mean, 5 * Math.sqrt((mean + 2 * mean ** 2) / DRAWS));
    const skewness = moment(3, found) / variance ** 1.5;
    assertAlmostEquals(skewness, 1 / Math.sqrt(mean), 0.05 / Math.min(1, Math.sqrt(mean)));
  }
});

Deno.test("each count is as frequent as λⁿ e^−λ / n! says", () => {
  for (const mean of [2.5, 22, 40]) {
    const frequency = new Map<number, number>();
    for (const n of counts(mean)) frequency.set(n, (frequency.get(n) ?? 0) + 1);
    let expected = DRAWS * Math.exp(-mean);
    for (let n = 0; n < 3 * mean; expected *= mean / ++n) {
      const error = Math.sqrt(expected) + 0.004 * expected;
      assert(Math.abs((frequency.get(n) ?? 0) - expected) < 5 * error + 5, `${n} of ${mean}`);
    }
  }
});

Deno.test("where no electron is expected none arrives", () => {
  const electronsIn = electronCounter(random(1));
  assertEquals(Array.from({ length: 100 }, () => electronsIn(0)), Array(100).fill(0));
});
