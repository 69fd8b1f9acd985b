import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { complexity, continualScores, dropOf, type Score } from "../../lib/evaluation/mod.ts";

const at = (ap: number, ar = ap): Score => ({ ap, ar });

/** Two base datasets and two added ones; the worked example of the assertions below. */
const MATRIX = {
  datasets: ["a", "b", "c", "d"],
  learnedAt: [0, 0, 1, 2],
  scores: [
    [at(0.9), at(0.8), at(0.3), at(0.1)],
    [at(0.7), at(0.9), at(0.8), at(0.2)],
    [at(0.6), at(0.85), at(0.6), at(0.7)],
  ],
};

Deno.test("continual scores of a small matrix are those worked out by hand", () => {
  const scores = continualScores(MATRIX);
  assertAlmostEquals(scores.average.ap, (0.6 + 0.85 + 0.6 + 0.7) / 4);
  assertAlmostEquals(scores.backward.ap, (-0.3 + 0.05 - 0.2) / 3);
  assertAlmostEquals(scores.forgetting.ap, (0.3 + 0.05 + 0.2) / 3); // best before the last − last
  assertAlmostEquals(scores.stepForgetting.ap, (0.2 - 0.1 + 0.1 + 0.05 + 0.2) / 5);
  assertAlmostEquals(scores.forward.ap, (0.3 + 0.2) / 2);
  assertAlmostEquals(scores.learning.ap, (0.9 + 0.8 + 0.8 + 0.7) / 4);
  assertAlmostEquals(dropOf(MATRIX, 2, 2).ap, 0.2);
});

Deno.test("a base model alone has no forgetting to average", () => {
  const { average, backward } = continualScores({
    datasets: ["a"],
    learnedAt: [0],
    scores: [[at(0.5, 0.6)]],
  });
  assertEquals(average, at(0.5, 0.6));
  assert(Number.isNaN(backward.ap));
});

Deno.test("forgetting is minus backward transfer where learning is the best a dataset has seen", () => {
  const falling = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 3,
    maxLength: 6,
  });
  fc.assert(fc.property(falling, (values) => {
    const column = [...values].sort((a, b) => b - a);
    const { backward, forgetting } = continualScores({
      datasets: ["a"],
      learnedAt: [0],
      scores: column.map((value) => [at(value)]),
    });
    assertAlmostEquals(forgetting.ap, -backward.ap);
  }));
});

Deno.test("complexity is the paper's: 0.5 for a perfect model, 1 at half precision and recall", () => {
  assertEquals(complexity(at(1)), 0.5);
  assertEquals(complexity(at(0.5)), 1);
  assertEquals([complexity(at(0.5, 0.75)), complexity(at(0.75, 0.5))], [0.8, 0.8]);
  assertEquals(complexity(at(0)), Infinity);
});
