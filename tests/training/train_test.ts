import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { EPickerError } from "../../lib/core/mod.ts";
import { FULL, LIGHT, networkOf, readModel, type Weights } from "../../lib/centernet/mod.ts";
import { keepLabels, learningRateAt, RECIPE, stepsOf, train } from "../../lib/training/mod.ts";
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
  const { model } = await train(set, { ...tinyOptions(out), epochs: 1 });
  const resumed = await train(set, { ...tinyOptions(out), epochs: 1, resume: true });
  assertSame(resumed.model.weights, model.weights);
  await Deno.remove(out, { recursive: true });
});

Deno.test("the number of workers does not change the result", async () => {
  const out = await Deno.makeTempDir();
  const one = await train(tinySet(), { ...tinyOptions(out), epochs: 1 });
  const two = await train(tinySet(), { ...tinyOptions(out), epochs: 1, workers: 2 });
  assertSame(two.model.weights, one.model.weights);
  await Deno.remove(out, { recursive: true });
});

Deno.test("training lowers the loss and leaks no tensor", async () => {
  const out = await Deno.makeTempDir();
  const losses: number[] = [];
  const tensors: number[] = [];
  await train({ train: [tinyImage(1)], validation: [], warnings: [] }, {
    ...tinyOptions(out),
    epochs: 120,
    learningRate: 4e-3,
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
  const options = { ...tinyOptions(out), epochs: 1, resume: true };
  await train(tinySet(), { ...options, resume: false });
  const refuses = (what: Promise<unknown>, why: string) =>
    assertRejects(() => what, EPickerError, why);
  await refuses(train(tinySet(), { ...options, epochs: 2 }), "expected the recipe of this command");
  const { train: images, ...rest } = tinySet();
  const sparse = images.map((image) => ({ ...image, sparse: true }));
  await refuses(train({ ...rest, train: sparse }, options), "a run on other labels");
  const fewer = keepLabels(images, 0.5);
  await refuses(train({ ...rest, train: fewer }, options), "a run on other labels");
  await Deno.remove(out, { recursive: true });
});

Deno.test("a model says the mode it was trained for, and further training keeps it", async () => {
  const out = await Deno.makeTempDir();
  const options = { ...tinyOptions(out), steps: 1 };
  const { model: first } = await train(tinySet(), options);
  assertEquals([first.mode, JSON.parse(first.notes.recipe).mode], ["particle", undefined]);
  const { model: vesicles } = await train(tinySet(), { ...options, mode: "vesicle", from: first });
  assertEquals([vesicles.mode, JSON.parse(vesicles.notes.recipe).mode], ["vesicle", "vesicle"]);
  const { model: further } = await train(tinySet(), { ...options, from: vesicles });
  assertEquals(further.mode, "vesicle");
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
    [[tinySet(), { ...tinyOptions(out), epochs: 0 }], "epochs: found 0"],
    [[tinySet(), { ...tinyOptions(out), cropSize: 100 }], "multiple of 32"],
    [[tinySet(), { ...tinyOptions(out), config: { ...RECIPE.config, width: -1 } }], "width"],
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
  const options = { ...tinyOptions(out), steps: 1, config: networkOf(0.3) };
  const { finished, model } = await train(tinySet(), options);
  assertEquals([finished, model.config], [true, { width: 0.3, headWidth: 80, size: true }]);
  await Deno.remove(out, { recursive: true });
});
