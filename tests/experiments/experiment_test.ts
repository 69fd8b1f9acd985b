import { assert, assertAlmostEquals, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { STRATEGIES } from "../../lib/continual/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  adding,
  experimentMarkdown,
  type ExperimentResult,
  EXPERIMENTS,
  experimentSteps,
  loadExperimentData,
  matrixOf,
  runExperiment,
  summarise,
} from "../../lib/experiments/mod.ts";
import { experimentPage } from "../../lib/plots/mod.ts";
import { presetNamed } from "../../lib/simulation/mod.ts";
import { DATA, PLAN } from "./_tiny_plan.ts";

const { epicker, joint } = STRATEGIES;

function options(out: string) {
  return { out, backend: "wasm", workers: 1, strategies: { epicker, joint } } as const;
}

Deno.test("an experiment scores every dataset after every stage, and repeats to the bit", async () => {
  const [one, two] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  const result = await runExperiment(PLAN, DATA, options(one));
  assertEquals(result.runs.map(({ strategy }) => strategy), ["epicker", "joint"]);
  const learned = result.runs.map(({ stages }) => stages.map((stage) => stage.learned));
  assertEquals(learned, [[["a"], ["b"], ["c"]], [["a"], ["b", "c"]]]); // joint: all at once
  for (const { stages } of result.runs) {
    for (const { scores } of stages) assertEquals(Object.keys(scores), ["a", "b", "c"]);
  }
  assert(result.runs[0].stages[2].storedBytes > result.runs[0].stages[1].storedBytes);
  const again = await runExperiment(PLAN, DATA, options(two));
  assertEquals(withoutTimes(again), withoutTimes(result));
  assertEquals(JSON.parse(await Deno.readTextFile(`${one}/experiment.json`)), result);
  for (const folder of [one, two]) await Deno.remove(folder, { recursive: true });
});

Deno.test("an experiment goes on after its last finished stage", async () => {
  const out = await Deno.makeTempDir();
  const whole = await runExperiment(PLAN, DATA, options(out));
  await Deno.remove(`${out}/stages/seed1/epicker/a/b/c/stage.json`);
  const kept = await Deno.stat(`${out}/stages/seed1/epicker/a/b/stage.json`);
  const resumed = await runExperiment(PLAN, DATA, options(out));
  assertEquals(withoutTimes(resumed), withoutTimes(whole));
  const after = await Deno.stat(`${out}/stages/seed1/epicker/a/b/stage.json`);
  assertEquals(after.mtime, kept.mtime);
  const refuses = async (steps: Partial<typeof PLAN.steps>, strategy: "epicker" | "joint") => {
    const other = { ...PLAN, steps: { ...PLAN.steps, ...steps } };
    const strategies = { [strategy]: STRATEGIES[strategy] };
    await assertRejects(
      () => runExperiment(other, DATA, { ...options(out), strategies }),
      EPickerError,
      "a stage of another experiment",
    );
  };
  await refuses({ base: 3 }, "epicker");
  await refuses({ added: 2 }, "epicker");
  await refuses({ joint: 3 }, "joint");
  const longer = { ...PLAN, steps: { ...PLAN.steps, joint: 3 } }; // is nothing to epicker
  await runExperiment(longer, DATA, { ...options(out), strategies: { epicker } });
  await Deno.remove(out, { recursive: true });
});

Deno.test("a signal stops an experiment within a stage; the same call then does the rest", async () => {
  const [out, other] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  const stop = new AbortController();
  let steps = 0;
  const run = runExperiment(PLAN, DATA, {
    ...options(out),
    signal: stop.signal,
    onProgress: () => ++steps === 3 && stop.abort(), // after one of two stages and its first step
  });
  await assertRejects(() => run, DOMException, "aborted");
  const isThere = (path: string) =>
    Deno.stat(`${out}/stages/seed1/${path}`).then(() => true, () => false);
  assertEquals([await isThere("base/a/stage.json"), await isThere("epicker/a/b/stage.json")], [
    true,
    false,
  ]);
  const refused = runExperiment(PLAN, DATA, { ...options(out), signal: AbortSignal.abort() });
  await assertRejects(() => refused, DOMException, "aborted");
  const resumed = await runExperiment(PLAN, DATA, options(out));
  const whole = await runExperiment(PLAN, DATA, options(other));
  assertEquals(withoutTimes(resumed), withoutTimes(whole));
  for (const folder of [out, other]) await Deno.remove(folder, { recursive: true });
});

Deno.test("a plan whose datasets are not all there is refused", async () => {
  const bare = new Map([...DATA, ["c", { train: [], validation: [], test: [] }] as const]);
  await assertRejects(() => runExperiment(PLAN, bare, options("/nowhere")), EPickerError, "c");
});

Deno.test("a plan adds all of its datasets or some of them", () => {
  assertEquals(adding(PLAN).added, ["b", "c"]);
  assertEquals(adding(PLAN, ["c"]).added, ["c"]);
  assertThrows(() => adding(PLAN, ["a"]), EPickerError, "names among b, c");
});

