/**
 * Files as the tools of each format write them, parsed to known values. They were typed by hand
 * from the descriptions of the formats, except `particles.cs`, which NumPy wrote
 * (`fixtures/io/make_cs.py`).
 *
 * @module
 */
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import {
  coordinateFormats,
  formatCoordinateIndex,
  readCoordinates,
  readPickGroups,
  scalePicks,
  writeCoordinates,
} from "../../lib/io/mod.ts";
import { withFile, withFolder } from "./mrc_bytes.ts";

const PARTICLES_CS = fromFileUrl(new URL("../fixtures/io/particles.cs", import.meta.url));

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

Deno.test("crYOLO's older cbox: five columns of text", async () => {
  const found = await read("a.cbox", "10 20 100 100 0.75\n0 0 50 50 0.25\n");
  assertEquals(found[0], { x: 60, y: 70, diameter: 100, score: 0.75 });
  assertEquals(found.length, 2);
});

Deno.test("Topaz: several micrographs, and a scale for picks on a downscaled image", async () => {
  const text = "image_name\tx_coord\ty_coord\tscore\na\t10\t20\t-1.5\na\t30\t40\t2\nb\t1\t2\t0\n";
  await withFile("all.txt", text, async (path) => {
    assertEquals(await readCoordinates(path, { micrograph: "a", scale: 4 }), [
      { x: 41.5, y: 81.5, score: -1.5 },
      { x: 121.5, y: 161.5, score: 2 },
    ]);
    const groups = await readPickGroups(path);
    assertEquals(groups.map(({ micrograph, picks }) => [micrograph, picks.length]), [
      ["a", 2],
      ["b", 1],
    ]);
    await assertRejects(() => readCoordinates(path, { scale: 0 }), EPickerError, "scale: found 0");
  });
  assertEquals(scalePicks([{ x: 0, y: 0 }], 2), [{ x: 0.5, y: 0.5 }]);
});

Deno.test("cryoSPARC: fractions from the bottom left, scores, filaments numbered anew", async () => {
  assertEquals(await readPickGroups(PARTICLES_CS), [
    {
      micrograph: "J2/motioncorrected/a.mrc",
      width: 400,
      height: 200,
      picks: [
        { x: 100, y: 50, score: 0.5, fiber: 1 },
        { x: 200, y: 0, score: 0.25, fiber: 2 },
        { x: 300, y: 100, score: 0.75, fiber: 1 },
      ],
    },
    {
      micrograph: "J2/motioncorrected/b.mrc",
      width: 200,
      height: 400,
      picks: [{ x: 25, y: 400 }],
    },
  ]);
  assertEquals((await readCoordinates(PARTICLES_CS, { micrograph: "b" })).length, 1);
});

Deno.test("cryoSPARC: the written header is the one that NumPy writes", async () => {
  await withFolder(async (folder) => {
    const image = { name: "µ.mrc", width: 400, height: 200 };
    await writeCoordinates(`${folder}/a.cs`, [{ x: 100, y: 50, score: 0.5 }], { image });
    const bytes = await Deno.readFile(`${folder}/a.cs`);
    const length = new DataView(bytes.buffer).getUint16(8, true);
    assertEquals((10 + length) % 64, 0);
    const header = new TextDecoder().decode(bytes.subarray(10, 10 + length));
    assertEquals(
      header.trimEnd(),
      "{'descr': [('uid', '<u8'), ('location/micrograph_uid', '<u8'), " +
        "('location/micrograph_path', '|S6'), ('location/micrograph_shape', '<u4', (2,)), " +
        "('location/center_x_frac', '<f4'), ('location/center_y_frac', '<f4'), " +
        "('pick_stats/ncc_score', '<f4'), ('pick_stats/power', '<f4')], " +
        "'fortran_order': False, 'shape': (1,), }",
    );
    assertEquals(await readCoordinates(`${folder}/a.cs`), [{ x: 100, y: 50, score: 0.5 }]);
  });
});

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

const V31 = `
# version 30001

data_optics

loop_
_rlnOpticsGroupName #1
_rlnOpticsGroup #2
_rlnMicrographPixelSize #3
opticsGroup1            1     0.885000


# version 30001

data_particles

loop_
_rlnCoordinateX #1
_rlnCoordinateY #2
_rlnAutopickFigureOfMerit #3
_rlnMicrographName #4
_rlnOpticsGroup #5
  100.500000    20.000000     0.900000 MotionCorr/job002/Movies/a.mrc            1
   30.000000    40.000000     0.800000 MotionCorr/job002/Movies/b.mrc            1
`;

Deno.test("RELION 3.0 and 3.1: particle lists of several micrographs", async () => {
  const v30 = V31.slice(V31.indexOf("data_particles")).replace("data_particles", "data_");
  for (const text of [V31, v30]) {
    await withFile("particles.star", text, async (path) => {
      assertEquals(await readPickGroups(path), [
        { micrograph: "MotionCorr/job002/Movies/a.mrc", picks: [{ x: 100.5, y: 20, score: 0.9 }] },
        { micrograph: "MotionCorr/job002/Movies/b.mrc", picks: [{ x: 30, y: 40, score: 0.8 }] },
      ]);
    });
  }
});

const INDEX = `
# version 30001

data_coordinate_files

loop_
_rlnMicrographName #1
_rlnMicrographCoordinates #2
MotionCorr/job002/Movies/a.mrc AutoPick/job003/Movies/a_autopick.star
`;

