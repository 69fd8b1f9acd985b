/**
 * Files as the tools of each format write them, parsed to known values; RELION's and cryoSPARC's are
 * in tests of their own. They were typed by hand after files and writers of the tools.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import {
  coordinateFormats,
  readCoordinates,
  readPickGroups,
  scalePicks,
} from "../../lib/io/mod.ts";
import { withFile, withFolder } from "./mrc_bytes.ts";

function read(name: string, text: string, format?: string): Promise<Pick[]> {
  return withFile(name, text, (path) => {
    return readCoordinates(path, format === undefined ? {} : { format });
  });
}

const CBOX = `
data_global

_cbox_format_version 1.0

data_cryolo

loop_
_CoordinateX #1
_CoordinateY #2
_CoordinateZ #3
_Width #4
_Height #5
_Depth #6
_EstWidth #7
_EstHeight #8
_Confidence #9
_NumBoxes #10
_Angle #11
_filamentid #12
100.0 200.5 <NA> 160 160 <NA> 150.0 154.0 0.83 <NA> <NA> 0
-10 0 <NA> 160 120 <NA> <NA> <NA> 0.12 <NA> <NA> 1
5 6 <NA> 10 10 <NA> -1 -1 <NA> <NA> <NA> <NA>

data_filament_vertices

loop_
_filamentid #1
_CoordinateX #2
_CoordinateY #3
0 180 280.5
`;

Deno.test("crYOLO's cbox: corner and size, estimated size, <NA>, filaments from 0", async () => {
  assertEquals(await read("a.cbox", CBOX), [
    { x: 180, y: 280.5, diameter: 152, score: 0.83, fiber: 1 },
    { x: 70, y: 60, diameter: 160, score: 0.12, fiber: 2 },
    { x: 10, y: 11, diameter: 10 },
  ]);
});

const CBOX_HEAD = CBOX.slice(0, CBOX.indexOf("100.0 200.5"));

Deno.test("crYOLO's cbox as 1.8 and later write it: particles, filaments as numbers with a point", async () => {
  const include = "\ndata_cryolo_include\n\nloop_\n_slice_index #1\n";
  const particles = CBOX_HEAD.replace("_filamentid #12\n", "") +
    "3700.3671875 3874.455551147461 <NA> 220.0 220.0 <NA> 232.0 222.0 0.65784490 <NA> <NA>\n";
  assertEquals(await read("a.cbox", particles + include), [
    { x: 3810.3671875, y: 3984.455551147461, diameter: 227, score: 0.6578449 },
  ]);
  const filaments = CBOX_HEAD +
    "33.5 2490.5 <NA> 100.0 100.0 1.0 <NA> <NA> 1.0 <NA> <NA> 0.0\n" +
    "55.5 2502.5 <NA> 100.0 100.0 1.0 <NA> <NA> 1.0 <NA> <NA> 1.0\n";
  assertEquals(await read("a.cbox", filaments + include), [
    { x: 83.5, y: 2540.5, diameter: 100, score: 1, fiber: 1 },
    { x: 105.5, y: 2552.5, diameter: 100, score: 1, fiber: 2 },
  ]);
  assertEquals(await read("a.cbox", CBOX_HEAD + include), []);
});

Deno.test("crYOLO's older cbox: five columns of text", async () => {
  const found = await read("a.cbox", "10 20 100 100 0.75\n0 0 50 50 0.25\n");
  assertEquals(found[0], { x: 60, y: 70, diameter: 100, score: 0.75 });
  assertEquals(found.length, 2);
});

Deno.test("Topaz: several micrographs, and a scale for picks on a downscaled image", async () => {
  const text = "image_name\tx_coord\ty_coord\tscore\na\t10\t20\t-1.5\na\t30\t40\t2\nb\t1\t2\t0\n";
  await withFile("all.txt", text, async (path) => {
    assertEquals(await readCoordinates(path, { micrograph: "a", scale: 4 }), [
      { x: 40, y: 80, score: -1.5 },
      { x: 120, y: 160, score: 2 },
    ]);
    const averaged = await readCoordinates(path, { micrograph: "b", scale: 4, averaged: true });
    assertEquals(averaged, [{ x: 5.5, y: 9.5, score: 0 }]);
    const groups = await readPickGroups(path);
    assertEquals(groups.map(({ micrograph, picks }) => [micrograph, picks.length]), [
      ["a", 2],
      ["b", 1],
    ]);
    await assertRejects(() => readCoordinates(path, { scale: 0 }), EPickerError, "scale: found 0");
  });
});

Deno.test("scalePicks() finds a blob where it was before its image was cropped in Fourier space", () => {
  const [wide, scale, centre] = [128, 8, 60.5];
  const row = Array.from({ length: wide }, (_, x) => Math.exp(-((x - centre) ** 2) / 288));
  const small = fourierCropped(row, wide / scale);
  const x = centreOfMass(small);
  assertAlmostEquals(scalePicks([{ x, y: 0 }], scale)[0].x, centre, 0.05);
  const means = small.map((_, i) => {
    return row.slice(i * scale, (i + 1) * scale).reduce((sum, value) => sum + value) / scale;
  });
  const [{ x: found }] = scalePicks([{ x: centreOfMass(means), y: 0 }], scale, { averaged: true });
  assertAlmostEquals(found, centre, 0.05);
});

/** The lowest frequencies of a row, transformed back to fewer pixels: sums, term by term. */
function fourierCropped(row: number[], count: number): number[] {
  const frequencies = Array.from({ length: count - 1 }, (_, i) => i - count / 2 + 1);
  return Array.from({ length: count }, (_, n) => {
    const terms = frequencies.flatMap((k) =>
      row.map((value, x) => value * Math.cos(2 * Math.PI * k * (n / count - x / row.length)))
    );
    return terms.reduce((sum, term) => sum + term) / row.length;
  });
}

