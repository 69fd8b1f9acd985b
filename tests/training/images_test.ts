import { assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { readDataset, writeCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { loadTrainingSet } from "../../lib/training/mod.ts";

/** A dataset of `count` micrographs of 256 × 128 pixels with one label at (100, 50) each. */
async function dataset(count: number, info: Record<string, unknown> = { diameterA: 90 }) {
  const folder = await Deno.makeTempDir();
  const stream = random(1);
  const pixels = Float32Array.from({ length: 256 * 128 }, () => stream.normal());
  for (let i = 0; i < count; i++) {
    const image = { width: 256, height: 128, pixels, pixelSizeA: 3 };
    await Deno.mkdir(join(folder, "micrographs"), { recursive: true });
    await writeMrc(join(folder, "micrographs", `m${i}.mrc`), image);
    await writeCoordinates(join(folder, "coordinates", `m${i}.csv`), [{ x: 100, y: 50 }]);
  }
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(info));
  return folder;
}

Deno.test("a tenth, at least one, of every dataset is held out", async () => {
  for (const [count, held] of [[1, 0], [2, 1], [5, 1], [15, 2]]) {
    const folder = await dataset(count);
    const set = await loadTrainingSet([await readDataset(folder)], { view: "paper" });
    assertEquals([set.train.length, set.validation.length], [count - held, held]);
    assertEquals(set.warnings, []);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("labels come to network pixels with the diameter of the dataset", async () => {
  const folder = await dataset(1);
  const { train: [{ objects: [object] }] } = await loadTrainingSet([await readDataset(folder)], {
    view: "paper",
  });
  assertAlmostEquals(object.x, (100 + 0.5) * 4 - 0.5 + 16, 1e-6); // 256 → 1024, margin 16
  assertAlmostEquals(object.y, (50 + 0.5) * 4 - 0.5 + 16, 1e-6);
  assertAlmostEquals(object.diameter, 4 * 90 / 3, 1e-6);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("bad micrographs are skipped and labels outside left out, both with a warning", async () => {
  const folder = await dataset(3);
  await Deno.writeFile(join(folder, "micrographs", "m0.mrc"), new Uint8Array(2000));
  const labels = [{ x: 100, y: 50 }, { x: 100, y: 200 }];
  await writeCoordinates(join(folder, "coordinates", "m1.csv"), labels);
  const set = await loadTrainingSet([await readDataset(folder)], { view: "paper" });
  assertEquals([...set.train, ...set.validation].map(({ name }) => name), ["m1", "m2"]);
  assertEquals(set.train[0].objects.length, 1);
  assertEquals(set.warnings.length, 2);
  assertStringIncludes(set.warnings[0], "skipped m0");
  assertStringIncludes(set.warnings[1], "1 label(s) outside the 256 × 128 micrograph");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a dataset without labels or without a diameter is refused", async () => {
  const bare = await dataset(1);
  await Deno.remove(join(bare, "coordinates"), { recursive: true });
  const unlabelled = await readDataset(bare);
  await assertRejects(
    () => loadTrainingSet([unlabelled], { view: "paper" }),
    EPickerError,
    "no labelled micrograph",
  );
  const sizeless = await readDataset(await dataset(1, {}));
  await assertRejects(
    () => loadTrainingSet([sizeless], { view: "paper" }),
    EPickerError,
    "no particle diameter",
  );
  for (const { folder } of [unlabelled, sizeless]) await Deno.remove(folder, { recursive: true });
});

Deno.test("two datasets in folders of one name are refused", async () => {
  const [one, two] = [await dataset(2), await dataset(2)];
  const [a, b] = [join(one, "same"), join(two, "same")];
  await Deno.mkdir(a);
  await Deno.mkdir(b);
  for (const [from, to] of [[one, a], [two, b]]) {
    for (const name of ["micrographs", "coordinates", "dataset.json"]) {
      await Deno.rename(join(from, name), join(to, name));
    }
  }
  const datasets = [await readDataset(a), await readDataset(b)];
  await assertRejects(
    () => loadTrainingSet(datasets, { view: "paper" }),
    EPickerError,
    "the same name as",
  );
  for (const folder of [one, two]) await Deno.remove(folder, { recursive: true });
});
