import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { resultNames } from "../../lib/io/_result_names.ts";
import {
  convertCoordinates,
  coordinateFormats,
  readPickGroups,
  writeCoordinates,
} from "../../lib/io/mod.ts";
import { withFolder } from "./mrc_bytes.ts";

Deno.test("resultNames() keeps plain base names and adds folders where two share one", () => {
  assertEquals(resultNames(["MotionCorr/job002/Movies/a.mrc", "b", "c.frames.mrc.gz"]), [
    "a",
    "b",
    "c.frames",
  ]);
  assertEquals(resultNames(["M/day1/a.mrc", "M/day2/a.mrc", "b.mrc"]), ["day1_a", "day2_a", "b"]);
  assertEquals(resultNames(["C:\\data\\a.mrc", "D:\\data\\a.mrc"]), ["C__data_a", "D__data_a"]);
  assertEquals(resultNames(["M/a.mrc", "M/a.tif", "M/A.png"]), ["a_mrc", "a_tif", "A_png"]);
  assertEquals(resultNames(["a", "A", "a"]), ["a", "A_2", "a_3"]);
  assertEquals(resultNames(["caf\u00e9", "cafe\u0301"]), ["caf\u00e9", "cafe\u0301_2"]);
});

/** Names that a file may hold and no folder should. */
const EVIL = [
  ...["../../up", "/etc/passwd", "..", ".", "", "/", ".hidden", "..\\..\\win", "C:\\a\\b.mrc"],
  ...["a\u0000b", "a\nb", "<img src=x onerror=alert(1)>", "con", "NUL.mrc", "lpt1", "-rf", "~"],
  ...[
    "$(id)",
    "`id`",
    "a;b",
    "a|b",
    "a*b?",
    "\u202Egnp.exe",
    "\ud800",
    " ",
    "a ",
    "a",
    "A",
    "a.mrc",
  ],
  ...["x".repeat(5000), "x".repeat(4999) + "y", "漢".repeat(300), "a/".repeat(9000) + "a.mrc"],
];

/** Those that are names at all: rows without one are refused. */
const NAMES = EVIL.filter((name) => name.trim() !== "");

function isSafe(name: string): boolean {
  const bytes = new TextEncoder().encode(name).length;
  return /^[\p{L}\p{M}\p{N}_+@=, -][\p{L}\p{M}\p{N}._+@=, -]*$/u.test(name) && bytes < 200;
}

Deno.test("resultNames() gives safe names, no two alike, whatever a file holds", () => {
  const texts = fc.array(fc.oneof(fc.constantFrom(...EVIL), fc.string({ unit: "binary" })));
  const property = fc.property(texts, (texts) => {
    const names = resultNames(texts);
    assert(names.every(isSafe), JSON.stringify(names.filter((name) => !isSafe(name))));
    const keys = names.map((name) => name.normalize("NFKC").toLowerCase());
    assertEquals(new Set(keys).size, texts.length);
  });
  fc.assert(property, { numRuns: 60, seed: 3, examples: [[EVIL]] });
});

Deno.test("resultNames() takes twenty thousand names that look the same", () => {
  const names = resultNames(Array.from({ length: 20_000 }, (_, i) => `${"?*"[i % 2]}/\u0001.mrc`));
  assertEquals(new Set(names).size, 20_000);
});

async function filesBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await filesBelow(join(folder, name)));
    else found.push(join(folder, name));
  }
  return found.sort();
}

const JOINT = coordinateFormats.filter(({ formatJoint }) => formatJoint !== undefined);

for (const format of JOINT) {
  Deno.test(`convertCoordinates() keeps names in ${format.name} files inside the output folder`, async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/in/all${format.extensions[0]}`;
      const names = [...new Set(NAMES.map((name) => name.replaceAll("\u0000", "%")))];
      const all = names.map((name) => {
        return { image: { name, width: 40, height: 30 }, picks: [{ x: 1, y: 2 }] };
      });
      await Deno.mkdir(`${folder}/in`);
      const content = format.formatJoint!(all, { file: path });
      if (typeof content === "string") await Deno.writeTextFile(path, content);
      else await Deno.writeFile(path, content);
      const groups = await readPickGroups(path);
      const [file] = await convertCoordinates([path], { to: "csv", out: `${folder}/out` });
      assertEquals([file.error, file.written.length], [undefined, groups.length]);
      const found = await filesBelow(folder);
      assertEquals(found.filter((path) => path.startsWith(`${folder}/out/`)).length, groups.length);
      assertEquals(found.length, groups.length + 1);
    });
  });
}

Deno.test("formats write any name of a micrograph without breaking their own rows", async () => {
  for (const format of JOINT) {
    const names = NAMES.filter((name) => name.trim() === name && !name.includes("\u0000"));
    const all = names.map((name) => {
      return { image: { name, width: 40, height: 30 }, picks: [{ x: 1, y: 2 }, { x: 3, y: 4 }] };
    });
    const content = format.formatJoint!(all, { file: "all" });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const groups = format.parse(bytes, { file: "all" });
    assertEquals(groups.reduce((sum, { picks }) => sum + picks.length, 0), 2 * all.length);
  }
  await withFolder(async (folder) => {
    const image = { name: "</script>\n", width: 9, height: 9 };
    await writeCoordinates(`${folder}/a.json`, [{ x: 1, y: 2, score: 1 }], { image });
    const [file] = await convertCoordinates([`${folder}/a.json`], { to: "star", out: folder });
    assertEquals(file.error, undefined);
    const [group] = await readPickGroups(`${folder}/autopick.star`);
    assertEquals(group.picks.length, 1);
  });
});
