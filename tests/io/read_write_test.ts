/**
 * Whatever a reader returns, every writer that holds it accepts, or the reader refuses; over texts
 * with numbers at and beyond all limits.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import {
  coordinateFormats,
  readCoordinates,
  readPickGroups,
  writeCoordinates,
} from "../../lib/io/mod.ts";
import { withFolder } from "./mrc_bytes.ts";

const NUMBERS = [
  "0",
  "-0",
  "1",
  "2",
  "3.5",
  "-7.25",
  "0.004",
  "1e-9",
  "500000",
  "999999.99",
  "1e6",
];
const BEYOND = ["1e6", "1000000.5", "-1e6", "-1000001", "2e6", "1e15", "1e300", "4294967295"];

const number = fc.constantFrom(...NUMBERS, ...BEYOND);

const loop = (names: string[]) => `data_\n\nloop_\n${names.map((name) => `_${name}\n`).join("")}`;

const STAR = ["rlnCoordinateX", "rlnCoordinateY", "rlnAutopickFigureOfMerit", "rlnClassNumber"];
const CBOX = ["CoordinateX", "CoordinateY", "Width", "Height", "EstWidth", "EstHeight"];

/** A header, and how many numbers a row has, by ending. */
const TABLES: Record<string, [string, number, number?]> = {
  star: [loop([...STAR, "rlnHelicalTubeID"]), 5],
  box: ["", 4, 5],
  csv: ["x,y,score,diameter,fiber,class\n", 6],
  cbox: [loop([...CBOX, "Confidence", "filamentid"]).replace("data_", "data_cryolo"), 8],
  txt: ["x_coord\ty_coord\tscore\n", 3],
  thi: ["[Vesicle Coordinates: X Y Radius Value]\n", 4],
  coord: ["", 2, 4],
};

/** A file of each kind: ending and text. */
const file = fc.constantFrom(...Object.keys(TABLES)).chain((ending) => {
  const [head, least, most = least] = TABLES[ending];
  const row = fc.array(number, { minLength: least, maxLength: most });
  const separator = ending === "csv" ? "," : "\t";
  return fc.array(row, { maxLength: 3 }).map((rows) => {
    return { ending, text: head + rows.map((cells) => cells.join(separator) + "\n").join("") };
  });
});

const json = fc.array(
  fc.record({
    ...{ x: number.map(Number), y: number.map(Number), score: number.map(Number) },
    diameter: number.map(Number),
    fiber: number.map(Number),
    classNumber: number.map(Number),
  }),
  { maxLength: 2 },
).map((candidates) => {
  const head = { version: 1, micrograph: "a", width: 90, height: 80, threshold: -1e9 };
  return { ending: "json", text: JSON.stringify({ ...head, candidates }) };
});

const image = { name: "a", width: 4000, height: 3000, pixelSizeA: 1.5 };

/** Formats that hold these picks: one needs scores, one fibers; boxes need sizes. */
function holders(picks: Pick[]): string[] {
  const needs: Record<string, (pick: Pick) => boolean> = {
    json: ({ score }) => score !== undefined,
    "star-ends": ({ fiber }) => fiber !== undefined,
    box: ({ diameter }) => diameter !== undefined,
    cbox: ({ diameter }) => diameter !== undefined,
  };
  return coordinateFormats.map(({ name }) => name)
    .filter((name) => picks.every(needs[name] ?? (() => true)));
}

/** Whether a box around a pick, or its fraction as a 32-bit float, may lie beyond the limits. */
function isFar({ x, y, diameter = 0 }: Pick): boolean {
  return Math.max(Math.abs(x), Math.abs(y), diameter) > 4e5;
}

Deno.test("what a reader returns every writer that holds it accepts, or the reader refuses", async () => {
  await withFolder(async (folder) => {
    let [read, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 8, arbitrary: file }, json), async ({ ending, text }) => {
        const path = `${folder}/in.${ending}`;
        await Deno.writeTextFile(path, text);
        const groups = await readPickGroups(path).catch((error) => {
          if (error instanceof EPickerError && error.code === "bad-file") return undefined;
          throw error;
        });
        if (groups === undefined) return void refused++;
        read++;
        for (const { picks } of groups) {
          for (const format of holders(picks)) {
            const { extensions: [extension] } = coordinateFormats.find((f) => f.name === format)!;
            const written = `${folder}/a${extension}`;
            await writeCoordinates(written, picks, { format, image });
            if (format === "star-ends" || picks.some(isFar)) continue;
            assertEquals((await readCoordinates(written, { format })).length, picks.length);
          }
        }
      }),
      { numRuns: 300, seed: 1 },
    );
    assertEquals([read > 50, refused > 50], [true, true]);
  });
});
