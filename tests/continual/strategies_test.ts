import { assert, assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { drawTargets, FrozenNetwork, stackTargets } from "../../lib/centernet/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  ABLATIONS,
  chooseExemplars,
  EMPTY_MEMORY,
  featureDistance,
  heatDistance,
  learn,
  loadStrategy,
  pullByImportance,
  pullFilters,
  STRATEGIES,
  type Strategy,
  strategyOf,
} from "../../lib/continual/mod.ts";
import { type Batch, DETECTION, RECIPE, ShardComputer } from "../../lib/training/mod.ts";
import { STILL_RECIPE, stillImage } from "../training/_still.ts";
import { tinyImage } from "../training/_tiny.ts";
import { TINY_RECIPE, tinyModel } from "./_tiny.ts";

const FRESH = { train: [tinyImage(7, "new")], validation: [], warnings: [] };
const OLD = [tinyImage(1, "old", 300), tinyImage(2, "old", 300)];

/** What a lesson needs, whatever the strategy. */
async function lesson(strategy: Strategy) {
  await startBackend("wasm");
  const old = tinyModel();
  const memory = { ...EMPTY_MEMORY, exemplars: chooseExemplars(OLD, old) };
  const recipe = { ...RECIPE, ...TINY_RECIPE };
  return {
    fresh: FRESH,
    before: OLD,
    old,
    memory: await strategy.remember?.({ model: old, images: OLD, memory, recipe }) ?? memory,
  };
}

/** EWC looks at as few batches as will do. */
const EWC = await loadStrategy({ ...STRATEGIES.ewc.source, options: { batches: 1 } });

for (const [name, strategy] of Object.entries({ ...STRATEGIES, ...ABLATIONS, ewc: EWC })) {
  Deno.test(`strategy ${name} learns a lesson, keeps old model and memory, leaks no tensor`, async () => {
    const out = await Deno.makeTempDir();
    const given = await lesson(strategy);
    const before = given.old.weights.parameters.slice();
    const kept = given.memory.exemplars.length;
    const tensors = tf.memory().numTensors;
    const options = {
      recipe: { ...TINY_RECIPE, steps: 2 },
      out,
      backend: "wasm",
      workers: 1,
    } as const;
    const { model, memory } = await learn(strategy, given, options);
    assertEquals(tf.memory().numTensors, tensors);
    assertEquals(given.old.weights.parameters, before);
    assertEquals(given.memory.exemplars.length, kept);
    assert(model.weights.parameters.some((value, i) => value !== before[i]));
    const names = new Set(memory.exemplars.map(({ dataset }) => dataset));
    assertEquals(names.has("new"), strategy.data === "exemplars");
    await Deno.remove(out, { recursive: true });
  });
}

Deno.test("whatever the strategy, few objects are divided by the recipe's least number of them", async () => {
  await startBackend("wasm");
  const { parameters } = tinyModel().weights;
  const images = [stillImage("a", 3, 24)];
  for (const [name, objective] of Object.entries({ ...STRATEGIES, ...ABLATIONS })) {
    const task = { ...STILL_RECIPE, seed: 1, images, objective };
    const heatOf = async (leastCentres: number) => {
      using computer = new ShardComputer({ ...task, leastCentres });
      return (await computer.gradient(parameters, 0, 0)).losses.heat;
    };
    const own = await heatOf(0); // four objects in each crop
    assertAlmostEquals(await heatOf(4), own, 1e-6, name);
    assertAlmostEquals(await heatOf(12), own / 3, 1e-5 * own, name);
  }
});

Deno.test("a strategy made in a script learns what the same strategy learns in workers", async () => {
  const out = await Deno.makeTempDir();
  const strategy = STRATEGIES.epicker;
  const given = await lesson(strategy);
  const options = {
    recipe: { ...TINY_RECIPE, shards: 2, steps: 2 },
    out,
    backend: "wasm",
  } as const;
  const workers = await learn(strategy, given, { ...options, workers: 2 });
  const local = await learn({ ...strategy }, given, options);
  assertEquals(local.model.weights, workers.model.weights);
  await Deno.remove(out, { recursive: true });
});

Deno.test("a copy of a strategy with another loss is not computed by its module", async () => {
  const out = await Deno.makeTempDir();
  const given = await lesson(STRATEGIES.replay);
  const options = {
    recipe: { ...TINY_RECIPE, shards: 2, steps: 2 },
    out,
    backend: "wasm",
  } as const;
  const plain = { ...STRATEGIES.epicker, lossOf: DETECTION.lossOf }; // that is replay
  const copy = await learn(plain, given, { ...options, workers: 2 });
  const replay = await learn(STRATEGIES.replay, given, { ...options, workers: 2 });
  assertEquals(copy.model.weights, replay.model.weights);
  await Deno.remove(out, { recursive: true });
});

