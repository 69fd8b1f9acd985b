import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { join } from "@std/path";
import { EPickerError } from "../../lib/core/mod.ts";
import { entriesOf, loadLabels, readDataset, readMicrograph } from "../../lib/io/mod.ts";
import {
  type DatasetRecipe,
  PRESET_NAMES,
  presetNamed,
  readScene,
  recipeOf,
  simulateMicrograph,
  SNR_LEVELS,
  writeSimulatedDataset,
} from "../../lib/simulation/mod.ts";

async function written(
  dataset: DatasetRecipe,
  options: Parameters<typeof writeSimulatedDataset>[2],
): Promise<string> {
  const folder = join(await Deno.makeTempDir(), dataset.name);
  await writeSimulatedDataset(folder, dataset, { size: 128, ...options });
  return folder;
}

async function filesOf(folder: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (!isDirectory) files.set(name, await Deno.readFile(path));
    else for (const [inner, bytes] of await filesOf(path)) files.set(join(name, inner), bytes);
  }
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

Deno.test("a simulated dataset reads like a real one, without a warning", async () => {
  const recipe = presetNamed("paper10").find(({ name }) => name === "apoferritin")!;
  const folder = await written(recipe, { micrographs: 4 });
  const dataset = await readDataset(folder);
  assertEquals([dataset.title, dataset.diameterA, dataset.warnings], ["apoferritin", 122, []]);
  assertEquals([dataset.split.train.length, dataset.split.test.length], [3, 1]);
  const [entry] = entriesOf(dataset, "train");
  assert(entry.coordinatesPath!.endsWith(".star"));
  const micrograph = await readMicrograph(entry.micrographPath);
  assertEquals([micrograph.width, micrograph.height, micrograph.warnings], [128, 128, undefined]);
  assertAlmostEquals(micrograph.pixelSizeA!, recipe.fieldA / 128, 1e-3);
  const labels = await loadLabels(entry);
  const { particles } = await readScene(join(folder, "truth", `${entry.name}.json`));
  assertEquals(labels.length, particles.length);
  particles.forEach(({ x, y }, i) => {
    assertAlmostEquals(labels[i].x, x, 0.006);
    assertAlmostEquals(labels[i].y, y, 0.006);
  });
});

Deno.test("the same seed writes the same bytes, another one others", async () => {
  const [recipe] = presetNamed("proteasome26s");
  const [a, b, c] = [1, 1, 2].map((seed) => written(recipe, { micrographs: 2, seed }));
  const first = await filesOf(await a);
  assertEquals([...first.keys()], [
    join("coordinates", "proteasome-26s_001.csv"),
    join("coordinates", "proteasome-26s_002.csv"),
    "dataset.json",
    join("micrographs", "proteasome-26s_001.mrc"),
    join("micrographs", "proteasome-26s_002.mrc"),
    join("truth", "proteasome-26s_001.json"),
    join("truth", "proteasome-26s_002.json"),
  ]);
  assertEquals(await filesOf(await b), first);
  const other = await filesOf(await c);
  for (const name of first.keys()) assertNotEquals(other.get(name), first.get(name), name);
});

Deno.test("dataset.json holds the recipe of every micrograph, which makes it again", async () => {
  const [recipe] = presetNamed("liposomes");
  const folder = await written(recipe, { micrographs: 2 });
  const { simulation } = JSON.parse(await Deno.readTextFile(join(folder, "dataset.json")));
  for (const made of simulation.recipes) {
    const { micrograph, truth } = simulateMicrograph(made);
    const stored = await readMicrograph(join(folder, "micrographs", `${made.name}.mrc`));
    assertEquals(stored.pixels, new Float32Array(new Float16Array(micrograph.pixels)));
    const labels = await loadLabels(
      (await readDataset(folder)).entries[simulation.recipes.indexOf(made)],
    );
    assertEquals(labels.length, truth.length);
    labels.forEach(({ diameter }, i) => assertAlmostEquals(diameter!, truth[i].diameter!, 0.006));
  }
});

Deno.test("labels of fibers are points with the number of their fiber", async () => {
  const [recipe] = presetNamed("fibers");
  const folder = await written(recipe, { micrographs: 1, size: 256 });
  const dataset = await readDataset(folder);
  const labels = await loadLabels(dataset.entries[0]);
  const { fibers } = await readScene(join(folder, "truth", "tmv_001.json"));
  assert(fibers.length > 3 && labels.every(({ fiber }) => fiber! >= 1));
  assertEquals(dataset.split, { train: ["tmv_001"], test: [] });
});

Deno.test("a micrograph does not depend on how many are made besides, nor on other datasets", () => {
  const [ribosome, proteasome] = presetNamed("paper10");
  assertEquals(recipeOf(ribosome, 3), recipeOf(ribosome, 3, { seed: 1 }));
  assertNotEquals(recipeOf(ribosome, 3).seed, recipeOf(ribosome, 4).seed);
  assertNotEquals(recipeOf(ribosome, 3).seed, recipeOf(proteasome, 3).seed);
});

Deno.test("another size keeps the field, the count and the defocus", () => {
  const [recipe] = presetNamed("paper10");
  const [small, large] = [256, 2048].map((size) => recipeOf(recipe, 0, { size }));
  assertAlmostEquals(small.pixelSizeA * 256, large.pixelSizeA * 2048, 0.2);
  assertEquals([small.specimen, small.defocusUm], [large.specimen, large.defocusUm]);
});

Deno.test("a run's signal-to-noise ratio replaces the datasets' own", () => {
  for (const recipe of PRESET_NAMES.flatMap(presetNamed)) {
    assertEquals(recipeOf(recipe, 0, { snr: SNR_LEVELS.hard }).snr, SNR_LEVELS.hard);
  }
});

Deno.test("drawn options lie in their ranges and differ between micrographs", () => {
  const [recipe] = presetNamed("paper10");
  const made = Array.from({ length: 20 }, (_, i) => recipeOf(recipe, i));
  const [low, high] = recipe.options!.defocusUm as readonly [number, number];
  for (const { defocusUm, csMm } of made) {
    assert(defocusUm >= low && defocusUm <= high);
    assertEquals(csMm, 2);
  }
  assertEquals(new Set(made.map(({ defocusUm }) => defocusUm)).size, 20);
});

Deno.test("the paper's ten are ten different phantoms, pixel sizes and densities", () => {
  const recipes = presetNamed("paper10").map((dataset) => recipeOf(dataset, 0));
  assertEquals(recipes.length, 10);
  const phantoms = recipes.map(({ specimen }) => JSON.stringify(specimen));
  assertEquals(new Set(phantoms).size, 10);
  assert(new Set(recipes.map(({ pixelSizeA }) => pixelSizeA.toFixed(1))).size >= 7);
  const counts = recipes.map(({ specimen }) => specimen.count);
  assert(Math.max(...counts) > 10 * Math.min(...counts));
});

Deno.test("a wrong scene or number of micrographs is told", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  await Deno.writeTextFile(path, '{ "particles": 3 }');
  const error = await assertRejects(() => readScene(path), EPickerError);
  assertEquals([error.code, error.details.file], ["bad-file", path]);
  await Deno.remove(path);
  const [recipe] = presetNamed("demo");
  const wrong = await assertRejects(() => written(recipe, { micrographs: 0 }), EPickerError);
  assertEquals(wrong.code, "bad-option");
});
