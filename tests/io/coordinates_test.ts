import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import { checkInside, readCoordinates, writeCoordinates } from "../../lib/io/mod.ts";
import { withFile, withFolder } from "./mrc_bytes.ts";

function read(name: string, text: string, micrograph?: string): Promise<Pick[]> {
  return withFile(name, text, (path) => {
    return readCoordinates(path, micrograph === undefined ? {} : { micrograph });
  });
}

function number(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}

interface RoundTrip {
  extension: string;
  format?: string;
  /** Largest error of the centre. */
  centre: number;
  /** Largest error of the diameter; absent where the format has none. */
  diameter?: number;
  /** Whether the format has fibers. */
  fibers?: boolean;
  /** Whether the format has classes. */
  classes?: boolean;
  /** Whether the format has no scores. */
  unscored?: boolean;
}

const picksOf = ({ diameter, fibers, classes, unscored }: RoundTrip): fc.Arbitrary<Pick[]> => {
  const always = {
    x: number(-50, 12000),
    y: number(-50, 12000),
    ...(!unscored && { score: number(0, 1) }),
    ...(diameter !== undefined && { diameter: number(1, 900) }),
    ...(fibers && { fiber: fc.integer({ min: 1, max: 4 }) }),
  };
  const sometimes = { ...(classes && { classNumber: fc.integer({ min: 1, max: 200 }) }) };
  const pick = fc.record({ ...always, ...sometimes }, { requiredKeys: Object.keys(always) as [] });
  return fc.array(pick as fc.Arbitrary<Pick>, { maxLength: 20 });
};

const ROUND_TRIPS: RoundTrip[] = [
  { extension: "star", centre: 0.00501, fibers: true, classes: true },
  { extension: "csv", centre: 0.00501, diameter: 0.00501, fibers: true, classes: true },
  { extension: "tsv", centre: 0.00501, diameter: 0.00501 },
  { extension: "txt", centre: 0.00501 },
  { extension: "box", centre: 0.50001, diameter: 0.50001 },
  { extension: "cbox", centre: 0.00011, diameter: 0.00501, fibers: true },
  { extension: "cs", centre: 0.002, classes: true },
  { extension: "thi", centre: 0.00501, diameter: 0.00101 },
  { extension: "thi", centre: 0.00501, fibers: true },
  { extension: "thi", centre: 0.00501, unscored: true },
  { extension: "coord", centre: 0.00501, diameter: 0.00101 },
  { extension: "coord", centre: 0.00501, unscored: true },
  { extension: "json", centre: 0, diameter: 0, fibers: true, classes: true },
];

for (const trip of ROUND_TRIPS) {
  const { extension, centre, diameter, fibers, classes, unscored } = trip;
  const parts = { fibers, classes, "no scores": unscored };
  const kind = Object.entries(parts).map(([name, has]) => has ? `, ${name}` : "").join("");
  Deno.test(`readCoordinates() reads .${extension} as writeCoordinates() wrote it${kind}`, async () => {
    const image = { name: "a", width: 12000, height: 11000, pixelSizeA: 1.25 };
    await withFolder(async (folder) => {
      const path = `${folder}/a.${extension}`;
      const property = fc.asyncProperty(picksOf(trip), async (picks) => {
        await writeCoordinates(path, picks, { image });
        const back = await readCoordinates(path);
        assertEquals(back.length, picks.length);
        for (const [i, pick] of picks.entries()) {
          assertAlmostEquals(back[i].x, pick.x, centre);
          assertAlmostEquals(back[i].y, pick.y, centre);
          if (!unscored) assertAlmostEquals(back[i].score!, pick.score!, 5.1e-7);
          assertEquals(back[i].score === undefined, pick.score === undefined);
          if (diameter !== undefined) {
            assertAlmostEquals(back[i].diameter!, pick.diameter!, diameter);
          }
          assertEquals(back[i].fiber, pick.fiber);
          assertEquals(back[i].classNumber, pick.classNumber);
        }
      });
      await fc.assert(property, { numRuns: 25, seed: 2 });
    });
  });
}

