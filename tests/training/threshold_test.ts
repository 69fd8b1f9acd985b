import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { join } from "@std/path";
import { startBackend } from "../../lib/backend/mod.ts";
import { train } from "../../lib/training/mod.ts";
import { validate } from "../../lib/training/validate.ts";
import { tinyModel } from "../continual/_tiny.ts";
import { tinyImage, tinyOptions, tinySet } from "./_tiny.ts";

/** Labels that no pick can hit. */
const MISSED = {
  ...tinyImage(3),
  objects: tinyImage(3).objects.map((object) => ({ ...object, diameter: 1e-6 })),
};

Deno.test("where nothing is right at any threshold the model's own stays, in every mode", async () => {
  await startBackend("wasm");
  for (const mode of ["particle", "vesicle", "fiber"] as const) {
    const model = { ...tinyModel(), mode, threshold: 0.42 };
    for (const image of [MISSED, { ...MISSED, sparse: true }, { ...MISSED, objects: [] }]) {
      const { f1, threshold } = await validate(model, [image], 0);
      assertEquals([mode, f1, threshold], [mode, 0, 0.42]);
    }
  }
  assertGreater((await validate(tinyModel(), [tinyImage(3)], 0)).f1, 0); // else it says nothing
});

Deno.test("a model that found nothing right is kept with the default threshold", async () => {
  const out = await Deno.makeTempDir();
  const { model } = await train(
    { ...tinySet(), validation: [MISSED] },
    tinyOptions(out, { steps: 1 }),
  );
  assertEquals(model.threshold, 0.35);
  await Deno.remove(out, { recursive: true });
});

Deno.test("where nothing is held out, the threshold is that of the model to go on from, of its mode", async () => {
  const out = await Deno.makeTempDir();
  const from = { ...tinyModel(), threshold: 0.3 };
  const set = { ...tinySet(), validation: [] };
  const expected = { particle: 0.3, vesicle: 0.35, fiber: 0.2 };
  for (const mode of ["particle", "vesicle", "fiber"] as const) {
    const options = tinyOptions(join(out, mode), { steps: 1, mode });
    const { model } = await train(set, { ...options, from });
    assertEquals(model.threshold, expected[mode]);
  }
  await Deno.remove(out, { recursive: true });
});

Deno.test("where nothing is held out, fifty labels or more choose the threshold, also after a stop", async () => {
  const out = await Deno.makeTempDir();
  const images = (count: number) => Array.from({ length: count }, (_, i) => tinyImage(10 + i));
  const from = { ...tinyModel(), threshold: 0.97 };
  const learn = async (count: number) => {
    const options = tinyOptions(join(out, `${count}`), { steps: 1 });
    const set = { ...tinySet(), train: images(count), validation: [] };
    const { model } = await train(set, { ...options, from });
    const again = await train(set, { ...options, from, resume: true });
    assertEquals(again.model.threshold, model.threshold);
    return model;
  };
  assertEquals((await learn(9)).threshold, 0.97); // 45 labels
  const model = await learn(10);
  const { threshold } = await validate({ ...model, threshold: 0.97 }, images(10), 0);
  assertEquals(model.threshold, threshold);
  assertLess(threshold, 0.97);
  await Deno.remove(out, { recursive: true });
});
