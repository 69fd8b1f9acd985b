import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { calibrated, raised, random, weaknessOf } from "../../lib/core/mod.ts";

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
    assertEquals(weaknessOf(scores, { slope: 0.7, shift: -0.3 }, THRESHOLD), undefined);
  }
});

Deno.test("particles of a weakly scored kind are to be raised until they are above the threshold", () => {
  const weak = particles(0.28);
  assert(reaching(weak) < 0.05);
  const { raise, division, isSure } = weaknessOf([...weak, ...NOISE], PLAIN, THRESHOLD)!;
  assert(isSure);
  assertAlmostEquals(raised(division, PLAIN, raise), THRESHOLD);
  const made = (scores: number[]) => scores.map((score) => raised(score, PLAIN, raise));
  assert(reaching(made(weak)) > 0.9);
  assert(reaching(made(NOISE)) < 0.05);
  // as much by any calibration: it acts on what the network says
  const steep = { slope: 2, shift: 1 };
  const own = calibrated(THRESHOLD, steep);
  assertAlmostEquals(weaknessOf([...weak, ...NOISE], steep, own)!.raise, raise);
});

Deno.test("groups that lie close may be noise", () => {
  const close = [...particles(0.2), ...NOISE.map((score) => 2 * score)];
  assertEquals(weaknessOf(close, PLAIN, THRESHOLD)?.isSure, false);
});
