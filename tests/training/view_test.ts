import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { calibrated, EPickerError, loweredWhereEmpty } from "../../lib/core/mod.ts";
import { writeMrc } from "../../lib/io/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";
import {
  defaultRecipe,
  GENERAL,
  GENERAL_AUGMENTATION,
  loadEmpty,
  predict,
  RECIPE,
  train,
  viewToTrain,
} from "../../lib/training/mod.ts";
import { runInputs } from "../../lib/training/run_inputs.ts";
import { tinyModel } from "../continual/_tiny.ts";
import { tinyImage, tinyOptions, tinySet } from "./_tiny.ts";

const GENERAL_MODEL = { ...tinyModel(), preprocess: VIEW_VERSIONS.particle };

Deno.test("new models see the particle's view; one to go on from keeps its own", () => {
  const cases = [
    [undefined, undefined, "particle"],
    ["paper", undefined, "paper"],
    [undefined, tinyModel(), "paper"],
    [undefined, GENERAL_MODEL, "particle"],
    ["particle", GENERAL_MODEL, "particle"],
  ] as const;
  for (const [given, from, view] of cases) assertEquals(viewToTrain(given, from), view);
  for (const [given, from] of [["paper", GENERAL_MODEL], ["particle", tinyModel()]] as const) {
    assertThrows(() => viewToTrain(given, from), EPickerError, `view: found "${given}", but`);
  }
  const unknown = { ...tinyModel(), preprocess: "9" };
  assertThrows(() => viewToTrain(undefined, unknown), EPickerError, 'version "9"');
});

Deno.test("each view has its recipe, of fibers with more made up and their many points", () => {
  assertEquals(defaultRecipe("paper", "particle"), RECIPE);
  assertEquals(defaultRecipe("particle", "particle"), GENERAL);
  for (const mode of ["vesicle", "fiber"] as const) {
    assertEquals(defaultRecipe("paper", mode), { ...RECIPE, mode });
    const own = mode === "fiber" ? { madeUp: 0.5, leastCentres: 40 } : {};
    assertEquals(defaultRecipe("particle", mode), { ...GENERAL, mode, ...own });
  }
});

Deno.test("a run has the recipe of its set's view, which its model names, and goes on in no other", async () => {
  const out = await Deno.makeTempDir();
  const options = tinyOptions(out, { steps: 1 });
  const set = { ...tinySet(), view: "particle" } as const;
  const { model, recipe } = await train(set, options);
  assertEquals(recipe, { ...GENERAL, ...options.recipe });
  assertEquals(model.preprocess, VIEW_VERSIONS.particle);
  await train(set, { ...options, from: model });
  const error = await assertRejects(
    () => train(tinySet(), { ...options, from: model }),
    EPickerError,
    'view: found "paper", but the model to go on from was trained on the view "particle"',
  );
  assertEquals(error.code, "bad-option");
  await Deno.remove(out, { recursive: true });
});

Deno.test("empty micrographs are images without objects, and a resumed run must have the same", async () => {
  const folder = await Deno.makeTempDir();
  const pixels = Float32Array.from({ length: 320 * 240 }, (_, i) => (i * 7919) % 101);
  const path = join(folder, "hole.mrc");
  await writeMrc(path, { width: 320, height: 240, pixels });
  const empty = await loadEmpty([path], "particle");
  assertEquals(empty.map(({ objects }) => objects.length), [0, 0, 0]);
  const sizes = empty.map(({ image }) => image.scale);
  assertEquals(new Set(sizes).size, 3);
  const small = join(folder, "small.mrc"); // too small for the smallest particles that are tried
  await writeMrc(small, { width: 200, height: 240, pixels: pixels.subarray(0, 200 * 240) });
  assertEquals((await loadEmpty([small], "particle")).map(({ image }) => image.scale), [
    0.25,
    0.375,
  ]);
  const set = { ...tinySet(), view: "particle" } as const;
  const [one, two, three] = await Promise.all(
    [set, { ...set, empty }, { ...set, empty: [tinyImage(1)] }].map((set) => runInputs(set, {})),
  );
  assertEquals(Object.hasOwn(one, "--empty"), false);
  assertEquals([two["--data"], two["--empty"] === three["--empty"]], [one["--data"], false]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a model carries the calibration that it is given, and hands it on", async () => {
  const out = await Deno.makeTempDir();
  const calibration = { slope: 0.5, shift: -1 };
  const options = { ...tinyOptions(out, { steps: 1 }), calibration };
  const { model } = await train(tinySet(), options);
  assertEquals(model.calibration, calibration);
  const further = await train(tinySet(), { ...tinyOptions(out, { steps: 1 }), from: model });
  assertEquals(further.model.calibration, calibration);
  const vesicles = tinyOptions(out, { steps: 1, mode: "vesicle" }); // its scores are other ones
  const other = await train(tinySet(), { ...vesicles, from: model });
  assertEquals(other.model.calibration, undefined);
  const plain = await train(tinySet(), tinyOptions(out, { steps: 1 }));
  assertEquals(plain.model.calibration, undefined);
  await assertRejects(() => train(tinySet(), { ...options, resume: true }), EPickerError, "other");
  await assertRejects(
    () => train(tinySet(), { ...options, calibration: { slope: -1, shift: 0 } }),
    EPickerError,
    "calibration",
  );
  await Deno.remove(out, { recursive: true });
});

Deno.test("held-out images are scored on the calibrated scale", async () => {
  const [calibration, model] = [{ slope: 2, shift: 0.5 }, tinyModel()];
  const scoresOf = async (of: typeof model) =>
    [...(await predict(of, [tinyImage(1)])).values()].flat()
      .flatMap(({ picks }) => picks.map(({ score = NaN }) => score));
  const [raw, scores] = [await scoresOf(model), await scoresOf({ ...model, calibration })];
  assert(raw.length > 0);
  assertEquals(scores, loweredWhereEmpty(raw.map((score) => calibrated(score, calibration))));
});

Deno.test("crops of any size are made up and degraded", async () => {
  const set = { ...tinySet(), view: "particle" } as const;
  for (const cropSize of [96, 160]) {
    const out = await Deno.makeTempDir();
    const recipe = { madeUp: 1, cropSize, augmentation: GENERAL_AUGMENTATION };
    await train(set, tinyOptions(out, { ...recipe, steps: 1 })); // a loss that is no number throws
    await Deno.remove(out, { recursive: true });
  }
});
