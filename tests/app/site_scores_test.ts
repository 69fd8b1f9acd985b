import { assertAlmostEquals, assertEquals } from "@std/assert";
import { bestOf, scoreCurve, scoresAt } from "../../lib/app/site/scores.ts";

const KNOWN = {
  candidates: [0.9, 0.8, 0.5, 0.2].map((score) => ({ score })),
  matches: [0, -1, 2, -1],
  particles: 3,
};

Deno.test("right, wrong and missed at a threshold, and what follows", () => {
  const { right, wrong, missed, precision, recall, f1 } = scoresAt(KNOWN, 0.5);
  assertEquals([right, wrong, missed], [2, 1, 1]);
  assertAlmostEquals(precision, 2 / 3);
  assertAlmostEquals(recall, 2 / 3);
  assertAlmostEquals(f1, 2 / 3); // the harmonic mean of two that are equal
  const none = scoresAt(KNOWN, 0.95);
  assertEquals([none.precision, none.recall, none.f1], [1, 0, 0]);
  const empty = scoresAt({ candidates: [], matches: [], particles: 0 }, 0);
  assertEquals([empty.recall, empty.f1], [0, 0]);
});

Deno.test("the best of a curve is the highest F1 among all its thresholds", () => {
  const curve = scoreCurve(KNOWN);
  assertEquals(curve.map(({ threshold }) => threshold).slice(0, 3), [0, 0.005, 0.01]);
  const { threshold, f1 } = bestOf(curve);
  assertAlmostEquals(f1, 2 / 3);
  assertEquals(threshold > 0.2 && threshold <= 0.5, true);
});
