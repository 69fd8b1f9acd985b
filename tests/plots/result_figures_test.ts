import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { ExperimentResult, ExperimentRun } from "../../lib/experiments/mod.ts";
import { bestF1, precisionRecall } from "../../lib/evaluation/mod.ts";
import {
  complexityFigure,
  costFigure,
  type Figure,
  forgettingFigure,
  matrixFigure,
  precisionRecallFigure,
  scoreFigure,
  trainingFigure,
} from "../../lib/plots/mod.ts";
import { assertFigure } from "./_figures.ts";

const TRUTH = [{ x: 10, y: 10 }, { x: 50, y: 10 }, { x: 90, y: 10 }];
const PICKS = [
  { x: 11, y: 10, score: 0.95 },
  { x: 51, y: 10, score: 0.62 },
  { x: 70, y: 50, score: 0.61 },
  { x: 70, y: 90, score: 0.1 },
  { x: 89, y: 10 },
];
const IMAGE = { name: "a", picks: PICKS, truth: TRUTH, diameter: 10 };

function trace(figure: Figure, name: string) {
  const found = figure.plotly.data.find((one) => one.name === name);
  assert(found, `no trace "${name}"`);
  return found as typeof found & { x: number[]; y: number[] };
}

Deno.test("every candidate counts in the bar of its score, right or wrong", () => {
  const figure = scoreFigure([IMAGE], { bins: 10, threshold: 0.6 });
  assertFigure(figure);
  const right = trace(figure, "on a labelled particle");
  assertEquals(right.y, [0, 0, 0, 0, 0, 0, 1, 0, 0, 2]); // no score counts as 1, in the last bar
  assertEquals(trace(figure, "elsewhere").y, [0, 1, 0, 0, 0, 0, 1, 0, 0, 0]);
  right.x.forEach((x, i) => assertAlmostEquals(x, 0.05 + 0.1 * i, 1e-12));
  assert(figure.svg.includes("threshold 0.6"));
});

Deno.test("without labels all candidates are of one kind", () => {
  const figure = scoreFigure([{ picks: PICKS, diameter: 10 }]);
  assertFigure(figure);
  assertEquals(trace(figure, "candidates").y.reduce((a, b) => a + b), PICKS.length);
});

Deno.test("the curve of precision and recall has the points of precisionRecall and the best F1", () => {
  const points = precisionRecall([IMAGE]);
  const figure = precisionRecallFigure({ mine: points, empty: precisionRecall([]) });
  assertFigure(figure);
  assertEquals(trace(figure, "mine").x, points.map(({ recall }) => recall));
  assertEquals(trace(figure, "mine").y, points.map(({ precision }) => precision));
  const best = bestF1([IMAGE]);
  const mark = trace(figure, `best F1 ${best.f1.toFixed(3)} at ${best.threshold}`);
  assertEquals([mark.x, mark.y], [[best.recall], [best.precision]]);
});

Deno.test("a long curve is thinned where nobody would see it, and keeps its ends", () => {
  const points = Array.from({ length: 5001 }, (_, i) => {
    const recall = i / 5000;
    return { threshold: 1 - recall, precision: 1 - recall / 2, recall, f1: recall };
  });
  const { x } = trace(precisionRecallFigure({ mine: points }), "mine");
  assert(x.length < 600 && x[0] === 0 && x.at(-1) === 1);
  x.slice(1).forEach((value, i) => assert(value - x[i] < 0.005));
});

Deno.test("training shows losses as running means and the scores as they are", () => {
  const losses = Array.from({ length: 100 }, (_, i) => ({ step: i + 1, losses: { heat: i % 2 } }));
  const history = [{ step: 50, ap: 0.5, f1: 0.6, threshold: 0.3 }];
  const figure = trainingFigure({ losses, history });
  assertFigure(figure);
  const heat = trace(figure, "heat");
  assertEquals(heat.x, losses.map(({ step }) => step));
  heat.y.slice(4).forEach((y) => assert(Math.abs(y - 0.5) <= 0.1)); // of five: 2/5 or 3/5
  assertEquals([trace(figure, "AP").y, trace(figure, "best F1").y], [[0.5], [0.6]]);
  assertFigure(trainingFigure({ history: [] }));
  assertEquals(trainingFigure({ history }).plotly.data.length, 2);
});

const at = (ap: number) => ({ ap, ar: ap + 0.1, f1: ap, recall: ap });