Deno.test("the presets are complete: simulated datasets are in the simulator", () => {
  for (const { base, added, simulation } of Object.values(EXPERIMENTS)) {
    if (simulation === undefined) continue;
    const known = presetNamed(simulation.preset).map(({ name }) => name);
    for (const name of [...base, ...added]) assert(known.includes(name), name);
  }
});

/** Two strategies on one old and one new dataset, with round numbers. */
const RESULT: ExperimentResult = {
  plan: { ...PLAN, added: ["<b>"] },
  backend: "WASM",
  runs: [
    run("fine-tune", [[0.9, 0.2], [0.6, 0.8]], 10, 0),
    run("joint", [[0.9, 0.2], [0.9, 0.85]], 40, 4e6),
  ],
};

function run(strategy: string, rows: [number, number][], seconds: number, storedBytes: number) {
  const at = (ap: number) => ({ ap, ar: ap, f1: ap, recall: ap, precision: 1.5 - ap });
  return {
    strategy,
    title: strategy,
    seed: 1,
    order: [["<b>"]],
    stages: rows.map(([a, b], i) => ({
      learned: i === 0 ? ["a"] : ["<b>"],
      seconds,
      cpuSeconds: 2 * seconds,
      storedBytes,
      scores: { a: at(a), "<b>": at(b) },
    })),
  };
}

Deno.test("the summary's numbers are those worked out by hand", () => {
  const [line, joint] = summarise(RESULT);
  assertAlmostEquals(line.ap, 70);
  assertAlmostEquals(line.dropAp, 30);
  assertAlmostEquals(line.worstDropAp, 30);
  assertAlmostEquals(line.learningAp, 80);
  assertAlmostEquals(line.gapAp, 17.5);
  assertAlmostEquals(line.newGapAp, 5);
  assertAlmostEquals(line.found, 60);
  assertAlmostEquals(joint.found, 90);
  assertAlmostEquals(line.precision, 90);
  assertAlmostEquals(line.timeOfJoint, 25);
  assertAlmostEquals(line.forgettingAp, 30);
  assertAlmostEquals(line.backwardAp, -30);
  assertAlmostEquals(line.forwardAp, 20);
  assertEquals(matrixOf(RESULT.runs[0]).learnedAt, [0, 1]);
  const [step] = experimentSteps(RESULT);
  assertAlmostEquals(step.complexity, 100 / (20 + 20));
  assertAlmostEquals(step.dropAr, 30);
  assertEquals(step.megabytes, 0);
});

Deno.test("all at once is a line of its own, measured against the same joint training", () => {
  const [step, joint] = structuredClone(RESULT.runs);
  const order = [["<b>", "c"]];
  const atOnce = {
    ...step,
    order,
    stages: step.stages.map((stage, i) => i === 0 ? stage : { ...stage, learned: order[0] }),
  };
  for (const { scores } of [...atOnce.stages, ...joint.stages]) scores.c = scores["<b>"];
  const lines = summarise({ ...RESULT, runs: [step, atOnce, joint] });
  assertEquals(lines.map((line) => line.strategy), ["fine-tune", "fine-tune (at once)", "joint"]);
  assertAlmostEquals(lines[1].seconds, lines[0].seconds / 2); // per dataset
  assertAlmostEquals(lines[1].timeOfJoint, 12.5);
  assertAlmostEquals(lines[1].newGapAp, 5);
});

Deno.test("a simulated experiment makes its datasets once", async () => {
  const root = await Deno.makeTempDir();
  const simulation = { preset: "demo", micrographs: 2 };
  const plan = { ...PLAN, base: ["ribosome-demo"], added: [], simulation };
  const names = presetNamed("demo").map(({ name }) => name);
  const data = await loadExperimentData({ ...plan, base: names.slice(0, 1) }, root);
  const { train, test } = data.get(names[0])!;
  assertEquals([train.length, test.length], [1, 1]);
  const path = `${root}/${names[0]}/dataset.json`;
  const { mtime } = await Deno.stat(path);
  await loadExperimentData({ ...plan, base: names.slice(0, 1) }, root);
  assertEquals((await Deno.stat(path)).mtime, mtime);
  await assertRejects(
    () => loadExperimentData(plan, root),
    EPickerError,
    "no dataset of this name",
  );
  await Deno.remove(root, { recursive: true });
});

Deno.test("page and Markdown show all runs; names from data are escaped", () => {
  const page = experimentPage(RESULT);
  assert(!page.includes("<b>") && page.includes("&lt;b&gt;"));
  assertEquals(page.match(/<svg/g)?.length, 1 + 2 + 2); // costs; summary and complexity; datasets
  const markdown = experimentMarkdown(RESULT);
  assert(markdown.includes("## joint, seed 1"));
});

function withoutTimes(result: ExperimentResult): unknown {
  return JSON.parse(JSON.stringify(result, (key, value) => /seconds/i.test(key) ? 0 : value));
}
