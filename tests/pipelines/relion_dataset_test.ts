import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { formatStarTable, loadLabels, writeCoordinates } from "../../lib/io/mod.ts";
import { readRelionDataset } from "../../lib/pipelines/mod.ts";
import { readModel } from "../../lib/centernet/mod.ts";
import { relionProject } from "./_project.ts";

const EPICKER = fromFileUrl(new URL("../../epicker", import.meta.url));

/** Micrographs of 3 Å by the particles' optics, 1 Å by their headers. */
async function project(): Promise<string> {
  const stream = random(1);
  return await relionProject(["a.mrc", "b.mrc", "c.tif"].map((name) => ({
    ...{ path: `MotionCorr/job002/Movies/${name}`, width: 128, height: 100 },
    pixels: Float32Array.from({ length: 128 * 100 }, () => stream.normal()),
  })));
}

/** Particles as RELION selects them: x, y and offset in Å, by micrograph. */
async function writeParticles(folder: string, rows: string[][], optics = PIXELS): Promise<string> {
  const path = join(folder, "Select", "job009", "particles.star");
  await Deno.mkdir(join(folder, "Select", "job009"), { recursive: true });
  const columns = ["MicrographName", "CoordinateX", "CoordinateY", "OriginXAngst", "OriginYAngst"];
  await Deno.writeTextFile(
    path,
    "\n# version 30001\n" + formatStarTable("optics", optics.map(([name]) => name), [
      optics.map(([, value]) => value),
    ]) + formatStarTable(
      "particles",
      [...columns, "OpticsGroup"].map((name) => `_rln${name}`),
      rows.map((row) => [...row, "1"]),
    ),
  );
  return path;
}

const PIXELS = [["_rlnOpticsGroup", "1"], ["_rlnMicrographPixelSize", "3"]];
const MOVIES = [["_rlnOpticsGroup", "1"], ["_rlnMicrographOriginalPixelSize", "3"]];
const [A, B, C] = ["a.mrc", "b.mrc", "c.tif"].map((name) => `MotionCorr/job002/Movies/${name}`);

Deno.test("particles of a RELION project are a dataset: where they were moved to, as large as is told", async () => {
  const folder = await project();
  const star = await writeParticles(folder, [
    [B, "40", "50", "6", "-3"],
    [A, "10", "20", "0", "0"],
    [A, "30.5", "20", "0", "0"],
    [C, "64", "10", "0", "0"],
    ["MotionCorr/job002/Movies/gone.mrc", "1", "2", "0", "0"],
  ]);
  const out = join(folder, "run");
  const { entries, split, warnings } = await readRelionDataset(star, { out, diameterA: 36 });
  assertEquals(split.train.toSorted(), ["Movies/a", "Movies/b", "Movies/c"]);
  assertEquals(
    entries.map(({ micrographPath }) => micrographPath),
    [A, B, C].map((path) => {
      return join(folder, path);
    }),
  );
  assertEquals(await Promise.all(entries.map(loadLabels)), [
    [{ x: 10, y: 20, diameter: 12 }, { x: 30.5, y: 20, diameter: 12 }],
    [{ x: 38, y: 51, diameter: 12 }], // 40 - 6 Å / 3 Å, 50 + 3 Å / 3 Å
    [{ x: 64, y: 10, diameter: 12 }],
  ]);
  assertEquals(warnings.length, 1);
  assertStringIncludes(warnings[0], "gone.mrc");
  const unbinned = await writeParticles(folder, [[A, "10", "20", "6", "-3"]], MOVIES);
  const { entries: [a] } = await readRelionDataset(unbinned, { out, diameterA: 36 });
  assertEquals(await loadLabels(a), [{ x: 4, y: 23, diameter: 36 }]); // the header's 1 Å
  await Deno.remove(folder, { recursive: true });
});

Deno.test("picks of a RELION project are a dataset by their index", async () => {
  const folder = await project();
  const rows = [];
  for (const [path, name] of [[A, "a"], [B, "b"]]) {
    const picks = join("ManualPick", "job005", "Movies", `${name}_manualpick.star`);
    await writeCoordinates(join(folder, picks), [{ x: 5, y: 6 }, { x: 70, y: 8 }]);
    rows.push([path, picks]);
  }
  const star = join(folder, "ManualPick", "job005", "manualpick.star");
  const columns = ["_rlnMicrographName", "_rlnMicrographCoordinates"];
  await Deno.writeTextFile(star, formatStarTable("coordinate_files", columns, rows));
  const dataset = await readRelionDataset(star, { out: join(folder, "run"), diameterPx: 20 });
  assertEquals(dataset.name, "job005");
  assertEquals(
    await Promise.all(dataset.entries.map(loadLabels)),
    [1, 2].map(() => {
      return [{ x: 5, y: 6, diameter: 20 }, { x: 70, y: 8, diameter: 20 }];
    }),
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("labels without micrographs, names or a diameter are told with a remedy", async () => {
  const folder = await project();
  const out = join(folder, "run");
  const read = (star: string, sizes = {}) => readRelionDataset(star, { out, ...sizes });
  const gone = await writeParticles(folder, [["Movies/gone.mrc", "1", "2", "0", "0"]]);
  await assertRejects(() => read(gone), EPickerError, "no diameter");
  const both = { diameterA: 10, diameterPx: 10 };
  await assertRejects(() => read(gone, both), EPickerError, "two diameters");
  const a = { diameterA: 36 };
  await assertRejects(() => read(gone, a), EPickerError, "folder of the project");
  const bare = join(folder, "bare.star");
  await writeCoordinates(bare, [{ x: 1, y: 2 }]);
  await assertRejects(() => read(bare, a), EPickerError, "manualpick.star");
  const twice = await writeParticles(folder, [[A, "1", "2", "0", "0"], [
    "MotionCorr/job007/Movies/A.mrc",
    "1",
    "2",
    "0",
    "0",
  ]]);
  await Deno.mkdir(join(folder, "MotionCorr/job007/Movies"), { recursive: true });
  await Deno.copyFile(join(folder, A), join(folder, "MotionCorr/job007/Movies/A.mrc"));
  await assertRejects(() => read(twice, a), EPickerError, "one name");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("train --relion trains on a project's particles, from its folder, without dataset.json", async () => {
  const folder = await project();
  const rows = [A, B, C].map((path) => [path, "60", "50", "0", "0"]);
  await writeParticles(folder, rows);
  const train = (...args: string[]) =>
    new Deno.Command(EPICKER, {
      args: ["train", "--out", "run", "--backend", "wasm", "--steps", "1", "--crop", "64", ...args],
      cwd: folder,
    }).output();
  const none = await train();
  assertEquals(none.code, 2);
  assertStringIncludes(new TextDecoder().decode(none.stderr), "--data");
  const { code, stderr } = await train(
    ...["--relion", "Select/job009/particles.star", "--diameter-a", "60", "--width", "0.125"],
  );
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const { model } = await readModel(join(folder, "run", "model.safetensors"));
  assertEquals(model.notes.datasets, "job009");
  assert(model.notes.labels?.startsWith("2 on 2 micrographs")); // the third is held out
  await Deno.remove(folder, { recursive: true });
});
