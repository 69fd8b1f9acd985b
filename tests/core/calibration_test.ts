import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  calibrated,
  highestExpectedF1,
  loweredWhereEmpty,
  raised,
  random,
  scoreOf,
  weaknessOf,
} from "../../lib/core/mod.ts";

const stream = random(5);
const limited = (score: number) => Math.max(0.01, Math.min(0.95, score));

/** Scores as noise has them: they fall off exponentially. */
const NOISE = Array.from({ length: 1500 }, () => {
  return limited(0.01 - 0.04 * Math.log(1 - stream.uniform()));
});

/** Scores of particles of one kind. */
const particles = (middle: number) =>
  Array.from({ length: 400 }, () => limited(middle + 0.05 * stream.normal()));

const PLAIN = { slope: 1, shift: 0 };
const THRESHOLD = 0.4;

/** Part of the scores that reaches the threshold. */
const reaching = (scores: number[]) =>
  scores.filter((score) => score >= THRESHOLD).length / scores.length;

Deno.test("scores of noise, of particles that are known, and of a few sure ones are not weak", () => {
  const known = [...NOISE, ...particles(0.7)];
  for (const scores of [NOISE, known, [0.9, 0.85, 0.8, ...NOISE], [], [0.2], [0.3, 0.3]]) {
    assertEquals(weaknessOf(scores, THRESHOLD), undefined);
  }
});

Deno.test("particles of a weakly scored kind are to be raised until they are above the threshold", () => {
  const weak = particles(0.28);
  assert(reaching(weak) < 0.05);
  const { raise, division, isSure } = weaknessOf([...weak, ...NOISE], THRESHOLD)!;
  assert(isSure);
  assertAlmostEquals(raised(division, PLAIN, raise), THRESHOLD);
  const made = (scores: number[]) => scores.map((score) => raised(score, PLAIN, raise));
  assert(reaching(made(weak)) > 0.9);
  assert(reaching(made(NOISE)) < 0.05);
  const steep = { slope: 2, shift: 1 };
  assertAlmostEquals(scoreOf(calibrated(THRESHOLD, steep), steep)!, THRESHOLD);
  assertEquals(scoreOf(0.5, { slope: 0, shift: 1 }), undefined);
});

Deno.test("groups that lie close may be noise", () => {
  const close = [...particles(0.2), ...NOISE.map((score) => 2 * score)];
  assertEquals(weaknessOf(close, THRESHOLD)?.isSure, false);
});

Deno.test("the highest expected F1 is the best among all thresholds, by trying each", () => {
  const scores = Array.from({ length: 300 }, () => stream.uniform() ** 2);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const f1At = (threshold: number) => {
    const picks = scores.filter((score) => score >= threshold);
    return 2 * sum(picks) / (picks.length + sum(scores));
  };
  assertAlmostEquals(highestExpectedF1(scores), Math.max(...scores.map(f1At)), 1e-12);
  assertEquals(highestExpectedF1([]), 0);
});

/** So many candidates of each probability. */
const having = (counts: Record<number, number>) =>
  Object.entries(counts).flatMap(([probability, count]) => Array(count).fill(+probability));

Deno.test("where there may be nothing 0.8 becomes 0.5, where there is something nothing changes", () => {
  // the picks of 0.6: 2 · 60 / (100 + 60 + 200 · 0.1) = 0.667
  const filled = having({ 0.6: 100, 0.1: 200 });
  assertAlmostEquals(highestExpectedF1(filled), 2 / 3, 1e-12);
  assertEquals(loweredWhereEmpty(filled), filled);
  const few = having({ 0.8: 3, 0.3: 20, 0.1: 300 });
  const lowered = loweredWhereEmpty(few);
  assertAlmostEquals(lowered[0], 0.5, 1e-12);
  assertAlmostEquals(lowered[3], 1 / (1 + 4 * 7 / 3), 1e-12); // odds 3 : 7, divided by four
  assertEquals(loweredWhereEmpty([]), []);
});

Deno.test("between the two probabilities fall without a jump, and keep their order", () => {
  const withStrong = (count: number) => having({ 0.7: count, 0.4: 60, 0.15: 500 });
  const best = Array.from({ length: 80 }, (_, i) => {
    const lowered = loweredWhereEmpty(withStrong(40 + i));
    assertEquals(lowered, lowered.toSorted((a, b) => b - a));
    return lowered[0];
  });
  assert(best[0] < 0.6);
  assertAlmostEquals(best.at(-1)!, 0.7, 1e-12);
  best.slice(1).forEach((value, i) => assert(value >= best[i] && value < best[i] + 0.03));
});
