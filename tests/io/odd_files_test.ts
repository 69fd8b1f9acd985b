/**
 * What editors, other systems and strangers do to text files: line ends, marks, blanks, numbers that
 * are none; every text format answers alike.
 *
 * @module
 */
import { assertEquals, assertRejects } from "@std/assert";
import { EPickerError, type Pick } from "../../lib/core/mod.ts";
import { coordinateFormats, readCoordinates } from "../../lib/io/mod.ts";
import { withFile } from "./mrc_bytes.ts";

/** A file of each text format with the same two picks, the second one partly off the micrograph. */
const FILES: Record<string, string> = {
  "a.star": "data_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n12.5 20\n-3 4.25\n",
  "a.box": "2.5\t10\t20\t20\n-13\t-5.75\t20\t20\n",
  "a.cbox": "data_cryolo\n\nloop_\n_CoordinateX #1\n_CoordinateY #2\n_Width #3\n_Height #4\n" +
    "2.5 10 20 20\n-13 -5.75 20 20\n",
  "a.csv": "x,y\n12.5,20\n-3,4.25\n",
  "a.tsv": "x\ty\n12.5\t20\n-3\t4.25\n",
  "a.txt": "image_name\tx_coord\ty_coord\na\t12.5\t20\na\t-3\t4.25\n",
  "a.thi": "[Particle Coordinates: X Y Value]\n12.5\t20\n-3\t4.25\n[End]\n",
  "a.coord": "12.5\t20\n-3\t4.25\n",
  "a.json": JSON.stringify({
    ...{ version: 1, micrograph: "a", width: 9, height: 9, threshold: 0 },
    candidates: [{ x: 12.5, y: 20, score: 1 }, { x: -3, y: 4.25, score: 1 }],
  }),
};

const ODDITIES: [string, (text: string) => string | Uint8Array][] = [
  ["as it is", (text) => text],
  ["Windows line ends", (text) => text.replaceAll("\n", "\r\n")],
  ["old Macintosh line ends", (text) => text.replaceAll("\n", "\r")],
  ["a byte order mark", (text) => `\uFEFF${text}`],
  ["no last line end", (text) => text.trimEnd()],
  ["blank lines", (text) => `\n \n${text.replaceAll("\n", "\n\t\n")}\n \t\n`],
  ["blanks at the ends of lines", (text) => text.replaceAll("\n", " \n")],
  ["UTF-16 as spreadsheets export it", (text) => utf16(text, true)],
  ["UTF-16, the other order", (text) => utf16(text, false)],
];

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length + 2));
  [...`\uFEFF${text}`].forEach((letter, i) => {
    view.setUint16(2 * i, letter.charCodeAt(0), littleEndian);
  });
  return new Uint8Array(view.buffer);
}

const centres = (picks: Pick[]) => picks.map(({ x, y }) => [x, y]);

for (const [name, text] of Object.entries(FILES)) {
  Deno.test(`readCoordinates() reads ${name} whatever was done to its lines`, async () => {
    for (const [what, change] of ODDITIES) {
      const picks = await withFile(name, change(text), (path) => readCoordinates(path));
      assertEquals(centres(picks), [[12.5, 20], [-3, 4.25]], what);
    }
  });
}

const NO_NUMBERS = ["nan", "NaN", "inf", "-Infinity", "1e400", "0x1F", "1,5", "12.5.1", "½", "1e7"];

for (const [name, text] of Object.entries(FILES)) {
  Deno.test(`readCoordinates() refuses what is no coordinate in ${name}`, async () => {
    for (const word of NO_NUMBERS) {
      const first = text.includes("2.5\t10") || text.includes("2.5 10") ? "2.5" : "12.5";
      const wrong = text.replace(first, name.endsWith(".json") ? JSON.stringify(word) : word);
      const read = () => withFile(name, wrong, (path) => readCoordinates(path));
      const error = await assertRejects(read, EPickerError, `/${name}`);
      assertEquals(error.code, "bad-file");
    }
  });
}

Deno.test("every format answers long files of one kind of character at once", () => {
  for (const format of coordinateFormats) {
    for (const unit of [" ", "\n", "\t\r", "' ", '"', "[a", "#", "(,", "\u0000"]) {
      const bytes = new TextEncoder().encode(unit.repeat(300_000 / unit.length));
      try {
        assertEquals(format.parse(bytes, { file: "a" }), []);
      } catch (error) {
        if (!(error instanceof EPickerError)) throw error;
      }
    }
  }
});
