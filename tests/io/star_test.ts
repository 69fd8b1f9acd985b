/**
 * RELION's STAR files. The texts are laid out as RELION's own writer does it (`src/metadata_table.cpp`:
 * a blank behind each name, numbers 12 wide); columns as `src/autopicker.cpp`, `src/manualpicker.cpp`,
 * `src/preprocessing.cpp` and `src/helix.cpp` of RELION 3.0 to 5.0 set them.
 *
 * @module
 */
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import {
  coordinateFormats,
  formatCoordinateIndex,
  readCoordinates,
  readPickGroups,
  recentrePicks,
  writeCoordinates,
} from "../../lib/io/mod.ts";
import { withFile, withFolder } from "./mrc_bytes.ts";

function read(name: string, text: string, format?: string): Promise<Pick[]> {
  return withFile(name, text, (path) => {
    return readCoordinates(path, format === undefined ? {} : { format });
  });
}

const AUTOPICK = `
# version 30001

data_

loop_ 
_rlnCoordinateX #1 
_rlnCoordinateY #2 
_rlnClassNumber #3 
_rlnAutopickFigureOfMerit #4 
_rlnAnglePsi #5 
  614.250000  2154.000000            2     0.543210   -15.000000 
   81.000000    12.500000            1    -0.125000     0.000000 
 
`;

Deno.test("RELION's autopick files: figure of merit and the class of the reference", async () => {
  const picks = [
    { x: 614.25, y: 2154, score: 0.54321, classNumber: 2 },
    { x: 81, y: 12.5, score: -0.125, classNumber: 1 },
  ];
  assertEquals(await read("a.star", AUTOPICK), picks);
  const old = AUTOPICK.replace("# version 30001", "# RELION; version 3.0");
  assertEquals(await read("a.star", old), picks);
  assertEquals(await read("a.star", AUTOPICK.replaceAll("\n", "\r\n")), picks);
});

const MANUAL = `
# version 50001

data_

loop_ 
_rlnCoordinateX #1 
_rlnCoordinateY #2 
_rlnParticleSelectionType #3 
_rlnAnglePsi #4 
_rlnAutopickFigureOfMerit #5 
  100.000000   200.000000            2  -999.00000  -999.00000 
 
`;

Deno.test("RELION's manual picks: -999 is no score and no class, nor is -9999", async () => {
  assertEquals(await read("a.star", MANUAL), [{ x: 100, y: 200 }]);
  const old = MANUAL.replace("_rlnParticleSelectionType", "_rlnClassNumber");
  assertEquals(await read("a.star", old), [{ x: 100, y: 200, classNumber: 2 }]);
  const cryolo = old.replaceAll("-999.", "-9999.").replace("           2", "       -9999");
  assertEquals(await read("a.star", cryolo), [{ x: 100, y: 200 }]);
});

const PARTICLES_31 = `
# version 30001

data_optics

loop_ 
_rlnOpticsGroupName #1 
_rlnOpticsGroup #2 
_rlnMicrographOriginalPixelSize #3 
_rlnMicrographPixelSize #4 
_rlnImagePixelSize #5 
_rlnImageSize #6 
_rlnImageDimensionality #7 
opticsGroup1            1     0.442500     0.885000     3.540000           64            2 
opticsGroup2            2     0.442500     1.770000     3.540000           64            2 
 

# version 30001

data_particles

loop_ 
_rlnCoordinateX #1 
_rlnCoordinateY #2 
_rlnAutopickFigureOfMerit #3 
_rlnImageName #4 
_rlnMicrographName #5 
_rlnOpticsGroup #6 
_rlnOriginXAngst #7 
_rlnOriginYAngst #8 
_rlnClassNumber #9 
 1000.000000   500.000000     0.900000 000001@Extract/job009/Movies/a.mrcs MotionCorr/job002/Movies/a.mrc            1     3.540000    -1.770000            3 
   30.000000    40.000000     0.800000 000001@Extract/job009/Movies/b.mrcs MotionCorr/job002/Movies/b.mrc            2     3.540000     0.000000            1 
   50.000000    60.000000     0.700000 000002@Extract/job009/Movies/a.mrcs MotionCorr/job002/Movies/a.mrc            1     0.000000     0.000000            3 
 
`;

Deno.test("RELION 3.1 and later: particles of a refinement, optics groups of two pixel sizes", async () => {
  await withFile("particles.star", PARTICLES_31, async (path) => {
    assertEquals(await readPickGroups(path), [
      {
        micrograph: "MotionCorr/job002/Movies/a.mrc",
        picks: [
          { x: 1000, y: 500, score: 0.9, classNumber: 3 },
          { x: 50, y: 60, score: 0.7, classNumber: 3 },
        ],
        offsetsA: [{ x: 3.54, y: -1.77 }, { x: 0, y: 0 }],
        pixelSizeA: 0.885,
      },
      {
        micrograph: "MotionCorr/job002/Movies/b.mrc",
        picks: [{ x: 30, y: 40, score: 0.8, classNumber: 1 }],
        offsetsA: [{ x: 3.54, y: 0 }],
        pixelSizeA: 1.77,
      },
    ]);
    const picks = await readCoordinates(path, { micrograph: "b" });
    assertEquals(picks, [{ x: 30, y: 40, score: 0.8, classNumber: 1 }]);
  });
});