Deno.test("writeCoordinates() keeps fibers in STAR and CSV", async () => {
  const picks: Pick[] = [{ x: 1, y: 2, fiber: 1 }, { x: 3, y: 4 }, { x: 5, y: 6, fiber: 2 }];
  await withFolder(async (folder) => {
    for (const path of [`${folder}/a.star`, `${folder}/a.csv`]) {
      const image = { name: "a", width: 9, height: 9, pixelSizeA: 2 };
      await writeCoordinates(path, picks, { image });
      assertEquals(await readCoordinates(path), picks);
    }
  });
});

Deno.test("writeCoordinates() writes the columns that RELION reads", async () => {
  await withFolder(async (folder) => {
    await writeCoordinates(`${folder}/a.star`, [{ x: 1.234, y: 20, score: 0.5 }]);
    const text = await Deno.readTextFile(`${folder}/a.star`);
    const lines = [
      ...["", "data_", "", "loop_", "_rlnCoordinateX #1", "_rlnCoordinateY #2"],
      ...["_rlnClassNumber #3", "_rlnAnglePsi #4", "_rlnAutopickFigureOfMerit #5"],
      ...["1.23 20.00 -999 -999.00 0.500000", "", ""],
    ];
    assertEquals(text, lines.join("\n"));
  });
});

Deno.test("writeCoordinates() writes box corners so that corner + size / 2 is the centre", async () => {
  await withFolder(async (folder) => {
    await writeCoordinates(`${folder}/a.box`, [{ x: 50, y: 60, score: 0.5 }], { boxSize: 20 });
    assertEquals(await Deno.readTextFile(`${folder}/a.box`), "40\t50\t20\t20\t0.500000\n");
  });
});

Deno.test("readCoordinates() reads STAR with optics before and picks one micrograph", async () => {
  const text = `data_optics
loop_
_rlnOpticsGroup #1
1

data_particles
loop_
_rlnMicrographName #1
_rlnCoordinateX
_rlnCoordinateY #3
_rlnHelicalTubeID #4
MotionCorr/job2/a.mrc 1 2 3
MotionCorr/job2/b.mrc 4 5 0
`;
  assertEquals(await read("p.star", text, "a"), [{ x: 1, y: 2, fiber: 3 }]);
  assertEquals(await read("p.star", text, "b"), [{ x: 4, y: 5 }]);
  assertEquals(await read("p.star", text, "c"), []);
  await assertRejects(() => read("p.star", text), EPickerError, "found picks of a, b; expected");
  const one = text.replace(/.*b\.mrc.*\n/, "");
  assertEquals((await read("p.star", one)).length, 1);
  await assertRejects(() => read("p.star", one, "c"), EPickerError, "found picks of a; expected");
});

Deno.test("readCoordinates() reads boxes with fractions, scores and EMAN1 flags", async () => {
  const text = "31.40\t27.21\t34\t34\r\n10 20 30 40 0.5\n\n# comment\n0 0 10 10 -3\n";
  assertEquals(await read("a.box", text), [
    { x: 48.4, y: 44.21, diameter: 34 },
    { x: 25, y: 40, diameter: 40, score: 0.5 },
    { x: 5, y: 5, diameter: 10 },
  ]);
});

Deno.test("readCoordinates() reads the column names of CryoPPP and Topaz", async () => {
  const cryoppp = 'X-Coordinate,"Y-Coordinate",Diameter,Class 2D\n1,2,30,4\n5.5,6,,7\n';
  assertEquals(await read("a.csv", cryoppp), [{ x: 1, y: 2, diameter: 30 }, { x: 5.5, y: 6 }]);
  const topaz = "image_name\tx_coord\ty_coord\tscore\na.v1\t1\t2\t6.5\nb\t3\t4\t-1\n";
  assertEquals(await read("t.txt", topaz, "a.v1"), [{ x: 1, y: 2, score: 6.5 }]);
  assertEquals(await read("t.csv", "\uFEFFScore;Y;X\r\n0.5;2;1;\r\n"), [{
    x: 1,
    y: 2,
    score: 0.5,
  }]);
});

