import { assert, assertEquals } from "@std/assert";
import { evaluateFolder, fitsFlipped } from "../../lib/evaluation/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { flipPicks, readDataset, writeCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { withFolder } from "../io/mrc_bytes.ts";

function imageOf(name: string, height: number, flipped: boolean) {
  const { between } = random(3, height);
  const truth = Array.from({ length: 30 }, () => ({ x: between(0, 900), y: between(0, height) }));
  const picks = truth.map(({ x, y }) => ({ x: x + between(-3, 3), y: y + between(-3, 3) }));
  return { name, diameter: 20, truth, picks: flipped ? flipPicks(picks, height) : picks };
}

Deno.test("fitsFlipped() tells picks counted from the last row, whatever the heights", () => {
  for (const flipped of [true, false]) {
    const images = [imageOf("a", 700, flipped), imageOf("b", 901, flipped)];
    const found = fitsFlipped(images, [700, 901]);
    assertEquals(found.fitsFlipped, flipped);
    assertEquals(flipped ? found.flippedF1 : found.f1, 1);
    assert((flipped ? found.f1 : found.flippedF1) < 0.2);
  }
});

Deno.test("fitsFlipped() is silent about bad picks, no picks and no truth", () => {
  const bad = { ...imageOf("a", 700, false), picks: imageOf("b", 699, false).picks };
  for (const image of [bad, { ...bad, picks: [] }, { ...bad, truth: [], picks: [] }]) {
    assertEquals(fitsFlipped([image], [700]).fitsFlipped, false);
  }
});

Deno.test("evaluateFolder() warns of picks that lie upside down", async () => {
  await withFolder(async (folder) => {
    const { truth, picks } = imageOf("a", 400, true);
    const pixels = new Float32Array(900 * 400);
    await writeMrc(`${folder}/micrographs/a.mrc`, {
      width: 900,
      height: 400,
      pixels,
      pixelSizeA: 2,
    });
    await writeCoordinates(`${folder}/coordinates/a.star`, truth);
    await writeCoordinates(`${folder}/picks/a.thi`, picks);
    await writeCoordinates(`${folder}/good/a.thi`, truth);
    await Deno.writeTextFile(`${folder}/dataset.json`, '{"diameterA": 40}');
    const dataset = await readDataset(folder);
    const { warnings } = await evaluateFolder(`${folder}/picks`, dataset, { split: "all" });
    assert(warnings[0].includes("fit much better upside down (F1 1.000"));
    assertEquals((await evaluateFolder(`${folder}/good`, dataset, { split: "all" })).warnings, []);
  });
});