Deno.test("RELION 4: autopick.star leads to the files of the project", async () => {
  await withFolder(async (folder) => {
    const job = `${folder}/AutoPick/job003`;
    await writeCoordinates(`${job}/Movies/a_autopick.star`, [{ x: 1, y: 2, score: 0.5 }]);
    await Deno.writeTextFile(`${job}/autopick.star`, INDEX);
    const picks = [{ x: 1, y: 2, score: 0.5 }];
    assertEquals(await readPickGroups(`${job}/autopick.star`), [
      {
        micrograph: "MotionCorr/job002/Movies/a.mrc",
        coordinatesPath: `${await Deno.realPath(job)}/Movies/a_autopick.star`,
        picks,
      },
    ]);
    assertEquals(await readCoordinates(`${job}/autopick.star`, { micrograph: "a" }), picks);
    await Deno.remove(`${job}/Movies`, { recursive: true });
    const error = await assertRejects(() => readPickGroups(`${job}/autopick.star`), EPickerError);
    assertEquals(error.code, "missing-file");
  });
  const entry = { micrograph: "a b.mrc", coordinatesPath: "a b.star" };
  await withFile("a.star", formatCoordinateIndex([entry]), async (path) => {
    const [star] = coordinateFormats;
    assertEquals(star.parse(await Deno.readFile(path), { file: path }), [
      { micrograph: "a b.mrc", picks: [], coordinatesPath: "a b.star" },
    ]);
  });
});

Deno.test("an index that names itself ends in an error", async () => {
  await withFolder(async (folder) => {
    const rows = "_rlnMicrographName #1\n_rlnMicrographCoordinates #2\na.mrc index.star\n";
    await Deno.writeTextFile(`${folder}/index.star`, `data_coordinate_files\nloop_\n${rows}`);
    const message = "an index of files in an index";
    await assertRejects(() => readPickGroups(`${folder}/index.star`), EPickerError, message);
  });
});

const ENDS = "data_\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n1 2\n3 4\n5 6\n7 8\n";

Deno.test("RELION's start–end helices: two rows each, with or without tube numbers", async () => {
  assertEquals((await read("a.star", ENDS, "star-ends")).map(({ fiber }) => fiber), [1, 1, 2, 2]);
  const odd = ENDS.replace("7 8\n", "");
  await assertRejects(() => read("a.star", odd, "star-ends"), EPickerError, "found 3 rows without");
  const picks = [1, 2, 3].flatMap((fiber) => [0, 1, 2].map((x) => ({ x, y: fiber, fiber })));
  await withFolder(async (folder) => {
    const path = `${folder}/a.star`;
    await writeCoordinates(path, [...picks, { x: 9, y: 9 }], { format: "star-ends" });
    const found = await readCoordinates(path, { format: "star-ends" });
    assertEquals(found, picks.filter(({ x }) => x !== 1));
    const bare = () => writeCoordinates(path, [{ x: 9, y: 9 }], { format: "star-ends" });
    await assertRejects(bare, EPickerError, "picks without fibers");
  });
});

Deno.test("helical segments carry the priors that RELION wants", async () => {
  await withFolder(async (folder) => {
    const picks = [{ x: 0, y: 0, fiber: 1 }, { x: 3, y: 4, fiber: 1 }, { x: 3, y: 14, fiber: 1 }];
    const image = { name: "a", width: 99, height: 99, pixelSizeA: 2 };
    await writeCoordinates(`${folder}/a.star`, picks, { image });
    const text = await Deno.readTextFile(`${folder}/a.star`);
    const names = text.match(/_rln\w+/g)!.slice(4);
    assertEquals(names, [
      "_rlnHelicalTubeID",
      "_rlnAngleTiltPrior",
      "_rlnAnglePsiPrior",
      "_rlnAnglePsiFlipRatio",
      "_rlnHelicalTrackLengthAngst",
    ]);
    const rows = text.trim().split("\n").slice(-3).map((row) =>
      row.trim().split(/\s+/).map(Number)
    );
    assertEquals(rows.map((row) => row.at(-1)), [0, 10, 30]);
    assertEquals(rows.map((row) => row[5]), [90, 90, 90]);
    assertAlmostEquals(rows[0][6], -53.13, 0.005);
    assertAlmostEquals(rows[2][6], -90, 0.005);
  });
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

const PARTICLES = await Deno.readFile(PARTICLES_CS);

const WRONG: [string, string | Uint8Array, string][] = [
  ["a.cbox", CBOX.replaceAll("_Width", "_W"), "found the blocks global, cryolo"],
  ["a.cbox", CBOX.replace("0.83", "high"), 'a.cbox, line 21: found "high" as _Confidence'],
  ["a.cbox", CBOX.replace("160 160", "0 160"), 'found "0" as _Width; expected a number above 0'],
  ["a.thi", "[Particle Coordinates: X Y Value]\n1 2 3 4\n", "a.thi, line 2: found 4 values"],
  ["a.thi", "1 b\n", 'line 1: found "b" as y'],
  ["a.coord", "1\n", "a.coord, line 1: found 1 values as a row"],
  ["a.cs", "data_\n", "at the start; expected a NumPy structured array"],
  ["a.cs", "\x95CSDAT and so on", "expected a NumPy structured array"],
  ["a.cs", PARTICLES.slice(0, -1), "for 4 records of"],
  ["a.cs", PARTICLES.slice(0, 100), "found a header of"],
  [
    "a.star",
    "data_\nloop_\n_rlnMicrographCoordinates #1\na.star\n",
    "found _rlnMicrographCoordinates alone",
  ],
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