/** Two seeds of fine-tuning that add b and then c, and joint training of all at once. */
const RESULT: ExperimentResult = (() => {
  const stage = (learned: string[], aps: number[], seconds: number) => ({
    learned,
    seconds,
    cpuSeconds: seconds,
    storedBytes: 2e6,
    scores: Object.fromEntries(["a", "b", "c"].map((name, i) => [name, at(aps[i])])),
  });
  const run = (seed: number, loss: number): ExperimentRun => ({
    strategy: "fine-tune",
    title: "Fine-tuning",
    seed,
    order: [["b"], ["c"]],
    stages: [
      stage(["a"], [0.9, 0.4, 0.3], 10),
      stage(["b"], [0.9 - loss, 0.8, 0.3], 20),
      stage(["c"], [0.9 - 2 * loss, 0.8 - loss, 0.7], 40),
    ],
  });
  const joint: ExperimentRun = {
    ...run(1, 0),
    strategy: "joint",
    order: [["b", "c"]],
    stages: [stage(["a"], [0.9, 0.4, 0.3], 10), stage(["b", "c"], [0.9, 0.85, 0.8], 90)],
  };
  const plan = { name: "p", base: ["a"], added: ["b", "c"], recipe: {} };
  const steps = { base: 1, added: 1, joint: 1 };
  return { plan: { ...plan, steps }, backend: "test", runs: [run(1, 0.2), run(2, 0.4), joint] };
})();

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-9));
}

Deno.test("of a strategy there is a line per dataset: mean and deviation of the seeds", () => {
  const figure = forgettingFigure(RESULT, { strategy: "fine-tune" });
  assertFigure(figure);
  const a = trace(figure, "a");
  assertEquals(a.x, [0, 1, 2]);
  assertClose(a.y, [90, 60, 30]);
  assertClose((a.error_y as { array: number[] }).array, [0, Math.SQRT2 * 10, Math.SQRT2 * 20]);
  assertClose(trace(figure, "c").y, [30, 30, 70]);
});

Deno.test("on a dataset there is a line per strategy, and joint training is at the end", () => {
  const figure = forgettingFigure(RESULT, { dataset: "b" });
  assertFigure(figure);
  assertClose(trace(figure, "fine-tune").y, [40, 80, 50]);
  const joint = trace(figure, "joint");
  assertEquals(joint.x, [0, 2]);
  assertClose(joint.y, [40, 85]);
});

Deno.test("of neither the lines are means over what was learned so far", () => {
  const figure = forgettingFigure(RESULT);
  assertFigure(figure);
  assertClose(trace(figure, "fine-tune").y, [90, (60 + 80) / 2, (30 + 50 + 70) / 3]);
});

Deno.test("complexity is 100 / (AP + AR) before the step, forgetting the mean drop in it", () => {
  const figure = complexityFigure(RESULT);
  assertFigure(figure);
  const { x, y } = trace(figure, "fine-tune");
  assertClose(x, [1 / 0.9, 1 / 0.7, 1 / 0.9, 1 / 0.7]); // AP + AR of b and c: 0.9, 0.7
  assertClose(y, [20, 20, 40, 40]);
});

Deno.test("costs are bars: AP lost, seconds, megabytes", () => {
  const figure = costFigure(RESULT);
  assertFigure(figure);
  const bars = figure.plotly.data.filter(({ name }) => name === "fine-tune");
  assertClose(bars.map(({ y }) => (y as number[])[0]), [30, 30, 2]);
});

Deno.test("the results matrix has the scores in percent; what is not learned is in brackets", () => {
  const matrix = {
    datasets: ["a", "b"],
    learnedAt: [0, 1],
    scores: [[at(0.9), at(0.25)], [at(0.5), at(0.8)]],
  };
  const figure = matrixFigure(matrix);
  assertFigure(figure);
  assertEquals(figure.plotly.data[0].z, [[90, 25], [50, 80]]);
  assertEquals(figure.plotly.data[0].text, [["90.0", "(25.0)"], ["50.0", "80.0"]]);
  assert(figure.svg.includes(">+ b</text>") && figure.svg.includes(">(25.0)</text>"));
  assertEquals(matrixFigure(matrix, { score: "ar" }).plotly.data[0].text, [
    ["100.0", "(35.0)"],
    ["60.0", "90.0"],
  ]);
});
