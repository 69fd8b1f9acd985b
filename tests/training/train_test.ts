import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  FULL,
  LIGHT,
  type Model,
  networkOf,
  readModel,
  type Weights,
  writeModel,
} from "../../lib/centernet/mod.ts";
import {
  DETECTION,
  keepLabels,
  learningRateAt,
  type Objective,
  RECIPE,
  stepsOf,
  train,
  type TrainingSet,
  type TrainOptions,
  withSource,
} from "../../lib/training/mod.ts";
import { tinyModel } from "../continual/_tiny.ts";
import { tinyImage, tinyOptions, tinySet } from "./_tiny.ts";

/** Equality to the bit; `assertEquals` would print a million numbers. */
function assertSame(actual: Weights, expected: Weights): void {
  assert(actual.parameters.every((value, i) => value === expected.parameters[i]));
  assert(actual.statistics.every((value, i) => value === expected.statistics[i]));
}

Deno.test("a resumed run gives the model of an uninterrupted one", async () => {
  const [whole, parts] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  const { model, losses } = await train(tinySet(), tinyOptions(whole));
  const stop = new AbortController();
  const interrupted = await train(tinySet(), {
    ...tinyOptions(parts),
    signal: stop.signal,
    onProgress: ({ done }) => done === 2 && stop.abort(),
  });
  assertEquals(interrupted.finished, false);
  const resumed = await train(tinySet(), { ...tinyOptions(parts), resume: true });
  assertEquals(resumed.finished, true);
  assertSame(resumed.model.weights, model.weights);
  assertEquals(losses.map(({ step }) => step), losses.map((_, i) => i + 1));
  assertEquals(resumed.losses, losses);
  assertEquals(JSON.parse(await Deno.readTextFile(`${parts}/training.json`)).losses, losses);
  assertSame((await readModel(`${parts}/model.safetensors`)).model.weights, model.weights);
  for (const folder of [whole, parts]) await Deno.remove(folder, { recursive: true });
});

Deno.test("a finished run without held-out images gives its last model when it is resumed", async () => {
  const out = await Deno.makeTempDir();
  const set = { ...tinySet(), validation: [] };
  const { model } = await train(set, tinyOptions(out, { epochs: 1 }));
  const resumed = await train(set, { ...tinyOptions(out, { epochs: 1 }), resume: true });
  assertSame(resumed.model.weights, model.weights);
  await Deno.remove(out, { recursive: true });
});

Deno.test("the number of workers does not change the result", async () => {
  const out = await Deno.makeTempDir();
  const one = await train(tinySet(), tinyOptions(out, { epochs: 1 }));
  const two = await train(tinySet(), { ...tinyOptions(out, { epochs: 1 }), workers: 2 });
  assertSame(two.model.weights, one.model.weights);
  await Deno.remove(out, { recursive: true });
});

