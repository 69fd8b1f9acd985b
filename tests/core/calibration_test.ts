import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { calibrated, probabilities, random } from "../../lib/core/mod.ts";

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

Deno.test("scores of noise, or of particles that are known, stay what the calibration makes of them", () => {
  const calibration = { slope: 0.7, shift: -0.3 };
  for (const scores of [NOISE, [...NOISE, ...particles(0.7)], [], [0.2], [0.3, 0.3]]) {
    const made = probabilities(scores, calibration, THRESHOLD);
    assertEquals(made, scores.map((score) => calibrated(score, calibration)));
  }
});

Deno.test("particles of a weakly scored kind are raised above the threshold, and their order stays", () => {
  const weak = particles(0.28);
  assert(reaching(weak) < 0.05);
  const scores = [...weak, ...NOISE];
  const made = probabilities(scores, PLAIN, THRESHOLD);
  assert(reaching(made.slice(0, weak.length)) > 0.9);
  assert(reaching(made.slice(weak.length)) < 0.05);
  const logit = (p: number) => Math.log(p / (1 - p));
  const raise = logit(made[0]) - logit(scores[0]);
  scores.forEach((score, i) => assertAlmostEquals(logit(made[i]) - logit(score), raise, 1e-9));
  // as much by any calibration: it acts on what the network says
  const steep = { slope: 2, shift: 1 };
  const own = calibrated(THRESHOLD, steep);
  probabilities(scores, steep, own).forEach((p, i) => {
    assertAlmostEquals(p, calibrated(made[i], steep), 1e-9);
  });
});

Deno.test("a few sure particles among much noise stay, and nothing is raised beside them", () => {
  const scores = [0.9, 0.85, 0.8, ...NOISE];
  assertEquals(probabilities(scores, PLAIN, THRESHOLD), scores.map((s) => calibrated(s, PLAIN)));
});