function centreOfMass(row: number[]): number {
  return row.reduce((sum, value, x) => sum + value * x, 0) /
    row.reduce((sum, value) => sum + value);
}

Deno.test("EPicker's thi: particles, vesicles, helices and files without a header", async () => {
  const end = "[End]\n";
  const particles = `[Particle Coordinates: X Y Value]\n10\t20\t0.500000\n30\t40\t0.250000\n${end}`;
  assertEquals(await read("a.thi", particles), [
    { x: 10, y: 20, score: 0.5 },
    { x: 30, y: 40, score: 0.25 },
  ]);
  const vesicles = `[Vesicle Coordinates: X Y Radius Value]\n10\t20\t35\t0.5\n${end}`;
  assertEquals(await read("a.thi", vesicles), [{ x: 10, y: 20, diameter: 70, score: 0.5 }]);
  const helices = "[Helix Coordinates: X Y Group Value]\n1 2 1 1.0\n3 4 1 1.0\n5 6 2 1.0\n[End]";
  assertEquals((await read("a.thi", helices)).map(({ fiber }) => fiber), [1, 1, 2]);
  assertEquals(await read("a.thi", `[Helix X Y Value]\n1 2 1.0\n${end}`), [
    { x: 1, y: 2, score: 1 },
  ]);
  assertEquals(await read("a.thi", "1 2\n3 4\n"), [{ x: 1, y: 2 }, { x: 3, y: 4 }]);
});

Deno.test("EPicker's merge_results.thi leads to the files that it names", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.thi`, "[Particle Coordinates: X Y Value]\n1\t2\t0.5\n");
    const head = "[Micrograph Particle coordinate:\n #0:MICROGRAPH_PATH    STRING\n" +
      " #1:PARTICLE_PATH    STRING]\n";
    const text = `${head}/data/a.mrc ${folder}/a.thi\n[End]\n`;
    await Deno.writeTextFile(`${folder}/merge_results.thi`, text);
    assertEquals(await readPickGroups(`${folder}/merge_results.thi`), [
      {
        micrograph: "/data/a.mrc",
        coordinatesPath: `${folder}/a.thi`,
        picks: [{ x: 1, y: 2, score: 0.5 }],
      },
    ]);
  });
});

Deno.test("EPicker's coord: the constant size and cut scores are no knowledge", async () => {
  const own = "10\t20\t19\t0\n30\t40\t55\t1\n";
  assertEquals(await read("a.coord", own), [{ x: 10, y: 20 }, { x: 30, y: 40, diameter: 110 }]);
  assertEquals(await read("a.coord", "1.5 2\n"), [{ x: 1.5, y: 2 }]);
  assertEquals(await read("a.coord", "1 2 19 0.5\n"), [{ x: 1, y: 2, score: 0.5, diameter: 38 }]);
});

const all = [
  { image: { name: "a", width: 100, height: 50 }, picks: [{ x: 1, y: 2, score: 0.5 }] },
  { image: { name: "b", width: 50, height: 100 }, picks: [{ x: 3, y: 4, score: 0.25 }] },
];

for (const format of coordinateFormats.filter(({ formatJoint }) => formatJoint !== undefined)) {
  Deno.test(`${format.name} holds several micrographs in one file`, () => {
    const content = format.formatJoint!(all, { file: "all" });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const groups = format.parse(bytes, { file: "all" });
    assertEquals(groups.map(({ micrograph }) => micrograph), ["a", "b"]);
    for (const [i, { picks: [{ x, y, score }] }] of groups.entries()) {
      assertAlmostEquals(x, all[i].picks[0].x, 1e-4);
      assertAlmostEquals(y, all[i].picks[0].y, 1e-4);
      assertEquals(score, all[i].picks[0].score);
    }
  });
}

const WRONG: [string, string, string][] = [
  ["a.cbox", CBOX.replaceAll("_Width", "_W"), "found the blocks global, cryolo"],
  ["a.cbox", CBOX.replace("0.83", "high"), 'a.cbox, line 21: found "high" as _Confidence'],
  ["a.cbox", CBOX.replace("160 160", "0 160"), 'found "0" as _Width; expected a number above 0'],
  ["a.thi", "[Particle Coordinates: X Y Value]\n1 2 3 4\n", "a.thi, line 2: found 4 values"],
  ["a.thi", "1 b\n", 'line 1: found "b" as y'],
  ["a.coord", "1\n", "a.coord, line 1: found 1 values as a row"],
];

for (const [name, content, message] of WRONG) {
  const shown = JSON.stringify(message);
  Deno.test(`readCoordinates() reports damage to ${name}: ${shown}`, async () => {
    await withFile(name, content, async (path) => {
      const error = await assertRejects(() => readCoordinates(path), EPickerError, message);
      assertEquals(error.code, "bad-file");
    });
  });
}
