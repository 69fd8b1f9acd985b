import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { Detector, type Model, writeModel } from "../../lib/centernet/mod.ts";
import { EPickerError, type Micrograph, random } from "../../lib/core/mod.ts";
import {
  checkPicking,
  loadPicker,
  openPicker,
  Picker,
  type PickingBackendName,
  type PickOptions,
} from "../../lib/picking/mod.ts";
import { presetNamed, recipeOf, simulateMicrograph } from "../../lib/simulation/mod.ts";
import { freshModel } from "./_model.ts";

function noise(width: number, height: number, pixelSizeA?: number): Micrograph {
  const stream = random(3);
  const pixels = Float32Array.from({ length: width * height }, () => stream.normal());
  return { name: "noise", width, height, pixels, ...(pixelSizeA !== undefined && { pixelSizeA }) };
}

Deno.test("picks lie in the micrograph, keep their distance and reach the threshold", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const micrograph = noise(300, 200, 2);
  const result = await picker.pick(micrograph, { diameterA: 40, threshold: 0.1 });
  assert(result.candidates.length > 0);
  assertEquals(result.diameter, 20);
  for (const [i, { x, y, score, diameter }] of result.candidates.entries()) {
    assert(x >= 0 && x <= 299 && y >= 0 && y <= 199 && score > 0 && score < 1);
    assertEquals(diameter, 20);
    for (const other of result.candidates.slice(0, i)) {
      assert(Math.hypot(other.x - x, other.y - y) >= 0.45 * 20 - 1e-6);
    }
  }
  assertEquals(result.picks, result.candidates.filter(({ score }) => score >= 0.1));
});

Deno.test("scores are calibrated as the model says, before the threshold", async () => {
  const micrograph = noise(300, 200);
  const pick = async (changes: Partial<Model>) => {
    using picker = await openPicker(freshModel(changes), "wasm");
    return await picker.pick(micrograph);
  };
  const raw = await pick({ threshold: 0.1 });
  const [slope, shift] = [0.5, 2];
  const { candidates, picks } = await pick({ threshold: 0.6, calibration: { slope, shift } });
  assertEquals(candidates.length, raw.candidates.length);
  candidates.forEach(({ score }, i) => {
    const z = Math.log(raw.candidates[i].score / (1 - raw.candidates[i].score));
    assertAlmostEquals(score, 1 / (1 + Math.exp(-0.5 * z - 2)), 1e-9);
  });
  assertEquals(picks, candidates.filter(({ score }) => score >= 0.6));
});

Deno.test("every pick shape works, and picking leaks no tensor", async () => {
  using crew = await openPicker(freshModel(), "wasm");
  using picker = new Picker(
    freshModel(),
    await startBackend("wasm"),
    new Detector(freshModel()),
  );
  await picker.pick(noise(64, 64));
  const before = tf.memory().numTensors;
  for (const [width, height] of [[65, 33], [20, 90], [1, 1]]) {
    const [{ candidates }, { candidates: same }] = [
      await picker.pick(noise(width, height)),
      await crew.pick(noise(width, height)),
    ];
    assertEquals(same.length, candidates.length);
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a constant micrograph gives an answer", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const flat = { name: "flat", width: 90, height: 70, pixels: new Float32Array(6300).fill(4) };
  const { picks } = await picker.pick(flat, { threshold: 0.99 });
  assertEquals(picks, []);
});

Deno.test("an estimated diameter scales with the micrograph", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const small = noise(256, 256);
  const twice = new Float32Array(512 * 512).map((_, i) =>
    small.pixels[Math.floor(Math.floor(i / 512) / 2) * 256 + Math.floor((i % 512) / 2)]
  );
  const { diameter } = await picker.pick(small);
  const large = await picker.pick({ ...small, width: 512, height: 512, pixels: twice });
  assertAlmostEquals(large.diameter / diameter, 2, 0.1);
});

Deno.test("a diameter in Å without a pixel size and a threshold beyond 1 are refused", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  await assertRejects(
    () => picker.pick(noise(9, 9), { diameterA: 100 }),
    EPickerError,
    "pixel size",
  );
  await assertRejects(
    () => picker.pick(noise(9, 9), { threshold: 2 }),
    EPickerError,
    "between 0 and 1",
  );
});

Deno.test("a model for another preprocessing is refused", async () => {
  const model = await Deno.makeTempFile({ suffix: ".safetensors" });
  await writeModel(model, freshModel({ preprocess: "0" }));
  await assertRejects(() => loadPicker({ model, backend: "wasm" }), EPickerError, 'version "0"');
  await Deno.remove(model);
});

