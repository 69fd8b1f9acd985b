/**
 * Files after public reports, in `tests/fixtures/cases`, each with the values that are right.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import {
  convertCoordinates,
  coordinateFormats,
  parseStarTables,
  readCoordinates,
  readPickGroups,
  writeCoordinates,
  writeMrc,
} from "../../lib/io/mod.ts";
import { withFile, withFolder } from "./mrc_bytes.ts";

const CASES = fromFileUrl(new URL("../fixtures/cases/", import.meta.url));

function read(name: string, text: string): Promise<Pick[]> {
  return withFile(name, text, (path) => readCoordinates(path));
}

Deno.test("a cbox's boxes are those of its block cryolo, whatever comes before", async () => {
  const path = `${CASES}cbox-vertices-first.cbox`;
  assertEquals(
    await readCoordinates(path),
    [100, 150, 200, 250, 300].map((x) => ({ x, y: 100, diameter: 50, fiber: 1 })),
  );
  const vertices = (await Deno.readTextFile(path)).replace("data_cryolo\n", "data_other\n");
  await assertRejects(() => read("a.cbox", vertices), EPickerError, "expected cryolo with");
});

Deno.test("Topaz shrinks by Fourier cropping: 12.5, 20 of an eighth is 100, 160", async () => {
  const [pick] = await readCoordinates(`${CASES}topaz-scale-8.txt`, { scale: 8 });
  assertEquals(pick, { x: 100, y: 160, score: 1 });
});

Deno.test("a score may be of any size or unknown where coordinates have limits", async () => {
  assertEquals(await readCoordinates(`${CASES}star-large-fom.star`), [
    { x: 100.5, y: 200.5, score: 2.338e7, classNumber: 1 },
    { x: 300.5, y: 400.5, score: 0.5, classNumber: 1 },
  ]);
  assertEquals(await readCoordinates(`${CASES}star-nan-fom.star`), [
    { x: 100.5, y: 200.5 },
    { x: 300.5, y: 400.5, score: 0.5 },
  ]);
});

/** A file of each text format with a score in the place of `S`. */
const SCORED: Record<string, string> = {
  "a.star":
    "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnAutopickFigureOfMerit\n12.5 20 S\n",
  "a.box": "2.5\t10\t20\t20\tS\n",
  "a.cbox": "data_cryolo\nloop_\n_CoordinateX\n_CoordinateY\n_Width\n_Height\n_Confidence\n" +
    "2.5 10 20 20 S\n",
  "a.csv": "x,y,score\n12.5,20,S\n",
  "a.txt": "image_name\tx_coord\ty_coord\tscore\na\t12.5\t20\tS\n",
  "a.thi": "[Particle Coordinates: X Y Value]\n12.5\t20\tS\n[End]\n",
  "a.coord": "12.5\t20\t0\tS\n",
};

for (const [name, text] of Object.entries(SCORED)) {
  Deno.test(`scores of ${name} may be huge, tiny or unknown, but no other words`, async () => {
    const scoreOf = async (word: string) => {
      const [{ x, y, score }] = await read(name, text.replace("S", word));
      assertEquals([x, y], [12.5, 20]);
      return score;
    };
    assertEquals(await scoreOf("2.338e+07"), 2.338e7);
    assertEquals(await scoreOf("-1234567.5"), -1234567.5);
    for (const word of ["nan", "NaN", "-nan", "inf"]) assertEquals(await scoreOf(word), undefined);
    await assertRejects(() => scoreOf("high"), EPickerError, '"high" as');
  });
}

Deno.test("what a reader gives, a writer takes: scores beyond a million", async () => {
  const picks = [{ x: 1, y: 2, score: 2.5e7, diameter: 4 }];
  const image = { name: "a", width: 40, height: 30 };
  await withFolder(async (folder) => {
    for (const { name, extensions } of coordinateFormats) {
      if (name === "star-ends" || name === "cs") continue; // no scores; 32-bit floats
      const path = `${folder}/a${extensions[0]}`;
      await writeCoordinates(path, picks, { image, format: name });
      const [{ score }] = await readCoordinates(path, { format: name });
      assertEquals(score, 2.5e7, name);
    }
    const endless = () => writeCoordinates(`${folder}/a.csv`, [{ x: 1, y: 2, score: Infinity }]);
    await assertRejects(endless, EPickerError, "score = Infinity in pick 1; expected a finite");
  });
});

