import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import Papa from "papaparse";
import {
  compareStrategies,
  complexityCorrelations,
  experimentCsv,
  experimentMarkdown,
  type ExperimentResult,
  type ExperimentRun,
  summarise,
} from "../../lib/experiments/mod.ts";
import { PLAN } from "./_tiny_plan.ts";

/** A run that adds b to a; APs in percent after the base and after the step. */
function run(
  strategy: string,
  seed: number,
  [before, after]: [[a: number, b: number], [a: number, b: number]],
  course: number[] = [],
): ExperimentRun {
  const at = (ap: number) => {
    return { ap: ap / 100, ar: ap / 100, f1: 0, recall: ap / 200, precision: ap / 100 };
  };
  const stage = (learned: string[], [a, b]: [number, number], cpuSeconds: number) => {
    return { learned, seconds: 1, cpuSeconds, storedBytes: 2e6, scores: { a: at(a), b: at(b) } };
  };
  const points = course.map((ap, step) => ({ step, ap: ap / 100 }));
  const stages = [
    stage(["a"], before, 9),
    { ...stage(["b"], after, strategy === "joint/2" ? 80 : 40), course: points },
  ];
  return { strategy, title: strategy, seed, order: [["b"]], stages };
}

const RESULT: ExperimentResult = {
  plan: { ...PLAN, added: ["b"] },
  backend: "test",
  planned: 9,
  runs: [
    run("epicker", 1, [[90, 20], [88, 80]], [90, 84, 89]),
    run("epicker", 2, [[92, 10], [89, 82]], [92, 86, 80]),
    run("mine", 1, [[90, 20], [90, 79]]),
    run("mine", 2, [[92, 10], [88, 80]]),
    run("mine", 3, [[92, 10], [10, 10]]), // without its like
    run("joint", 1, [[90, 20], [91, 85]]),
    run("joint/2", 1, [[90, 20], [93, 84]]),
    run("joint", 2, [[92, 10], [95, 89]]),
  ],
};

/** Student's t of one degree of freedom, two-sided 5 %. */
const T1 = 12.7062;

Deno.test("strategies are compared pair by pair", () => {
  const [mine, ...others] = compareStrategies(RESULT);
  assertEquals(others, []); // joint training has no like
  assertEquals([mine.strategy, mine.pairs], ["mine", 2]);
  const { dropAp, learningAp, found, ap } = mine.differences;
  assertAlmostEquals(dropAp.value, ((0 - 2) + (4 - 3)) / 2);
  const half = T1 * Math.abs(-2 - 1) / 2; // s / √2 of two values is half their distance
  assertAlmostEquals(dropAp.high - dropAp.value, half, 1e-3);
  assertAlmostEquals(learningAp.value, (-1 - 2) / 2);
  assertAlmostEquals(found.value, ((45 - 44) + (44 - 44.5)) / 2);
  assertAlmostEquals(ap.value, ((84.5 - 84) + (84 - 85.5)) / 2);
  assertEquals(compareStrategies(RESULT, "nothing"), []);
});

Deno.test("micrographs are drawn again, every dataset counting the same", () => {
  const withAps = ([a, b]: number[][]) => (one: ExperimentRun) => {
    const [base, last] = structuredClone(one.stages);
    last.scores.a.aps = a;
    last.scores.b.aps = b;
    return { ...one, stages: [base, last] };
  };
  const [epicker, , mine] = RESULT.runs;
  const compared = (aps: number[][]) => {
    const runs = [withAps([[0.5, 0.5, 0.5, 0.5], [0.4]])(epicker), withAps(aps)(mine)];
    return compareStrategies({ ...RESULT, runs })[0].byMicrograph!;
  };
  const { value, low, high } = compared([[0.6, 0.6, 0.6, 0.6], [0.6]]);
  assertAlmostEquals(value, (10 + 20) / 2); // not the mean of five micrographs
  // b's micrograph is none of five draws one time in three, three or more of them one in 17
  const drawnThrice = (10 * 2 / 4 + 20 * 3) / (2 / 4 + 3);
  assertAlmostEquals(low, 10);
  assertAlmostEquals(high, drawnThrice);
  const same = compared([[0.7, 0.7, 0.7, 0.7], [0.6]]);
  assertAlmostEquals(same.high - same.low, 0, 1e-9);
  assertEquals(compareStrategies(RESULT)[0].byMicrograph, undefined);
});

Deno.test("the gap is to the best joint training of the seed, the time that of the shortest", () => {
  const [epicker] = summarise({ ...RESULT, runs: RESULT.runs.filter(({ seed }) => seed === 1) });
  assertAlmostEquals(epicker.gapAp, 88.5 - 84);
  assertAlmostEquals(epicker.newGapAp, 85 - 80); // on b alone the shorter one is better
  assertAlmostEquals(epicker.timeOfJoint, 100);
  const [both] = summarise(RESULT);
  assertAlmostEquals(both.gapAp, ((88.5 - 84) + (92 - 85.5)) / 2);
  const { low, high } = both.intervals.gapAp;
  assertAlmostEquals((high - low) / 2, T1 * (6.5 - 4.5) / 2, 1e-3);
});

Deno.test("the stability gap is the deepest fall while a step is trained", () => {
  const [epicker, mine] = summarise(RESULT);
  assertAlmostEquals(epicker.stabilityGap, (6 + 12) / 2);
  assert(Number.isNaN(mine.stabilityGap));
});

Deno.test("complexity and forgetting are correlated for every strategy", () => {
  const [epicker, mine] = complexityCorrelations(RESULT);
  assertEquals([epicker.strategy, epicker.steps, mine.steps], ["epicker", 2, 3]);
  assertAlmostEquals(epicker.rhoAp, 1); // 2.5 costs 2, 5 costs 3
});

Deno.test("the report says what is unfinished, and shows half intervals and differences", () => {
  const text = experimentMarkdown(RESULT);
  assert(text.includes("Unfinished: 8 of 9 runs."));
  assert(/\| epicker +\| +2 \| +84\.8 ± 9\.5 \|/.test(text), text);
  assert(/\| mine +\| +2 \| +-0\.5 ± 12\.7 \|/.test(text), text);
});

Deno.test("the CSV has a line for each dataset after each stage", () => {
  const { data } = Papa.parse<Record<string, unknown>>(experimentCsv(RESULT), {
    header: true,
    dynamicTyping: true,
    skipEmptyLines: true,
  });
  assertEquals(data.length, 8 * 2 * 2);
  const { strategy, seed, order, stage, dataset, state, ap, storedBytes } = data[2];
  assertEquals(
    { strategy, seed, order, stage, dataset, state, ap, storedBytes },
    {
      ...{ strategy: "epicker", seed: 1, order: "a b", stage: 1, dataset: "a", state: "old" },
      ...{ ap: 0.88, storedBytes: 2e6 },
    },
  );
  assertEquals(data.slice(0, 4).map(({ state }) => state), ["new", "later", "old", "new"]);
});
