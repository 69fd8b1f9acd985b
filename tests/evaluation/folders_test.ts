import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import { evaluateFiberFolder, evaluateFolder } from "../../lib/evaluation/mod.ts";
import { readDataset, writeCoordinates, writeMrc } from "../../lib/io/mod.ts";

/** A dataset of empty micrographs of 100 × 80 pixels with labels, and a folder of picks. */
async function withDataset(
  labels: Record<string, Pick[]>,
  picks: Record<string, Pick[]>,
  use: (picks: string, data: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  for (const [name, truth] of Object.entries(labels)) {
    const image = { width: 100, height: 80, pixels: new Float32Array(8000) };
    await Deno.mkdir(join(folder, "data/micrographs"), { recursive: true });
    await writeMrc(join(folder, `data/micrographs/${name}.mrc`), image);
    await writeCoordinates(join(folder, `data/coordinates/${name}.csv`), truth);
  }
  await Deno.writeTextFile(join(folder, "data/dataset.json"), '{"diameterPx": 20}');
  for (const [name, found] of Object.entries(picks)) {
    await writeCoordinates(join(folder, `picks/${name}.csv`), found);
  }
  await use(join(folder, "picks"), join(folder, "data"));
  await Deno.remove(folder, { recursive: true });
}

Deno.test("labels outside the micrograph are left out and named, as in training", async () => {
  const labels = [{ x: 30, y: 40 }, { x: 99.5, y: 79.5 }, { x: 300, y: 40 }, { x: 30, y: -9 }];
  const picks = [{ x: 30, y: 40 }, { x: 99, y: 79 }];
  await withDataset({ a: labels }, { a: picks }, async (folder, data) => {
    const { overall, warnings } = await evaluateFolder(folder, await readDataset(data), {
      split: "all",
    });
    assertEquals([overall.truth, overall.recall, overall.ap], [2, 1, 1]);
    assertEquals(warnings, [
      `${data}/coordinates/a.csv: left out 2 label(s) outside the 100 × 80 micrograph, the first ` +
      "at (300, 40)",
    ]);
  });
});

Deno.test("fibers are scored as far as they lie on the micrograph", async () => {
  const label = [{ x: -0.5, y: 40, fiber: 1 }, { x: 199.5, y: 40, fiber: 1 }];
  const traced = [{ x: 0, y: 40, fiber: 1 }, { x: 99, y: 40, fiber: 1 }];
  await withDataset({ a: label }, { a: traced }, async (folder, data) => {
    const { overall, warnings } = await evaluateFiberFolder(folder, await readDataset(data), {
      split: "all",
    });
    assertEquals([Math.round(overall.length), overall.found], [100, 1]);
    assertEquals(warnings, [
      `${data}/coordinates/a.csv: left out 100 pixels of fibers outside the 100 × 80 micrograph`,
    ]);
  });
});

Deno.test("what cannot be told from good scores is said: no match, no labels, no picks of some", async () => {
  const far = { a: [{ x: 10, y: 10 }], b: [{ x: 10, y: 10 }] };
  await withDataset(far, { a: [{ x: 80, y: 60 }] }, async (folder, data) => {
    const { warnings } = await evaluateFolder(folder, await readDataset(data), { split: "all" });
    assertEquals(warnings[0], `${folder}: 1 micrograph(s) without picks are not scored: b`);
    assertStringIncludes(warnings[1], "nothing that was picked lies on a label");
    const empty = evaluateFolder(folder, await readDataset(data), { split: "test" });
    await assertRejects(() => empty, EPickerError, "found no micrograph in its test split");
  });
  await withDataset({ a: [] }, { a: [{ x: 80, y: 60 }] }, async (folder, data) => {
    const { warnings } = await evaluateFolder(folder, await readDataset(data), { split: "all" });
    assertStringIncludes(warnings[0], "no labels to compare with");
  });
  const line = (y: number) => [{ x: 0, y, fiber: 1 }, { x: 99, y, fiber: 1 }];
  await withDataset({ a: line(10) }, { a: line(60) }, async (folder, data) => {
    const { warnings } = await evaluateFiberFolder(folder, await readDataset(data), {
      split: "all",
    });
    assertStringIncludes(warnings[0], "nothing that was picked lies on a label");
  });
});