Deno.test("readCoordinates() finds no picks in empty files", async () => {
  for (const name of ["a.star", "a.box", "a.csv", "a.json"]) {
    assertEquals(await read(name, ""), []);
    assertEquals(await read(name, " \r\n\n"), []);
  }
  assertEquals(await read("a.csv", "x,y,score\n"), []);
  assertEquals(await read("a.star", "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n"), []);
});

const STAR = "data_\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n";
const WRONG: [string, string, string][] = [
  ["a.star", `${STAR}1 2\n3 nan\n`, 'a.star, line 6: found "nan" as _rlnCoordinateY; expected a'],
  ["a.star", `${STAR}1 2e9\n`, 'line 5: found "2e9"'],
  ["a.star", `${STAR}1\n`, "line 5: found 1 values; expected 2"],
  ["a.star", "data_\nloop_\n_rlnMicrographName\na\n", "found the columns _rlnMicrographName"],
  ["a.box", "1 2 3 4\n1 2 3\n", "a.box, line 2: found 3 values as a box"],
  ["a.box", "1 2 0 4\n", 'line 1: found "0" as width; expected a number above 0'],
  ["a.box", "1 x 3 4\n", 'line 1: found "x" as corner y'],
  ["a.csv", "1,2\n3,4\n", "a.csv, line 1: found the header"],
  ["a.csv", "x,y\n1,2\n\n3,Infinity\n", 'a.csv, line 4: found "Infinity" as y'],
  ["a.csv", "x,y\n1,5,2,5\n", "line 2: found 4 cells as a row; expected 2"],
  ["a.csv", "x,y,fiber\n1,5,2.5\n", 'line 2: found "2.5" as fiber'],
  ["a.csv", "x,y\n0x10,5\n", 'line 2: found "0x10" as x'],
  ["a.json", "{", "text that is not JSON"],
  ["a.json", '{"version": 2}', "version: "],
];

for (const [name, text, message] of WRONG) {
  Deno.test(`readCoordinates() reports ${JSON.stringify(text)} in ${name}`, async () => {
    const error = await assertRejects(() => read(name, text), EPickerError, message);
    assertEquals(error.code, "bad-file");
  });
}

Deno.test("readCoordinates() and writeCoordinates() report what they cannot do", async () => {
  await assertRejects(() => readCoordinates("a.xyz"), EPickerError, "an unknown extension");
  await assertRejects(() => readCoordinates("a.csv", { format: "no" }), EPickerError, "'no'");
  await assertRejects(() => readCoordinates("/no/a.csv"), EPickerError, "cannot be read");
  const pick = { x: 1, y: 2 };
  const cases: [string, Pick, string][] = [
    ["/no/a.box", pick, "no box size"],
    ["/no/a.json", pick, "no option 'image'"],
    ["/no/a.star", { x: NaN, y: 2 }, "found x = NaN in pick 1"],
    ["/no/a.csv", { x: 1, y: 2e7 }, "found y = 20000000 in pick 1"],
  ];
  for (const [path, bad, message] of cases) {
    const error = await assertRejects(() => writeCoordinates(path, [bad]), EPickerError, message);
    assertEquals(error.code, "bad-option");
  }
});

Deno.test("checkInside() parts picks at the outer edges of the border pixels", () => {
  const xs = [-0.51, -0.5, 0, 9.5, 9.51];
  const { inside, outside } = checkInside(xs.map((x) => ({ x, y: 0 })), 10, 1);
  assertEquals(inside.map(({ x }) => x), [-0.5, 0, 9.5]);
  assertEquals(outside.map(({ x }) => x), [-0.51, 9.51]);
  assert(checkInside([{ x: 0, y: 0.6 }], 10, 1).outside.length === 1);
});
