import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { readModel, writeModel } from "../../lib/centernet/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  BIASED,
  type BiasedData,
  biasedLines,
  biasedMarkdown,
  type BiasedPlan,
  type BiasedResult,
  type KnownImage,
  loadBiasedData,
  runBiased,
} from "../../lib/experiments/mod.ts";
import { tinyImage } from "../training/_tiny.ts";
import { TINY_RECIPE } from "../continual/_tiny.ts";

const PLAN: BiasedPlan = { ...BIASED, steps: { base: 2, added: 1 }, recipe: TINY_RECIPE };

/** An image whose first two particles are labelled side views. */
function knownImage(seed: number): KnownImage {
  const image = tinyImage(seed, "mixture");
  return {
    ...image,
    kinds: image.objects.map((_, i) => ({
      species: i < 3 ? "long" : "short",
      view: i < 2 ? "side" : "top",
      labelled: i < 2,
    })),
  };
}

const DATA: BiasedData = {
  base: [tinyImage(1)],
  train: [knownImage(2), knownImage(3)],
  test: [knownImage(4)],
};

const OPTIONS = { backend: "wasm", workers: 1 } as const;

Deno.test("every model is scored on every kind, and a run that was cut off goes on", async () => {
  const out = await Deno.makeTempDir();
  const result = await runBiased(PLAN, DATA, { ...OPTIONS, out });
  assertEquals(result.labels, { shown: 4, particles: 10, micrographs: 2 });
  const names = ["base", "scratch", "fine-tune", "epicker", "epicker-sparse", "fine-tune-all"];
  assertEquals(result.models.map(({ name }) => name), names);
  for (const { kinds } of result.models) {
    assertEquals(
      kinds.map(({ kind, truth }) => [kind, truth]),
      [["long side", 2], ["long top", 1], ["short top", 2]],
    );
  }
  await Deno.remove(`${out}/seed1/epicker`, { recursive: true });
  const kept = await Deno.stat(`${out}/seed1/scratch/model.safetensors`);
  assertEquals(await runBiased(PLAN, DATA, { ...OPTIONS, out }), result);
  const after = await Deno.stat(`${out}/seed1/scratch/model.safetensors`);
  assertEquals(after.mtime, kept.mtime);
  assertEquals(JSON.parse(await Deno.readTextFile(`${out}/biased.json`)).labels, result.labels);
  await assertRejects(
    () => runBiased({ ...PLAN, steps: { base: 3, added: 1 } }, DATA, { ...OPTIONS, out }),
    EPickerError,
    "a stage of another experiment",
  );
  await Deno.remove(out, { recursive: true });
});

Deno.test("a model whose training was cut off is trained again, not taken as it lies there", async () => {
  const out = await Deno.makeTempDir();
  const result = await runBiased(PLAN, DATA, { ...OPTIONS, out });
  const path = `${out}/seed1/scratch/model.safetensors`;
  const { model: whole } = await readModel(path);
  const half = { ...whole, notes: { ...whole.notes, step: "0" } };
  half.weights = {
    ...whole.weights,
    parameters: new Float32Array(whole.weights.parameters.length),
  };
  await writeModel(path, half);
  await Deno.remove(`${out}/seed1/scratch/stage.json`); // which is written last
  assertEquals(await runBiased(PLAN, DATA, { ...OPTIONS, out }), result);
  const { model: again } = await readModel(path);
  assertEquals(again.notes.step, whole.notes.step);
  assert(again.weights.parameters.every((value, i) => value === whole.weights.parameters[i]));
  await Deno.remove(out, { recursive: true });
});

Deno.test("a signal stops the run within a model; the same call then does the rest", async () => {
  const [out, other] = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  for (const last of [1, 3]) {
    const stop = new AbortController();
    let steps = 0;
    const onProgress = () => ++steps === last && stop.abort();
    const run = runBiased(PLAN, DATA, { ...OPTIONS, out, signal: stop.signal, onProgress });
    await assertRejects(() => run, DOMException, "aborted");
    assertEquals(steps, last);
  }
  const result = await runBiased(PLAN, DATA, { ...OPTIONS, out });
  assertEquals(result, await runBiased(PLAN, DATA, { ...OPTIONS, out: other }));
  for (const folder of [out, other]) await Deno.remove(folder, { recursive: true });
});

Deno.test("the mixture's labels are the side views of one species, its truth is all", async () => {
  const root = await Deno.makeTempDir();
  const plan = {
    ...BIASED,
    base: { ...BIASED.base, names: ["nodavirus"], micrographs: 2 },
    mixture: { ...BIASED.mixture, micrographs: 2 },
  };
  const { base, train, test } = await loadBiasedData(plan, root);
  assertEquals([base.length, train.length, test.length], [1, 1, 1]);
  for (const { kinds, objects } of [...train, ...test]) {
    assertEquals(kinds.length, objects.length);
    for (const { species, view, labelled } of kinds) {
      assertEquals(labelled, species === "cp-2rp" && view === "side");
    }
    assert(new Set(kinds.map(({ species }) => species)).size === 3);
  }
  await Deno.remove(root, { recursive: true });
});

Deno.test("the table has the means over the seeds and over a species' views", () => {
  const model = (seed: number, side: number, top: number) => ({
    ...{ name: "epicker", title: "continual", seed, picks: 4, precision: 0.5 },
    kinds: [{ kind: "cp side", truth: 3, recall: side }, { kind: "cp top", truth: 1, recall: top }],
  });
  const result: BiasedResult = {
    plan: PLAN,
    backend: "WASM",
    labels: { shown: 1, particles: 2, micrographs: 1 },
    models: [model(1, 1, 0), model(2, 1 / 3, 1)],
  };
  const [line] = biasedLines(result);
  assertAlmostEquals(line["cp side"] as number, 100 * 2 / 3);
  assertAlmostEquals(line["cp"] as number, 100 * (0.75 + 0.5) / 2);
  const markdown = biasedMarkdown(result);
  assert(markdown.includes("2 seed(s)") && markdown.includes("cp (4)"), markdown);
});