Deno.test("a mode that the model was not trained for is refused, its own is taken", async () => {
  const model = await Deno.makeTempFile({ suffix: ".safetensors" });
  await writeModel(model, freshModel({ mode: "vesicle" }));
  const wrong = () => loadPicker({ model, mode: "fiber", backend: "wasm" });
  await assertRejects(wrong, EPickerError, 'was trained for the mode "vesicle"');
  for (const mode of [{}, { mode: "vesicle" as const }]) {
    using picker = await loadPicker({ model, ...mode, backend: "wasm" });
    assertEquals(picker.model.mode, "vesicle");
  }
  await Deno.remove(model);
});

Deno.test("the shipped model picks the same particles in ONNX Runtime as in WASM", async () => {
  const [apoferritin] = presetNamed("demo");
  const { micrograph } = simulateMicrograph(recipeOf(apoferritin, 0, { size: 480, seed: 7 }));
  const picksOn = async (backend: PickingBackendName) => {
    using picker = await loadPicker({ backend });
    assertEquals(picker.backend.name, backend);
    return (await picker.pick(micrograph)).picks;
  };
  const [found, expected] = [await picksOn("onnx"), await picksOn("wasm")];
  assert(expected.length > 20);
  assertEquals(found.length, expected.length);
  for (const { x, y, score, diameter } of expected) {
    const same = found.find((pick) => Math.hypot(pick.x - x, pick.y - y) < 0.02);
    assertAlmostEquals(same!.score, score, 1e-4);
    assertAlmostEquals(same!.diameter, diameter, 1e-3 * diameter);
  }
});

Deno.test("a pixel size and a diameter in pixels given by hand count, not the file's", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const of = async (options: PickOptions, pixelSizeA?: number) => {
    const { diameter, pixelSizeA: used } = await picker.pick(noise(96, 6, pixelSizeA), options);
    return [diameter, used];
  };
  assertEquals(await of({ diameterA: 60, pixelSizeA: 3 }), [20, 3]);
  assertEquals(await of({ diameterA: 60, pixelSizeA: 3 }, 1), [20, 3]);
  assertEquals(await of({ diameterA: 60 }, 2), [30, 2]);
  assertEquals(await of({ diameterPx: 25 }), [25, undefined]);
});

Deno.test("a given diameter that the particles contradict by half is told, and its source", async () => {
  using picker = await openPicker(freshModel({ threshold: 0 }), "wasm");
  const micrograph = noise(256, 256, 2);
  const { diameter: seen, doubts: none } = await picker.pick(micrograph);
  assertEquals(none.filter(({ kind }) => kind === "diameter"), []);
  const told = async (options: PickOptions) => {
    const { doubts } = await picker.pick(micrograph, options);
    return doubts.filter(({ kind }) => kind === "diameter").map(({ text }) => text);
  };
  for (const ratio of [1 / 1.45, 1, 1.45]) {
    assertEquals(await told({ diameterPx: seen * ratio }), []);
    assertEquals(await told({ diameterA: 2 * seen * ratio }), []);
  }
  for (const ratio of [1 / 1.55, 1.55]) {
    const [text] = await told({ diameterA: 2 * seen * ratio });
    assertStringIncludes(text, "by the pixel size of the file (2 Å), but the particles are");
    assertStringIncludes((await told({ diameterPx: seen * ratio }))[0], "pixels is given, but");
  }
  const right = 2 * seen; // by the header
  assertEquals(await told({ diameterA: right }), []);
  assertStringIncludes(
    (await told({ diameterA: right, pixelSizeA: 4 }))[0],
    "by the pixel size given (4 Å)",
  );
  assertEquals((await told({ diameterPx: 9 * seen, threshold: 1 })).length, 1);
  using unsure = await openPicker(freshModel({ threshold: 1 }), "wasm");
  const quiet = await unsure.pick(micrograph, { diameterPx: 9 * seen, threshold: 0 });
  assertEquals(quiet.doubts.filter(({ kind }) => kind === "diameter"), []);
});

Deno.test("options of picking that do not fit the model are refused", () => {
  const refused = (changes: Partial<Model>, options: PickOptions, message: string) =>
    assertThrows(() => checkPicking(freshModel(changes), options), EPickerError, message);
  refused({}, { diameterA: 100, diameterPx: 20 }, "found 100 Å and 20 pixels");
  refused({}, { diameterPx: -3 }, "diameterPx: found -3");
  refused({}, { pixelSizeA: 0 }, "pixelSizeA: found 0");
  refused({}, { rise: 5 }, "a rise for the mode");
  refused({ mode: "vesicle" }, { diameterPx: 20 }, "a diameter for vesicles");
  refused({ mode: "fiber" }, { rise: 5, riseA: 9 }, "found 5 pixels and 9 Å");
  checkPicking(freshModel({ mode: "fiber" }), { riseA: 9, diameterA: 100, pixelSizeA: 2 });
});
