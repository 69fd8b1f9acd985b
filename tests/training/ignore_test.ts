import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { join } from "@std/path";
import { drawTargets } from "../../lib/centernet/mod.ts";
import { type Pick, random } from "../../lib/core/mod.ts";
import { evaluateFolder } from "../../lib/evaluation/mod.ts";
import { readDataset, writeCoordinates } from "../../lib/io/mod.ts";
import { toNetwork } from "../../lib/preprocess/mod.ts";
import { presetNamed, type Scene, writeSimulatedDataset } from "../../lib/simulation/mod.ts";
import { loadTrainingSet } from "../../lib/training/mod.ts";
import { randomCrop } from "../../lib/training/augment.ts";

/** Simulated liposomes with the multilamellar ones in `ignore/` instead of `coordinates/`. */
async function liposomes(folder: string): Promise<{ name: string; left: Pick[]; all: Pick[] }> {
  const scenes: Scene[] = [];
  await writeSimulatedDataset(folder, presetNamed("liposomes")[0], {
    ...{ micrographs: 1, size: 512, seed: 3 },
    onResult: ({ scene }) => scenes.push(scene),
  });
  const { entries: [{ name }] } = await readDataset(folder);
  const all = scenes[0].vesicles.map(({ x, y, diameter, membranes }) => {
    return { x, y, diameter, isMany: membranes.length > 1 };
  });
  const circles = (isMany: boolean) =>
    all.filter((vesicle) => vesicle.isMany === isMany).map(({ isMany: _, ...circle }) => circle);
  await writeCoordinates(join(folder, "coordinates", `${name}.csv`), circles(false));
  await writeCoordinates(join(folder, "ignore", `${name}.csv`), circles(true));
  return { name, left: circles(true), all };
}

Deno.test("multilamellar vesicles in ignore regions: no penalty in training, no fault in picks", async () => {
  const folder = await Deno.makeTempDir();
  const { name, left, all } = await liposomes(folder);
  assertGreater(left.length, 3);
  const { train: [image] } = await loadTrainingSet([await readDataset(folder)], {
    view: "paper",
    mode: "vesicle",
  });
  assertEquals(image.ignored!.length, left.length);
  const { x, y, diameter } = toNetwork(left[0], image.image);
  assertAlmostEquals(image.ignored![0].x, x, 0.01);
  assertAlmostEquals(image.ignored![0].y, y, 0.01);
  assertAlmostEquals(image.ignored![0].diameter!, diameter!, 0.01);

  const picks = join(folder, "picks");
  await writeCoordinates(join(picks, `${name}.csv`), all.map((pick) => ({ ...pick, score: 0.9 })));
  const score = async () => {
    const dataset = await readDataset(folder);
    return (await evaluateFolder(picks, dataset, { split: "all", mode: "vesicle" })).overall;
  };
  const ignoring = await score();
  assertEquals([ignoring.precision, ignoring.recall, ignoring.ap], [1, 1, 1]);
  await Deno.remove(join(folder, "ignore"), { recursive: true });
  const blaming = await score();
  assertEquals(blaming.recall, 1);
  assertLess(blaming.precision, 1 - 3 / all.length);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("ignore regions move with the crop", () => {
  const pixels = new Uint8Array(128 * 128);
  const geometry = { width: 128, height: 128, paddedWidth: 128, paddedHeight: 128, scale: 1 };
  const circle = { x: 61.3, y: 66.8, diameter: 20 };
  const image = { ...geometry, pixels };
  const source = { dataset: "a", name: "a", image, objects: [circle], ignored: [circle] };
  for (let seed = 0; seed < 20; seed++) {
    const { objects, ignored } = randomCrop(source, 96, random(seed));
    assertEquals(ignored, objects);
  }
  const { ignored, sparse } = drawTargets([], 32, 32, [circle]);
  assert(ignored !== undefined && sparse === undefined);
});