Deno.test("two tomograms are not one micrograph", async () => {
  const path = `${CASES}tomo-two-tomograms.star`;
  assertEquals(await readPickGroups(path), [
    { micrograph: "TS_1.tomostar", picks: [{ x: 1874.3, y: 205.8 }] },
    { micrograph: "TS_2.tomostar", picks: [{ x: 1863.5, y: 218.5 }] },
  ]);
  await assertRejects(() => readCoordinates(path), EPickerError, "found picks of TS_1, TS_2");
  await withFolder(async (out) => {
    const [{ written }] = await convertCoordinates([path], { to: "csv", out });
    assertEquals(written.map(({ name, picks }) => [name, picks]), [["TS_1", 1], ["TS_2", 1]]);
  });
});

const NAMELESS: Record<string, string> = {
  "a.csv": "micrograph,x,y\na.mrc,1,2\n,3,4\n",
  "a.txt": "image_name\tx_coord\ty_coord\na\t1\t2\n\t3\t4\n",
  "a.star": "data_\nloop_\n_rlnMicrographName\n_rlnCoordinateX\n_rlnCoordinateY\n" +
    'a.mrc 1 2\n"" 3 4\n',
  "index.star": "data_coordinate_files\nloop_\n_rlnMicrographName\n_rlnMicrographCoordinates\n" +
    '"" a.star\n',
};

for (const [name, text] of Object.entries(NAMELESS)) {
  Deno.test(`a row of ${name} without a micrograph's name is told`, async () => {
    const line = text.trimEnd().split("\n").length;
    const read = () => withFile(name, text, (path) => readPickGroups(path));
    await assertRejects(read, EPickerError, `${name}, line ${line}: found a row without a`);
  });
}

Deno.test("a column of names that is empty throughout names no micrograph", async () => {
  assertEquals(await read("a.csv", "micrograph,x,y\n,1,2\n,3,4\n"), [{ x: 1, y: 2 }, {
    x: 3,
    y: 4,
  }]);
});

Deno.test("cells of a table may hold commas, quotes and line breaks within quotes", async () => {
  const text = 'micrograph,x,y,note\n"a, b.mrc",1,2,"say ""no"""\n"a, b.mrc",3,4,"two\nlines"\n' +
    "\nc,5,6,\n";
  await withFile("a.csv", text, async (path) => {
    const groups = await readPickGroups(path);
    assertEquals(groups.map(({ micrograph, picks }) => [micrograph, picks.length]), [
      ["a, b.mrc", 2],
      ["c", 1],
    ]);
  });
  const wrong = text.replace("5,6", "5,six"); // behind a cell of two lines and a blank line
  await assertRejects(() => read("a.csv", wrong), EPickerError, 'a.csv, line 6: found "six" as y');
  const open = 'x,y,note\n1,2,\n3,4,"open\n5,6,\n';
  await assertRejects(() => read("a.csv", open), EPickerError, "line 3: found a quote that is not");
});

const SEGMENTS = "#micrograph: a.mrc\n#segment length: 60\n#segment width: 40\n" +
  "#helix: (10.0, 20.0),(30.0, 20.0),40\n10.0\t20.0\n20.0\t20.0\n30.0\t20.0\n" +
  "#helix: (50.0, 60.0),(50.0, 70.0),40\n50.0\t60.0\n50.0\t70.0\n";

