import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { distance, EPickerError, random } from "../../lib/core/mod.ts";
import type { EvaluationImage } from "../../lib/evaluation/mod.ts";
import { readDataset, writeCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { fiberPoints } from "../../lib/tracing/mod.ts";
import { loadTrainingSet, train } from "../../lib/training/mod.ts";
import { fiberCurve } from "../../lib/training/validate_fibers.ts";
import { tinyOptions } from "./_tiny.ts";

/** A dataset of noise with a dark bar, labelled by its two ends. */
async function fiberFolder(count: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (let i = 0; i < count; i++) {
    const stream = random(i);
    const pixels = Float32Array.from({ length: 128 * 128 }, (_, at) => {
      return stream.normal() - (Math.abs(Math.floor(at / 128) - 64) < 4 ? 3 : 0);
    });
    await writeMrc(`${folder}/micrographs/m${i}.mrc`, { width: 128, height: 128, pixels });
    const ends = [{ x: 8, y: 64, fiber: 1 }, { x: 120, y: 64, fiber: 1 }];
    await writeCoordinates(`${folder}/coordinates/m${i}.csv`, ends);
  }
  const info = { diameterPx: 8, split: { train: ["m0"], test: ["m1"] } };
  await Deno.writeTextFile(`${folder}/dataset.json`, JSON.stringify(info));
  return folder;
}

Deno.test("in fiber mode labels become points a quarter of the width apart; a split can be named", async () => {
  const folder = await fiberFolder(2);
  const dataset = await readDataset(folder);
  const { train: [image], warnings } = await loadTrainingSet([dataset], {
    view: "paper",
    mode: "fiber",
  });
  assertEquals([image.name, image.objects.length, warnings], ["m0", 56, []]); // 112 / 2
  const scale = 1024 / 128;
  image.objects.slice(1).forEach((object, i) => {
    assertAlmostEquals(distance(object, image.objects[i]), 2 * scale, 1e-6);
    assertEquals(object.diameter, 8 * scale);
  });
  const other = await loadTrainingSet([dataset], { view: "paper", mode: "fiber", split: "test" });
  assertEquals(other.train.map(({ name }) => name), ["m1"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a fiber model is trained, validated by lengths, and says its mode", async () => {
  const folder = await fiberFolder(2);
  const set = await loadTrainingSet([await readDataset(folder)], {
    view: "paper",
    mode: "fiber",
    split: "all",
  });
  assertEquals([set.train.length, set.validation.length], [1, 1]);
  const options = tinyOptions(`${folder}/run`, { mode: "fiber", steps: 2, epochs: 1 });
  const { model, history } = await train(set, options);
  assertEquals(model.mode, "fiber");
  assert(history.every(({ ap, f1 }) => ap >= 0 && ap <= 1 && f1 >= 0 && f1 <= 1));
  await Deno.remove(folder, { recursive: true });
});

/** Points on rows of 800 px, with the score of each, and the truth on some of them. */
function image(picked: [y: number, score: number][], truth: number[]): EvaluationImage {
  const row = (y: number) => [{ x: 100, y }, { x: 900, y }];
  const picks = picked.flatMap(([y, score]) =>
    Array.from({ length: 81 }, (_, i) => ({ x: 100 + 10 * i, y, score }))
  );
  const points = fiberPoints({ lines: truth.map(row), pixels: [], width: 16 });
  return { name: "a", picks, truth: points, diameter: 16 };
}

Deno.test("the curve of a perfect detector is 1, that of one that sees nothing 0", () => {
  const perfect = fiberCurve([image([[200, 0.7], [600, 0.7]], [200, 600])]);
  assertAlmostEquals(perfect.ap, 1, 1e-9);
  for (const { threshold, f1 } of perfect.f1) {
    assertAlmostEquals(f1, threshold <= 0.7 ? 1 : 0, 1e-9);
  }
  const blind = fiberCurve([image([], [200])]);
  assertEquals([blind.ap, Math.max(...blind.f1.map(({ f1 }) => f1))], [0, 0]);
});

Deno.test("a false fiber below the true ones costs no area, one above them half of it", () => {
  const best = (curve: ReturnType<typeof fiberCurve>) =>
    curve.f1.reduce((a, b) => b.f1 > a.f1 ? b : a);
  const below = fiberCurve([image([[200, 0.8], [600, 0.42]], [200])]);
  assertAlmostEquals(below.ap, 1, 1e-9);
  assert(best(below).threshold > 0.4 && best(below).f1 > 0.999);
  const above = fiberCurve([image([[200, 0.42], [600, 0.8]], [200])]);
  assertAlmostEquals(above.ap, 0.5, 1e-6);
  assertAlmostEquals(best(above).f1, 2 / 3, 1e-6);
});

Deno.test("a fiber of which a part is seen counts by that part", () => {
  const { picks, ...rest } = image([[200, 0.8]], [200]);
  const half = fiberCurve([{ ...rest, picks: picks.slice(0, 41) }]);
  assertAlmostEquals(half.ap, (400 + 8) / 800, 0.01);
});

Deno.test("a dataset of fibers without a width is refused", async () => {
  const folder = await fiberFolder(1);
  await Deno.writeTextFile(`${folder}/dataset.json`, "{}");
  const error = await loadTrainingSet([await readDataset(folder)], { view: "paper", mode: "fiber" })
    .catch((e) => e);
  assert(error instanceof EPickerError && error.message.includes("diameterPx"));
  await Deno.remove(folder, { recursive: true });
});
