import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { SIZE_UNIT } from "../../lib/centernet/mod.ts";
import { distance, EPickerError, type Micrograph, type Point } from "../../lib/core/mod.ts";
import { readCandidates, readCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { pickFiles, type PickFilesOptions } from "../../lib/picking/mod.ts";
import { fibersThrough } from "../../lib/picking/fibers.ts";
import { fiberPicker, FIBERS, SIDE } from "./_seeing.ts";

const MICROGRAPH: Micrograph = {
  name: "a",
  width: SIDE,
  height: SIDE,
  pixels: Float32Array.from({ length: SIDE * SIDE }, (_, i) => i % 7),
  pixelSizeA: 4,
};

/** Distance of a point from the line through two others. */
function beside({ x, y }: Point, [from, to]: [Point, Point]): number {
  const across = (x - from.x) * (to.y - from.y) - (y - from.y) * (to.x - from.x);
  return Math.abs(across) / distance(from, to);
}

Deno.test("in fiber mode picks are the nodes of fibers traced through the candidates", async () => {
  using picker = fiberPicker();
  const { fibers = [], picks, candidates, diameter } = await picker.pick(MICROGRAPH);
  assertAlmostEquals(diameter, SIZE_UNIT * SIDE / 1024, 1e-6);
  assertEquals(fibers.length, 2);
  assert(candidates.every(({ fiber }) => fiber === undefined));
  assertEquals(picks.length, fibers.reduce((sum, { line }) => sum + line.length, 0));
  const lengths = FIBERS.map(([from, to]) => distance(from, to)).sort((a, b) => a - b);
  for (const [i, { length }] of fibers.toSorted((a, b) => a.length - b.length).entries()) {
    assertAlmostEquals(length, lengths[i], 6);
  }
  for (const pick of picks) assert(Math.min(...FIBERS.map((ends) => beside(pick, ends))) < 0.5);
});

Deno.test("with a rise picks are boxes at that distance, in pixels or Å", async () => {
  using picker = fiberPicker();
  for (const options of [{ rise: 9 }, { riseA: 36 }]) {
    const { picks } = await picker.pick(MICROGRAPH, options);
    for (const [i, pick] of picks.slice(1).entries()) {
      if (pick.fiber === picks[i].fiber) assertAlmostEquals(distance(pick, picks[i]), 9, 0.01);
    }
    assertEquals(new Set(picks.map(({ fiber }) => fiber)), new Set([1, 2]));
  }
});

Deno.test("a fiber that is lost just before the border goes on to it", async () => {
  using picker = fiberPicker("fiber", [[{ x: 12, y: 50 }, { x: 300, y: 50 }]]);
  const { picks } = await picker.pick(MICROGRAPH);
  const columns = picks.map(({ x }) => x).sort((a, b) => a - b);
  assertEquals([columns.length, columns[0]], [3, 0]);
  assertAlmostEquals(columns[2], 300, 6);
});

Deno.test("a threshold above the scores leaves no fiber", async () => {
  using picker = fiberPicker();
  const { picks, fibers } = await picker.pick(MICROGRAPH, { threshold: 0.9 });
  assertEquals([picks, fibers], [[], []]);
});

Deno.test("a rise is refused where particles are picked, and in Å without a pixel size", async () => {
  using particles = fiberPicker("particle");
  await assertRejects(() => particles.pick(MICROGRAPH, { rise: 9 }), EPickerError, "rise: found");
  using picker = fiberPicker();
  const { pixelSizeA: _, ...bare } = MICROGRAPH;
  await assertRejects(() => picker.pick(bare, { riseA: 9 }), EPickerError, "no pixel size");
});

Deno.test("picked files: STAR as RELION extracts helices, the other formats, a rerun", async () => {
  const folder = await Deno.makeTempDir();
  await writeMrc(`${folder}/a.mrc`, MICROGRAPH);
  using picker = fiberPicker();
  const pick = async (options: Partial<PickFilesOptions> = {}) => {
    const formats = ["star", "thi", "cbox", "csv", "json"];
    const all = { out: `${folder}/out`, formats, riseA: 36, ...options };
    const { files: [{ error, skipped, fibers }] } = await pickFiles(
      picker,
      [`${folder}/a.mrc`],
      all,
    );
    assertEquals([error, fibers], [undefined, 2]);
    return skipped;
  };
  assertEquals([await pick(), await pick(), await pick({ riseA: 40 }), await pick()], [
    undefined,
    "already done",
    undefined,
    undefined,
  ]);
  const { picks } = await picker.pick(MICROGRAPH, { riseA: 36 });
  for (const extension of ["star", "thi", "cbox", "csv", "json"]) {
    const read = await readCoordinates(`${folder}/out/a.${extension}`);
    assertEquals(read.map(({ fiber }) => fiber), picks.map(({ fiber }) => fiber), extension);
    read.forEach((box, i) => assert(distance(box, picks[i]) < 0.01, extension));
  }
  await checkHelices(`${folder}/out/a.star`);
  const { fibers = [], candidates } = await readCandidates(`${folder}/out/candidates/a.json`);
  assertEquals([fibers.length, candidates.length > 50], [2, true]);
  await Deno.remove(folder, { recursive: true });
});

/** Tube ID, tilt 90, psi along the fiber and the track length in Å, row by row. */
async function checkHelices(path: string): Promise<void> {
  const lines = (await Deno.readTextFile(path)).split("\n").map((line) => line.trim());
  const columns = lines.filter((line) => line.startsWith("_rln")).map((line) => line.split(" ")[0]);
  const rows = lines.filter((line) => /^\d/.test(line)).map((line) =>
    line.split(/\s+/).map(Number)
  );
  const at = (row: number[], column: string) => row[columns.indexOf(`_rln${column}`)];
  const tracks = new Map<number, number>();
  let ends = FIBERS[0];
  for (const row of rows) {
    const tube = at(row, "HelicalTubeID");
    const place = { x: at(row, "CoordinateX"), y: at(row, "CoordinateY") };
    if (!tracks.has(tube)) ends = FIBERS.find((ends) => beside(place, ends) < 0.5)!;
    assert(beside(place, ends) < 0.5);
    const psi = -Math.atan2(ends[1].y - ends[0].y, ends[1].x - ends[0].x) * 180 / Math.PI;
    const turn = (at(row, "AnglePsiPrior") - psi + 720) % 180;
    assert(Math.min(turn, 180 - turn) < 2, `psi ${at(row, "AnglePsiPrior")} for ${psi}`);
    assertEquals([at(row, "AngleTiltPrior"), at(row, "AnglePsiFlipRatio")], [90, 0.5]);
    const track = tracks.get(tube);
    const expected = track === undefined ? 0 : track + 36;
    assertAlmostEquals(at(row, "HelicalTrackLengthAngst"), expected, 0.05);
    tracks.set(tube, at(row, "HelicalTrackLengthAngst"));
  }
  assertEquals([...tracks.keys()], [1, 2]);
}

Deno.test("at the fibers' own scale they are followed alike in any field of view", () => {
  const points = Array.from({ length: 60 }, (_, i) => ({ x: 50 + 4 * i, y: 90 + i, score: 0.8 }));
  const gap = points.filter((_, i) => i < 20 || i > 33);
  const lines = (side: number, view: "paper" | "particle") => {
    const micrograph = { name: "a", width: side, height: side };
    const options = { threshold: 0.5, diameter: 24, view };
    return fibersThrough(gap, micrograph, options).fibers.map(({ line }) => line);
  };
  assertEquals(lines(400, "particle"), lines(2000, "particle"));
  assertEquals(lines(1024, "particle"), lines(1024, "paper")); // 100 of 1024 pixels, 24 wide
  assert(lines(400, "paper").length > lines(2000, "paper").length);
});