Deno.test("training lowers the loss and leaks no tensor", async () => {
  const out = await Deno.makeTempDir();
  const losses: number[] = [];
  const tensors: number[] = [];
  await train({ train: [tinyImage(1)], validation: [], warnings: [] }, {
    ...tinyOptions(out, { epochs: 120, learningRate: 4e-3 }),
    onProgress: ({ note }) => {
      losses.push(Number(note?.match(/heat ([\d.]+)/)?.[1]));
      tensors.push(tf.memory().numTensors);
    },
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
  assertLess(mean(losses.slice(-20)), 0.7 * mean(losses.slice(0, 20))); // single steps are noisy
  assertEquals(new Set(tensors).size, 1);
  await Deno.remove(out, { recursive: true });
});

Deno.test("a held-out image without particles neither stops nor spoils the choice of the model", async () => {
  const out = await Deno.makeTempDir();
  const bare = { ...tinyImage(5, "empty"), objects: [] };
  for (const validation of [[bare], [bare, tinyImage(3)]]) {
    const { model, history } = await train({ ...tinySet(), validation }, tinyOptions(out));
    assertEquals(history.length, 3);
    assert(history.every(({ ap, f1 }) => ap >= 0 && f1 >= 0));
    assertSame((await readModel(`${out}/model.safetensors`)).model.weights, model.weights);
    await Deno.remove(`${out}/model.safetensors`);
  }
  await Deno.remove(out, { recursive: true });
});

Deno.test("resuming with another recipe or other labels is refused", async () => {
  const out = await Deno.makeTempDir();
  const options = { ...tinyOptions(out, { epochs: 1 }), resume: true };
  await train(tinySet(), { ...options, resume: false });
  const refuses = (what: Promise<unknown>, why: string) =>
    assertRejects(() => what, EPickerError, why);
  const longer = { ...options, recipe: { ...options.recipe, epochs: 2 } };
  await refuses(train(tinySet(), longer), "expected the recipe of this command");
  const { train: images, ...rest } = tinySet();
  const sparse = images.map((image) => ({ ...image, sparse: true }));
  await refuses(train({ ...rest, train: sparse }, options), "a run on other labels");
  const fewer = keepLabels(images, 0.5);
  await refuses(train({ ...rest, train: fewer }, options), "a run on other labels");
  await Deno.remove(out, { recursive: true });
});

Deno.test("resuming with other images, another model or another strategy is refused by name", async () => {
  const out = await Deno.makeTempDir();
  const set = { ...tinySet(), validation: [] };
  const [from] = [1, 2].map((seed) => tinyModel(seed));
  const source = { module: new URL("./epicker.ts", import.meta.url).href };
  const replay = [tinyImage(4, "old")];
  const given = { ...tinyOptions(out, { steps: 1 }), from, replay, teacher: from };
  const own = { ...given, objective: { lossOf: DETECTION.lossOf } };
  await train(set, own);
  const resume = (set: TrainingSet, options: TrainOptions, ...names: string[]) =>
    assertRejects(
      () => train(set, { ...options, resume: true }),
      EPickerError,
      `given other ${names.join(", ")};`,
    );
  await resume(set, { ...own, from: tinyModel(2) }, "`from`");
  await resume(set, { ...own, teacher: tinyModel(2) }, "teacher (`from`)");
  await resume(set, { ...own, objective: withSource({ ...own.objective }, source) }, "`strategy`");
  await resume(set, { ...own, replay: [tinyImage(5, "old")] }, "`exemplars`");
  await resume(set, { ...own, inputs: { "--pull": "1" } }, "`pull`");
  await resume({ ...set, validation: [tinyImage(3)] }, own, "held-out micrographs");
  const { image, ...rest } = set.train[1];
  const pixels = image.pixels.map((value, i) => i === 0 ? value ^ 1 : value);
  const changed = { ...set, train: [set.train[0], { ...rest, image: { ...image, pixels } }] };
  await resume(changed, { ...own, from: tinyModel(2) }, "`data`", "`from`");
  const { finished } = await train(set, { ...own, resume: true });
  assertEquals(finished, true);
  await Deno.remove(out, { recursive: true });
});

Deno.test("resuming before the first checkpoint starts at step 0 and says so", async () => {
  const [out, whole] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  const notes: string[] = [];
  const options = { ...tinyOptions(out, { steps: 2 }), onNote: (note: string) => notes.push(note) };
  const { model } = await train(tinySet(), { ...options, resume: true });
  assertEquals(notes, [`${out} has no checkpoint yet: training starts at step 0.`]);
  const plain = await train(tinySet(), { ...options, out: whole });
  assertSame(model.weights, plain.model.weights);
  for (const folder of [out, whole]) await Deno.remove(folder, { recursive: true });
});

const notFinite: Objective["lossOf"] = (output, batch) => {
  const loss = DETECTION.lossOf(output, batch);
  return { ...loss, total: tf.mul(loss.total, NaN) };
};

function finiteAtFirst(calls: number): Objective["lossOf"] {
  return (output, batch) => (calls-- > 0 ? DETECTION.lossOf : notFinite)(output, batch);
}

Deno.test("training that is no longer finite stops and leaves model and checkpoint alone", async () => {
  const out = await Deno.makeTempDir();
  const set = { ...tinySet(), validation: [] };
  await train(set, tinyOptions(out, { steps: 1 }));
  const files = ["model", "checkpoint"].map((name) => `${out}/${name}.safetensors`);
  const before = await Promise.all(files.map((path) => Deno.readFile(path)));
  const wild: [Partial<TrainOptions>, string][] = [
    [{ pull: (gradient) => gradient[7] = NaN }, "step 1 "],
    [{ pull: (gradient) => gradient[7] = Infinity }, "step 1 "],
    [{ objective: { lossOf: notFinite } }, "step 1 "],
    [
      { ...tinyOptions(out, { epochs: 30, steps: 30 }), objective: { lossOf: finiteAtFirst(6) } },
      "step 4 ",
    ], // two shards a step
  ];
  for (const [options, message] of wild) {
    const error = await assertRejects(
      () => train(set, { ...tinyOptions(out, { steps: 30 }), ...options }),
      EPickerError,
      message,
    );
    assertEquals(error.code, "diverged");
    const after = await Promise.all(files.map((path) => Deno.readFile(path)));
    if (options.recipe === undefined) {
      assert(after.every((bytes, i) => bytes.every((byte, at) => byte === before[i][at])));
    } else for (const path of files) await readModel(path); // finite, whichever step it is of
  }
  await Deno.remove(out, { recursive: true });
});

Deno.test("a checkpoint whose notes are no training run's is refused", async () => {
  const out = await Deno.makeTempDir();
  const options = { ...tinyOptions(out, { steps: 1 }), resume: true };
  await train(tinySet(), { ...options, resume: false });
  const path = `${out}/checkpoint.safetensors`;
  const { model, extra } = await readModel(path);
  const wrong: Record<string, string> = {
    step: "-1",
    history: "{}",
    losses: '[{"step":1}]',
    inputs: "[1]",
  };
  for (const [name, text] of Object.entries(wrong)) {
    for (const value of [text, "soon", "1.5", "null"]) {
      await writeModel(path, { ...model, notes: { ...model.notes, [name]: value } }, { extra });
      const error = await assertRejects(
        () => train(tinySet(), options),
        EPickerError,
        `the note "${name}"`,
      );
      assertEquals(error.code, "bad-model");
    }
  }
  const { step: _, ...notes } = model.notes;
  await writeModel(path, { ...model, notes }, { extra });
  await assertRejects(() => train(tinySet(), options), EPickerError, 'the note "step"');
  await Deno.remove(out, { recursive: true });
});

Deno.test("a model says the mode it was trained for, and further training keeps it", async () => {
  const out = await Deno.makeTempDir();
  const options = tinyOptions(out, { steps: 1 });
  const { model: first } = await train(tinySet(), options);
  assertEquals([first.mode, JSON.parse(first.notes.recipe).mode], ["particle", undefined]);
  const { model: vesicles } = await train(tinySet(), {
    ...tinyOptions(out, { steps: 1, mode: "vesicle" }),
    from: first,
  });
  assertEquals([vesicles.mode, JSON.parse(vesicles.notes.recipe).mode], ["vesicle", "vesicle"]);
  const { model: further } = await train(tinySet(), { ...options, from: vesicles });
  assertEquals(further.mode, "vesicle");
  await Deno.remove(out, { recursive: true });
});

Deno.test("what the recipe does not say is as RECIPE has it, or as in the model to go on from", async () => {
  const out = await Deno.makeTempDir();
  const own = {
    ...tinyOptions(out, { steps: 1 }).recipe,
    seed: undefined,
    averageDecay: undefined,
  };
  const { recipe, model } = await train(tinySet(), { ...tinyOptions(out), recipe: own });
  const { config, epochs, shardSize, shards, cropSize, validateEvery } = tinyOptions(out).recipe!;
  const given = { config, epochs, shardSize, shards, cropSize, validateEvery, steps: 1 };
  assertEquals(recipe, { ...RECIPE, ...given } as typeof recipe);
  const { config: _, ...rest } = own;
  const from: Model = { ...model, mode: "vesicle" };
  const further = await train(tinySet(), { ...tinyOptions(out), recipe: rest, from });
  assertEquals(further.recipe, { ...recipe, mode: "vesicle", learningRate: 2e-3 });
  await Deno.remove(out, { recursive: true });
});

Deno.test("images without labels and senseless options are refused before anything is written", async () => {
  const out = `${await Deno.makeTempDir()}/run`;
  const bare = { ...tinyImage(1), objects: [] };
  const cases: [Parameters<typeof train>, string][] = [
    [
      [{ train: [bare], validation: [], warnings: [] }, tinyOptions(out)],
      "no labelled training image",
    ],
    [[tinySet(), tinyOptions(out, { epochs: 0 })], "epochs: found 0"],
    [[tinySet(), tinyOptions(out, { cropSize: 100 })], "multiple of 32"],
    [[tinySet(), tinyOptions(out, { config: { ...RECIPE.config, width: -1 } })], "width"],
    [
      [tinySet(), { ...tinyOptions(out), epochs: 9 } as TrainOptions],
      "expected recipe: { epochs }",
    ],
  ];
  for (const [args, message] of cases) {
    await assertRejects(() => train(...args), EPickerError, message);
  }
  await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
});

Deno.test("the learning rate rises linearly, falls as half a cosine and ends near zero", () => {
  const recipe = { ...RECIPE, learningRate: 1, warmUp: 0.1 };
  const rates = Array.from({ length: 100 }, (_, step) => learningRateAt(step, 100, recipe));
  assertEquals(rates.slice(0, 10), [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map(Number));
  assert(rates.every((rate, step) => step < 11 || rate < rates[step - 1]));
  assert(Math.abs(rates[55] - 0.5) < 1e-9 && rates[99] < 1e-3);
});

Deno.test("an epoch cuts as much area as the images have", () => {
  const images = [tinyImage(1), tinyImage(2)];
  const recipe = { ...RECIPE, shards: 1, shardSize: 2, cropSize: 32, epochs: 5 };
  assertEquals(stepsOf(images, recipe), { perEpoch: 9, total: 45 }); // 2 · 96² / (2 · 32²)
});

Deno.test("a network of any width trains; its heads' channels are whole", async () => {
  assertEquals(networkOf(0.25), LIGHT);
  assertEquals(networkOf(1), { ...FULL, size: true });
  assertEquals(networkOf(0.3).headWidth, 80); // 76.8, rounded to eights
  const out = await Deno.makeTempDir();
  const options = tinyOptions(out, { steps: 1, config: networkOf(0.3) });
  const { finished, model } = await train(tinySet(), options);
  assertEquals([finished, model.config], [true, { width: 0.3, headWidth: 80, size: true }]);
  await Deno.remove(out, { recursive: true });
});
