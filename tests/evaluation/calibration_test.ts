import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { divide, random, UNCALIBRATED } from "../../lib/core/mod.ts";
import {
  calibrated,
  calibrationError,
  fitCalibration,
  reliability,
} from "../../lib/evaluation/mod.ts";

/** Picks whose scores are right with a probability that is known. */
function picks(count: number, truth: (score: number) => number, seed = 1) {
  const stream = random(seed);
  return Array.from({ length: count }, () => {
    const score = stream.uniform();
    return { score, hit: stream.uniform() < truth(score) };
  });
}

const logit = (p: number) => Math.log(p / (1 - p));
const logistic = (z: number) => 1 / (1 + Math.exp(-z));

Deno.test("calibration finds the slope and shift that the picks were drawn with", () => {
  const { slope, shift } = fitCalibration(picks(40_000, (s) => logistic(0.6 * logit(s) - 1.2)));
  assertAlmostEquals(slope, 0.6, 0.03);
  assertAlmostEquals(shift, -1.2, 0.05);
});

Deno.test("calibrated scores are right as often as they say", () => {
  const raw = picks(40_000, (s) => s ** 3);
  assert(calibrationError(raw) > 0.2, `${calibrationError(raw)}`);
  const fit = fitCalibration(raw);
  const other = picks(40_000, (s) => s ** 3, 2).map(({ score, hit }) => {
    return { score: calibrated(score, fit), hit };
  });
  assert(calibrationError(other) < 0.03, `${calibrationError(other)}`);
});

Deno.test("the calibration error is that of the definition, by hand", () => {
  const hits = [[0.9, true], [0.92, false], [0.15, false], [1, true]] as const;
  const list = hits.map(([score, hit]) => ({ score, hit }));
  // bins: 0.9…1 holds three (mean 0.94, two right), 0.1…0.2 one (0.15, wrong)
  assertAlmostEquals(calibrationError(list), (3 * Math.abs(0.94 - 2 / 3) + 0.15) / 4, 1e-12);
  assertEquals(reliability(list).map(({ count }) => count), [1, 3]);
});

Deno.test("scores that are no probabilities, as other pickers have them, have no calibration error", () => {
  for (const score of [-3, 12.5, NaN]) {
    const hits = [{ score: 0.5, hit: true }, { score, hit: false }];
    assertEquals(reliability(hits), []);
    assertEquals(calibrationError(hits), NaN);
  }
  assertEquals(calibrationError([]), NaN);
});

Deno.test("picks that are all right or all wrong, or turned around, do not upset the fit", () => {
  const all = (hit: boolean) => [0.2, 0.5, 0.9].map((score) => ({ score, hit }));
  assertEquals(fitCalibration(all(true)), UNCALIBRATED);
  assertEquals(fitCalibration(all(false)), UNCALIBRATED);
  const turned = fitCalibration(picks(2000, (s) => 1 - s));
  assertEquals(turned.slope, 0);
  assertAlmostEquals(calibrated(0.3, turned), 0.5, 0.03);
});

Deno.test("Otsu's threshold lies between two groups, in the middle where there is a gap", () => {
  const scores = [...new Array(50).fill(0.104), ...new Array(20).fill(0.805)];
  assertAlmostEquals(divide(scores).threshold, (0.11 + 0.81) / 2, 0.01);
  assertAlmostEquals(divide(scores).explained, 1, 1e-9);
  assertEquals(divide([0.5, 0.5]).threshold, NaN);
  assertEquals(divide([]).threshold, NaN);
  // by brute force on drawn scores: the least variance within the groups
  const stream = random(7);
  const drawn = Array.from({ length: 400 }, (_, i) => {
    return Math.min(0.999, Math.max(0, (i % 3 ? 0.25 : 0.7) + 0.08 * stream.normal()));
  });
  const within = (t: number) => {
    return [drawn.filter((s) => s < t), drawn.filter((s) => s >= t)].reduce((sum, group) => {
      const mean = group.reduce((a, b) => a + b, 0) / group.length;
      return sum + group.reduce((a, b) => a + (b - mean) ** 2, 0);
    }, 0);
  };
  const best = Array.from({ length: 98 }, (_, i) => (i + 1) / 100)
    .reduce((a, b) => within(b) < within(a) ? b : a);
  assertAlmostEquals(divide(drawn).threshold, best, 0.021);
  assertAlmostEquals(divide(drawn).explained, 1 - within(best) / within(2), 0.01);
  const even = Array.from({ length: 1000 }, (_, i) => i / 1000);
  assertAlmostEquals(divide(even).explained, 3 / 4, 1e-3);
});