Deno.test("pixel sizes of particle images and of movies are not those of micrographs", async () => {
  const text = PARTICLES_31.replace("_rlnMicrographPixelSize #4", "_rlnVoltage #4");
  await withFile("particles.star", text, async (path) => {
    assertEquals((await readPickGroups(path)).map(({ pixelSizeA }) => pixelSizeA), [
      undefined,
      undefined,
    ]);
  });
});

const PARTICLES_30 = `
# RELION; version 3.0

data_

loop_ 
_rlnMicrographName #1 
_rlnCoordinateX #2 
_rlnCoordinateY #3 
_rlnMagnification #4 
_rlnDetectorPixelSize #5 
_rlnOriginX #6 
_rlnOriginY #7 
MotionCorr/job002/Movies/a.mrc  1000.000000   500.000000 20000.000000     3.540000     2.000000    -1.000000 
`;

Deno.test("RELION 3.0: offsets in pixels of the particle image become Å", async () => {
  await withFile("particles.star", PARTICLES_30, async (path) => {
    const [{ picks, offsetsA, pixelSizeA }] = await readPickGroups(path);
    assertEquals([picks, pixelSizeA], [[{ x: 1000, y: 500 }], undefined]);
    assertEquals(offsetsA, [{ x: 3.54, y: -1.77 }]);
    // RELION 3.0's own recentring: xcoord -= xoff · (particle Å / micrograph Å).
    assertEquals(recentrePicks(picks, offsetsA!, 0.885), [{ x: 996, y: 502 }]);
  });
  const bare = PARTICLES_30.replace("_rlnMagnification", "_rlnVoltage");
  await withFile("particles.star", bare, async (path) => {
    assertEquals((await readPickGroups(path))[0].offsetsA, undefined);
  });
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

Deno.test("an index leads to files alone: no folders, no devices, no strange names", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/b.star`);
    await Deno.symlink("/dev/zero", `${folder}/c.star`);
    const head =
      "data_coordinate_files\nloop_\n_rlnMicrographName #1\n_rlnMicrographCoordinates #2\n";
    for (
      const name of [`${folder}/b.star`, "c.star", `${folder}/c.star`, "a\u0000.star", "../.."]
    ) {
      await Deno.writeTextFile(`${folder}/index.star`, `${head}a.mrc ${name}\n`);
      const error = await assertRejects(() => readPickGroups(`${folder}/index.star`), EPickerError);
      assertEquals(error.code, "missing-file");
    }
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

const MANUAL_ENDS = `
# version 30001

data_

loop_ 
_rlnCoordinateX #1 
_rlnCoordinateY #2 
_rlnClassNumber #3 
_rlnAnglePsi #4 
_rlnAutopickFigureOfMerit #5 
  100.000000   200.000000            2  -999.00000  -999.00000 
  900.000000   250.000000            2  -999.00000  -999.00000 
 
`;

Deno.test("RELION's start–end helices as its manual picker writes them", async () => {
  assertEquals(await read("a.star", MANUAL_ENDS, "star-ends"), [
    { x: 100, y: 200, classNumber: 2, fiber: 1 },
    { x: 900, y: 250, classNumber: 2, fiber: 1 },
  ]);
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

Deno.test("star and star-ends keep classes", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/a.star`;
    const picks: Pick[] = [{ x: 1, y: 2, classNumber: 3 }, { x: 3, y: 4 }];
    await writeCoordinates(path, picks);
    assertEquals(await readCoordinates(path), picks);
    const helix = picks.map((pick) => ({ ...pick, fiber: 1 }));
    await writeCoordinates(path, helix, { format: "star-ends" });
    assertEquals(await readCoordinates(path, { format: "star-ends" }), helix);
  });
});

const ROW = "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n";

Deno.test("odd STAR files: tabs, blank lines, comments, no last line end, a column twice", async () => {
  assertEquals(await read("a.star", `\uFEFF# comment\n${ROW}\n1\t2\n# more\n\n  3   4`), [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ]);
  const twice = ROW.replace("_rlnCoordinateY\n", "_rlnCoordinateY\n_rlnCoordinateX\n");
  assertEquals(await read("a.star", `${twice}1 2 9\n`), [{ x: 1, y: 2 }]);
  assertEquals(await read("a.star", `${ROW}-5 -0.5\n`), [{ x: -5, y: -0.5 }]);
  assertEquals(await read("a.star", "data_optics\n\ndata_particles\n"), []);
});

const WRONG: [string, string][] = [
  [
    "data_\nloop_\n_rlnMicrographCoordinates #1\na.star\n",
    "found _rlnMicrographCoordinates alone",
  ],
  [AUTOPICK.replace("           2", "         1.5"), 'line 12: found "1.5" as _rlnClassNumber'],
  [AUTOPICK.replace("0.543210", "none"), 'found "none" as _rlnAutopickFigureOfMerit'],
  [PARTICLES_31.replace("3.540000    -1.770000", "nan 0"), 'found "nan" as _rlnOriginXAngst'],
  [PARTICLES_30.replace("20000.000000", "0"), 'found "0" as _rlnMagnification; expected a number'],
];

for (const [text, message] of WRONG) {
  Deno.test(`readCoordinates() reports in STAR: ${message}`, async () => {
    const error = await assertRejects(() => read("a.star", text), EPickerError, message);
    assertEquals(error.code, "bad-file");
  });
}