Deno.test("the teacher's loss is zero for a student that equals it, and grows with the difference", async () => {
  await startBackend("cpu");
  using teacher = new FrozenNetwork(tinyModel());
  using other = new FrozenNetwork(tinyModel(2));
  const { lossOf } = STRATEGIES.epicker;
  tf.tidy(() => {
    const images = tf.randomNormal([2, 64, 64, 1], 0, 1, "float32", 5) as tf.Tensor4D;
    const targets = stackTargets([drawTargets([], 64, 64), drawTargets([], 64, 64)]);
    const seen = teacher.forward(tf.slice(images, [1, 0, 0, 0], [1, 64, 64, 1]) as tf.Tensor4D);
    const batch: Batch = { targets, count: 2, replayed: 1, teacher: seen };
    const same = lossOf(teacher.forward(images), batch).parts;
    assertAlmostEquals(same.features.dataSync()[0], 0, 1e-6);
    assertAlmostEquals(same["kept heat"].dataSync()[0], 0, 1e-6);
    const different = lossOf(other.forward(images), batch).parts;
    assertLess(1e-4, different.features.dataSync()[0]);
    assertLess(1e-6, different["kept heat"].dataSync()[0]);
  });
});

Deno.test("distances are the sums of their formulas", async () => {
  await startBackend("cpu");
  tf.tidy(() => {
    const map = (values: number[]) => tf.tensor4d(values, [1, 2, 2, 1]);
    assertAlmostEquals(
      featureDistance(map([1, 2, 3, 4]), map([1, 0, 3, 5])).dataSync()[0],
      (4 + 1) / 4,
    );
    const logits = map([0, 0, Math.log(3), 0]); // probabilities ½, ½, ¾, ½
    const kept = map([1, 0.5, 1, 0]);
    const sum = 0.25 + 0 + 0.0625 + 0.25;
    assertAlmostEquals(heatDistance(logits, kept).dataSync()[0], sum / 2.25, 1e-6);
  });
});

Deno.test("pulls are the gradients of their penalties", () => {
  const model = tinyModel();
  const { parameters } = model.weights;
  const moved = parameters.map((value) => value + 0.5);
  const filters = new Float32Array(parameters.length);
  pullFilters(model, 0.01)(filters, moved);
  const distinct = new Set([...filters].map((value) => value.toFixed(5)));
  assertEquals(distinct, new Set(["0.01000", "0.00000"])); // 2 · 0.01 · 0.5, and free parameters
  const importance = parameters.map((_, i) => i % 3);
  const weighted = new Float32Array(parameters.length);
  pullByImportance(model, importance, 0.1)(weighted, moved);
  weighted.forEach((value, i) => assertAlmostEquals(value, 0.1 * importance[i], 1e-6));
});

Deno.test("epicker moves freely; epicker/paper is pulled back as the paper has it", () => {
  const old = tinyModel();
  const moved = old.weights.parameters.map((value) => value + 0.5);
  assertEquals(strategyOf("epicker").pull, undefined);
  const gradient = new Float32Array(moved.length);
  const { pull } = strategyOf("epicker/paper");
  pull!({ old, memory: EMPTY_MEMORY })(gradient, moved);
  const distinct = new Set([...gradient].map((value) => value.toFixed(5)));
  assertEquals(distinct, new Set(["0.01000", "0.00000"])); // λ₂ = 0.01: 2 · 0.01 · 0.5
});

Deno.test("a strategy without what it needs is refused before training", async () => {
  const out = await Deno.makeTempDir();
  const strategy: Strategy = { ...DETECTION, title: "x", start: "old", data: "exemplars" };
  const cases: [Parameters<typeof learn>[1], Strategy, string][] = [
    [{ fresh: FRESH, memory: EMPTY_MEMORY }, strategy, "a model to go on from"],
    [{ fresh: FRESH, memory: EMPTY_MEMORY, old: tinyModel() }, strategy, "exemplars"],
    [
      { fresh: FRESH, memory: EMPTY_MEMORY },
      { ...strategy, start: "fresh", data: "everything" },
      "all lessons",
    ],
  ];
  for (const [given, which, message] of cases) {
    await assertRejects(() => learn(which, given, { out }), EPickerError, message);
  }
  await Deno.remove(out, { recursive: true });
});
