import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  convertCoordinates,
  type ConvertOptions,
  readCoordinates,
  readPickGroups,
  writeCoordinates,
  writeMrc,
} from "../../lib/io/mod.ts";
import { withFolder } from "./mrc_bytes.ts";

const PARTICLES_CS = fromFileUrl(new URL("../fixtures/io/particles.cs", import.meta.url));

/** Micrographs `a` and `b` of 40 × 30 pixels of 2 Å in `folder/mics`. */
async function writeMicrographs(folder: string): Promise<string> {
  const image = { width: 40, height: 30, pixels: new Float32Array(1200), pixelSizeA: 2 };
  for (const name of ["a", "b"]) await writeMrc(`${folder}/mics/${name}.mrc`, image);
  return `${folder}/mics`;
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(name);
  return found.sort();
}

Deno.test("convertCoordinates() splits a file about several micrographs", async () => {
  await withFolder(async (folder) => {
    const [file] = await convertCoordinates([PARTICLES_CS], { to: "star", out: folder });
    assertEquals(file.written.map(({ name, picks }) => [name, picks]), [["a", 3], ["b", 1]]);
    assertEquals(await names(folder), ["a.star", "autopick.star", "b.star"]);
    const [first] = await readCoordinates(`${folder}/a.star`);
    assertEquals(first, { x: 100, y: 50, score: 0.5, fiber: 1 });
  });
});

Deno.test("convertCoordinates() mirrors with the height from the file or the micrograph", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/out`;
    await convertCoordinates([PARTICLES_CS], { to: "csv", out, flipY: true });
    assertEquals((await readCoordinates(`${out}/a.csv`))[0].y, 149);
    const micrographs = await writeMicrographs(folder);
    await writeCoordinates(`${folder}/a_autopick.star`, [{ x: 1, y: 0 }]);
    const options = { to: "coord", out, flipY: true, micrographs };
    const [{ written }] = await convertCoordinates([`${folder}/a_autopick.star`], options);
    assertEquals(written[0].name, "a");
    assertEquals(await readCoordinates(`${out}/a.coord`), [{ x: 1, y: 29 }]);
    const image = { name: "J3/imported/013141092836478192_b.mrc", width: 40, height: 30 };
    await writeCoordinates(`${folder}/p.cs`, [{ x: 1, y: 0 }], { image });
    const [file] = await convertCoordinates([`${folder}/p.cs`], { to: "csv", out, micrographs });
    assertEquals(file.written.map(({ name }) => name), ["b"]);
  });
});

Deno.test("convertCoordinates() scales, sizes boxes and writes what needs the micrograph", async () => {
  await withFolder(async (folder) => {
    const out = `${folder}/out`;
    const micrographs = await writeMicrographs(folder);
    await Deno.writeTextFile(
      `${folder}/all.txt`,
      "image_name\tx_coord\ty_coord\na\t1\t2\nb\t3\t4\n",
    );
    const options = { out, scale: 4, micrographs };
    await convertCoordinates([`${folder}/all.txt`], { ...options, to: "box", boxSize: 5 });
    assertEquals(await readCoordinates(`${out}/a.box`), [{ x: 5.5, y: 9.5, diameter: 5 }]);
    await convertCoordinates([`${folder}/all.txt`], { ...options, to: "cs", joint: true });
    const groups = await readPickGroups(`${out}/particles.cs`);
    assertEquals(groups.map(({ width, height, picks }) => [width, height, picks.length]), [
      [40, 30, 1],
      [40, 30, 1],
    ]);
  });
});

Deno.test("convertCoordinates() reads a folder with its own index without repeating itself", async () => {
  await withFolder(async (folder) => {
    await writeCoordinates(`${folder}/in/a.box`, [{ x: 5, y: 6, diameter: 4 }]);
    await writeCoordinates(`${folder}/in/b.box`, []);
    await convertCoordinates([`${folder}/in`], { to: "star", out: `${folder}/star` });
    const files = await convertCoordinates([`${folder}/star`], { to: "csv", out: `${folder}/csv` });
    assertEquals(files.flatMap(({ error }) => error ?? []), []);
    assertEquals(await names(`${folder}/csv`), ["a.csv", "b.csv"]);
  });
});

Deno.test("convertCoordinates() goes on after a bad file and refuses a name twice", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.box`, "1 2 3\n");
    await writeCoordinates(`${folder}/b.box`, [{ x: 5, y: 6, diameter: 4 }]);
    await writeCoordinates(`${folder}/b.csv`, [{ x: 5, y: 6 }]);
    const files = await convertCoordinates([folder], { to: "thi", out: `${folder}/out` });
    assertEquals(files.map(({ written }) => written.length), [0, 1, 0]);
    assert(files[0].error?.includes("a.box, line 1"));
    assert(files[2].error?.includes("found picks of b, which"));
  });
});

Deno.test("convertCoordinates() drops nothing where two micrographs share a base name", async () => {
  await withFolder(async (folder) => {
    const text = "image_name\tx_coord\ty_coord\nday1/a.mrc\t1\t2\nday2/a.mrc\t3\t4\n";
    await Deno.writeTextFile(`${folder}/all.txt`, text);
    const [file] = await convertCoordinates([`${folder}/all.txt`], {
      to: "csv",
      out: `${folder}/o`,
    });
    assertEquals(file.written.length, 1);
    assert(file.error?.includes("found picks of a, which"));
  });
});

Deno.test("convertCoordinates() keeps names out of files inside the output folder", async () => {
  await withFolder(async (folder) => {
    const evil = ["../../up", "/etc/abs", "..", ".hidden", "a\u0000b", "<img src=x>"];
    const rows = evil.map((name) => `${name}.mrc\t1\t2\n`).join("");
    await Deno.writeTextFile(`${folder}/all.txt`, `image_name\tx_coord\ty_coord\n${rows}`);
    const [file] = await convertCoordinates([`${folder}/all.txt`], {
      to: "csv",
      out: `${folder}/o`,
    });
    assertEquals(file.error, undefined);
    assertEquals(file.written.length, evil.length);
    assertEquals((await names(`${folder}/o`)).length, evil.length);
    assertEquals(await names(folder), ["all.txt", "o"]);
  });
});

const WRONG: [string, Partial<ConvertOptions>, string][] = [
  ["an unknown format", { to: "xyz" }, "the unknown format 'xyz'"],
  ["a joint format that is none", { to: "box", joint: true }, "expected star, topaz, cs"],
  ["a missing folder of micrographs", { micrographs: "/no/mics" }, "/no/mics: found"],
];

for (const [what, options, message] of WRONG) {
  Deno.test(`convertCoordinates() reports ${what}`, async () => {
    const convert = () =>
      convertCoordinates([PARTICLES_CS], { to: "star", out: "/no", ...options });
    await assertRejects(convert, EPickerError, message);
  });
}

Deno.test("convertCoordinates() asks for the micrograph where mirroring needs its height", async () => {
  await withFolder(async (folder) => {
    await writeCoordinates(`${folder}/a.star`, [{ x: 1, y: 2 }]);
    const options = { to: "csv", out: `${folder}/o`, flipY: true };
    const [{ error }] = await convertCoordinates([`${folder}/a.star`], options);
    assert(error?.includes("no height of the micrograph a"));
    await assertRejects(
      () => convertCoordinates([`${folder}/o`], options),
      EPickerError,
      "nothing",
    );
  });
});