Deno.test("helix boxes: centres of segments below #helix:, and ends flagged -1 and -2", async () => {
  const diameter = 40;
  assertEquals(await read("a.box", SEGMENTS), [
    { x: 10, y: 20, diameter, fiber: 1 },
    { x: 20, y: 20, diameter, fiber: 1 },
    { x: 30, y: 20, diameter, fiber: 1 },
    { x: 50, y: 60, diameter, fiber: 2 },
    { x: 50, y: 70, diameter, fiber: 2 },
  ]);
  const ends = "0\t0\t20\t20\t-1\n90\t0\t20\t20\t-2\n0\t40\t20\t20\t-1\n90\t40\t20\t20\t-2\n";
  assertEquals(await read("a.box", ends + "5 5 10 10 -3\n"), [
    { x: 10, y: 10, diameter: 20, fiber: 1 },
    { x: 100, y: 10, diameter: 20, fiber: 1 },
    { x: 10, y: 50, diameter: 20, fiber: 2 },
    { x: 100, y: 50, diameter: 20, fiber: 2 },
    { x: 10, y: 10, diameter: 10 },
  ]);
  const three = SEGMENTS.replace("20.0\t20.0", "20.0\t20.0\t5");
  await assertRejects(() => read("a.box", three), EPickerError, "line 6: found 3 values as a seg");
});

Deno.test("a helix as STAR needs the track length in Å: a pixel size, or a clear word", async () => {
  await withFolder(async (folder) => {
    const path = `${CASES}a-filament.cbox`;
    const options = { to: "star", out: `${folder}/out` };
    const [bare] = await convertCoordinates([path], options);
    assertEquals(bare.written, []);
    assert(
      bare.error?.includes("no pixel size of the micrograph a-filament; expected it, for the"),
    );
    const [ends] = await convertCoordinates([path], { ...options, to: "star-ends" });
    assertEquals(ends.error, undefined);
    const image = { width: 300, height: 200, pixels: new Float32Array(60_000), pixelSizeA: 1.5 };
    await writeMrc(`${folder}/mics/a-filament.mrc`, image);
    const known = { ...options, micrographs: `${folder}/mics` };
    const [{ written }] = await convertCoordinates([path], known);
    const [table] = parseStarTables(await Deno.readTextFile(written[0].path), "a.star");
    const track = table.columns.indexOf("_rlnHelicalTrackLengthAngst");
    assertEquals(table.rows.map((row) => Number(row[track])), [0, 30, 60]);
  });
});

Deno.test("EMAN2's info: boxes are centres; notes without boxes hold none", async () => {
  const info = {
    boxes: [[100.5, 200.25, "manual"], [30, 40, "auto_convnet", 0.75, 1]],
    ctf_frame: [512, "E2.0 1.5"],
    quality: 5,
  };
  assertEquals(await read("a_info.json", JSON.stringify(info)), [
    { x: 100.5, y: 200.25 },
    { x: 30, y: 40, score: 0.75 },
  ]);
  assertEquals(await read("a_info.json", JSON.stringify({ quality: 5 })), []);
  const wrong = JSON.stringify({ boxes: [["a", 2]] });
  await assertRejects(() => read("a_info.json", wrong), EPickerError, "boxes.0.0");
  const tomogram = JSON.stringify({ boxes_3d: [[1, 2, 3, "manual", 0, 0]] });
  await assertRejects(() => read("a_info.json", tomogram), EPickerError, "a tomogram");
});

Deno.test("napari's points: axis-0 is y, axis-1 x; volumes and shapes are refused", async () => {
  const points = "index,axis-0,axis-1\n0.0,200.5,100.25\n1.0,30.0,40.0\n";
  assertEquals(await read("a.csv", points), [{ x: 100.25, y: 200.5 }, { x: 40, y: 30 }]);
  const volume = "index,axis-0,axis-1,axis-2\n0.0,1.0,2.0,3.0\n";
  await assertRejects(() => read("a.csv", volume), EPickerError, "napari's points in a volume");
  const shapes = "index,shape-type,vertex-index,axis-0,axis-1\n0,rectangle,0,1.0,2.0\n";
  await assertRejects(() => read("a.csv", shapes), EPickerError, "napari's shapes");
});
