import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { drawTargets, type ImageDetector } from "../../lib/centernet/mod.ts";
import { EPickerError, type Pick, random } from "../../lib/core/mod.ts";
import {
  readCandidates,
  readCoordinates,
  readDataset,
  writeCoordinates,
  writeMrc,
} from "../../lib/io/mod.ts";
import { evaluateFolder } from "../../lib/evaluation/mod.ts";
import { Picker, pickFiles } from "../../lib/picking/mod.ts";
import { toNetwork } from "../../lib/preprocess/mod.ts";
import { perfectMaps } from "../centernet/_perfect.ts";
import { freshModel } from "./_model.ts";

const SIZE = { width: 2048, height: 1024 }; // two micrograph pixels are one of the network

/** In micrograph pixels; the second overlaps the first, the third lies within the fourth. */
const VESICLES = [
  { x: 300, y: 280, diameter: 160 },
  { x: 410, y: 300, diameter: 120 },
  { x: 1200, y: 500, diameter: 90 },
  { x: 1260, y: 520, diameter: 400 },
  { x: 1800, y: 900, diameter: 56 },
];

/** A picker whose network sees just these vesicles. */
function seeing(vesicles: Required<Omit<typeof VESICLES[number], "score">>[]): Picker {
  const detector: ImageDetector = {
    detect: (_, height, width) => {
      const objects = vesicles.map((vesicle) => toNetwork(vesicle, { scale: 2 }));
      return Promise.resolve(perfectMaps(drawTargets(objects, height, width)));
    },
    [Symbol.dispose]() {},
  };
  return new Picker(freshModel({ mode: "vesicle" }), { name: "wasm", title: "" }, detector);
}

function noise() {
  const stream = random(1);
  const pixels = Float32Array.from({ length: SIZE.width * SIZE.height }, () => stream.uniform());
  return { name: "a", ...SIZE, pixels };
}

/** Asserts the same centres and diameters, in any order. */
function assertVesicles(found: readonly Pick[], tolerance: number): void {
  assertEquals(found.length, VESICLES.length);
  for (const vesicle of VESICLES) {
    const near = found.toSorted((a, b) =>
      Math.hypot(a.x - vesicle.x, a.y - vesicle.y) - Math.hypot(b.x - vesicle.x, b.y - vesicle.y)
    )[0];
    assertAlmostEquals(near.x, vesicle.x, tolerance);
    assertAlmostEquals(near.y, vesicle.y, tolerance);
    assertAlmostEquals(near.diameter!, vesicle.diameter, tolerance);
  }
}

Deno.test("every vesicle comes with its own diameter in micrograph pixels, overlapping ones apart", async () => {
  using picker = seeing(VESICLES);
  const { mode, picks, diameter } = await picker.pick(noise(), { threshold: 0.99 });
  assertEquals(mode, "vesicle");
  assertVesicles(picks, 0.01);
  assertAlmostEquals(diameter, 120, 0.01); // the median
});

Deno.test("one diameter for all vesicles is refused", async () => {
  using picker = seeing(VESICLES);
  const micrograph = { ...noise(), pixelSizeA: 2 };
  const pick = () => picker.pick(micrograph, { diameterA: 100 });
  await assertRejects(pick, EPickerError, "every vesicle's own is predicted");
});

Deno.test("radius and score are in every format that has room for them", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "a.mrc");
  await writeMrc(path, noise());
  using picker = seeing(VESICLES);
  const formats = ["star", "box", "cbox", "csv", "thi", "coord"];
  const { files } = await pickFiles(picker, [path], { out: folder, formats, threshold: 0.99 });
  assertAlmostEquals(files[0].diameter!, 120, 1e-4);
  for (const format of ["box", "cbox", "csv", "thi", "coord"]) {
    const picks = await readCoordinates(join(folder, `a.${format}`));
    assertVesicles(picks, format === "box" ? 0.5 : 0.01); // box has whole pixels
    assert(picks.every(({ score }) => score === 1));
  }
  const star = await readCoordinates(join(folder, "a.star"));
  assert(star.every(({ score, diameter }) => score === 1 && diameter === undefined));
  const { mode, candidates } = await readCandidates(join(folder, "candidates", "a.json"));
  assertEquals(mode, "vesicle");
  assertVesicles(candidates.filter(({ score }) => score >= 0.99), 0.01);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what was picked as vesicles is scored by its own sizes, without being told", async () => {
  const folder = await Deno.makeTempDir();
  const out = join(folder, "picks");
  await Deno.mkdir(join(folder, "micrographs"));
  await writeMrc(join(folder, "micrographs", "a.mrc"), noise());
  await writeCoordinates(join(folder, "coordinates", "a.csv"), VESICLES);
  const swollen = VESICLES.map((v, i) => ({ ...v, diameter: v.diameter * (i === 0 ? 1.5 : 1.1) }));
  using picker = seeing(swollen);
  await pickFiles(picker, [join(folder, "micrographs")], { out });
  const dataset = await readDataset(folder);
  const { mode, overall } = await evaluateFolder(out, dataset, { split: "all" });
  assertEquals(mode, "vesicle");
  assertAlmostEquals(overall.f1, 4 / 5); // 1.5² is below IoU 0.5
  assertAlmostEquals(overall.radiusError, 0.1, 1e-3);
  const particles = await evaluateFolder(out, dataset, { split: "all", mode: "particle" });
  assertEquals([particles.mode, particles.overall.f1], ["particle", 1]);
  await writeCoordinates(join(folder, "ignore", "a.csv"), [{ x: 300, y: 280, diameter: 300 }]);
  const ignoring = await evaluateFolder(out, await readDataset(folder), { split: "all" });
  assertEquals(ignoring.overall.precision, 1); // the swollen one is no longer false
  assertEquals(ignoring.overall.recall, 4 / 5);
  await Deno.remove(folder, { recursive: true });
});
