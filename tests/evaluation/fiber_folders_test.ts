import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { evaluateFiberFolder } from "../../lib/evaluation/mod.ts";
import { readDataset, writeCandidates, writeCoordinates, writeMrc } from "../../lib/io/mod.ts";

/** A dataset of two micrographs with one fiber of 200 px each, labelled in both ways. */
async function fiberDataset(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const image = { width: 300, height: 300, pixels: new Float32Array(300 * 300) };
  for (const name of ["a", "b"]) await writeMrc(`${folder}/micrographs/${name}.mrc`, image);
  const nodes = [{ x: 50, y: 100, fiber: 1 }, { x: 250, y: 100, fiber: 1 }];
  await writeCoordinates(`${folder}/coordinates/a.csv`, nodes);
  const pixels = Array.from({ length: 201 }, (_, i) => ({ x: 50 + i, y: 100 }));
  await writeCoordinates(`${folder}/coordinates/b.csv`, pixels);
  const info = { diameterPx: 8, split: { train: [], test: ["a", "b"] } };
  await Deno.writeTextFile(`${folder}/dataset.json`, JSON.stringify(info));
  return folder;
}

Deno.test("fibers of a folder are scored against polylines and pixels alike", async () => {
  const folder = await fiberDataset();
  const dataset = await readDataset(folder);
  const half = [{ x: 50, y: 103, fiber: 1 }, { x: 144, y: 103, fiber: 1 }];
  for (const name of ["a", "b"]) {
    const image = { name, width: 300, height: 300, pixelSizeA: 2 };
    await writeCoordinates(`${folder}/picks/${name}.star`, half, { image });
  }
  const { perImage, overall, missing } = await evaluateFiberFolder(`${folder}/picks`, dataset);
  assertEquals([overall.fibers, overall.traced, overall.false], [2, 2, 0]);
  // 94 px and what the tolerance of 6 px reaches beyond: √(6² − 3²)
  for (const { found } of perImage) assertAlmostEquals(found, (94 + Math.sqrt(27)) / 200, 0.006);
  assertEquals(missing, []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("candidates with fibers come before coordinate files, missing ones are named", async () => {
  const folder = await fiberDataset();
  const dataset = await readDataset(folder);
  const line = [{ x: 50, y: 100 }, { x: 250, y: 100 }];
  await writeCandidates(`${folder}/picks/candidates/a.json`, {
    ...{ version: 1, micrograph: "a.mrc", width: 300, height: 300, threshold: 0.3, candidates: [] },
    fibers: [{ line, score: 0.5 }],
  });
  await writeCoordinates(`${folder}/picks/a.star`, [{ x: 1, y: 1 }]);
  const scores = await evaluateFiberFolder(`${folder}/picks`, dataset, { tolerance: 2 });
  assertEquals([scores.overall.found, scores.overall.pieces, scores.missing], [1, 1, ["b"]]);
  assert(scores.tolerance === 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("picks that lie on no fiber are refused, and so is a folder without any", async () => {
  const folder = await fiberDataset();
  const dataset = await readDataset(folder);
  await writeCoordinates(`${folder}/picks/a.csv`, [{ x: 1, y: 1 }, { x: 5, y: 9 }]);
  const evaluate = (picks: string) => () => evaluateFiberFolder(`${folder}/${picks}`, dataset);
  await assertRejects(evaluate("picks"), EPickerError, "epicker trace");
  await assertRejects(evaluate("none"), EPickerError, "no picks of the test micrographs");
  await Deno.remove(folder, { recursive: true });
});
