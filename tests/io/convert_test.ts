import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  convertCoordinates,
  type ConvertOptions,
  readCoordinates,
  readPickGroups,
  writeCandidates,
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
    const micrographs = await writeMicrographs(folder); // their pixel size, for fibers
    const out = `${folder}/out`;
    const [file] = await convertCoordinates([PARTICLES_CS], { to: "star", out, micrographs });
    assertEquals(file.written.map(({ name, picks }) => [name, picks]), [["a", 3], ["b", 1]]);
    assertEquals(await names(out), ["a.star", "autopick.star", "b.star"]);
    const [first] = await readCoordinates(`${out}/a.star`);
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
    assertEquals(await readCoordinates(`${out}/a.box`), [{ x: 4.5, y: 8.5, diameter: 5 }]);
    await convertCoordinates([`${folder}/all.txt`], {
      ...{ out: `${folder}/averaged`, scale: 4, averaged: true, to: "csv" },
    });
    assertEquals(await readCoordinates(`${folder}/averaged/a.csv`), [{ x: 5.5, y: 9.5 }]);
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

Deno.test("convertCoordinates() reads a folder of picks without its summary and candidates", async () => {
  await withFolder(async (folder) => {
    const [picks, out] = [`${folder}/Picks`, `${folder}/out`];
    const candidates = [{ x: 1, y: 2, score: 0.9 }, { x: 3, y: 4, score: 0.1 }];
    for (const name of ["a", "b"]) {
      await writeCoordinates(`${picks}/${name}.star`, candidates.slice(0, 1));
      const image = { micrograph: `${name}.mrc`, width: 40, height: 30 };
      const file = { version: 1 as const, ...image, threshold: 0.5, candidates };
      await writeCandidates(`${picks}/candidates/${name}.json`, file);
    }
    await Deno.writeTextFile(`${picks}/summary.json`, '{ "total": 2, "files": [] }');
    const convert = async (input: string) => {
      const files = await convertCoordinates([input], { to: "csv", out });
      return files.map(({ path, written, error }) => {
        return error ?? [path.slice(picks.length + 1), written[0].picks];
      });
    };
    const stars = [["a.star", 1], ["b.star", 1]];
    assertEquals(await convert(picks), stars);
    assertEquals(await convert(`${picks}/**`), stars);
    assertEquals(await convert(`${picks}/candidates`), [
      ["candidates/a.json", 1],
      ["candidates/b.json", 1],
    ]);
    const [error] = await convert(`${picks}/summary.json`); // asked for by name
    assert(String(error).includes("summary.json: found"));
    const image = { micrograph: "summary.mrc", width: 40, height: 30 };
    const file = { version: 1 as const, ...image, threshold: 0.5, candidates };
    await writeCandidates(`${picks}/summary.json`, file); // a micrograph of that name
    assertEquals(await convert(picks), [...stars, ["summary.json", 1]]);
  });
});

Deno.test("convertCoordinates() reads the picks of each micrograph once, sized as they were recorded", async () => {
  await withFolder(async (folder) => {
    const [picks, out] = [`${folder}/Picks`, `${folder}/out`];
    const candidates = [{ x: 30, y: 20, score: 0.9, diameter: 12 }];
    const [a, b] = ["a", "sub/b"];
    for (const name of [a, b]) {
      for (const ending of ["star", "box", "csv"]) {
        await writeCoordinates(`${picks}/${name}.${ending}`, candidates);
      }
      const image = { micrograph: `${name}.mrc`, width: 40, height: 30, pixelSizeA: 2 };
      const file = { version: 1 as const, ...image, threshold: 0.5, candidates };
      await writeCandidates(`${picks}/candidates/${name}.json`, file);
    }
    await Deno.writeTextFile(`${picks}/summary.json`, '{ "total": 2, "files": [] }');
    await Deno.writeTextFile(`${picks}/summary.txt`, "2 micrographs: 2 picked, 0 failed.\n");
    await Deno.writeTextFile(`${picks}/watch.json`, '{ "state": "ended", "waiting": [] }');
    await Deno.mkdir(`${picks}/edits`);
    await Deno.writeTextFile(`${picks}/edits/a.json`, '{ "version": 1, "edits": {} }');
    const convert = async (input: string, to: string) => {
      const files = await convertCoordinates([input], { to, out });
      return files.map(({ path, error }) => error ?? path.slice(picks.length + 1));
    };
    assertEquals(await convert(picks, "star"), ["a.csv"]);
    assertEquals(await convert(`${picks}/**`, "star"), ["a.csv", "sub/b.csv"]);
    const half = Array.from(["a.star", "sub/b.star"], (name) => `${picks}/${name}`);
    const files = await convertCoordinates(half, { to: "box", out }); // STAR holds no diameter
    assertEquals(files.map(({ error }) => error), [undefined, undefined]);
    for (const name of ["a", "b"]) {
      assertEquals(await readCoordinates(`${out}/${name}.box`), candidates);
    }
    const joint = await convertCoordinates([picks], { to: "cs", joint: true, out }); // wants sizes
    assertEquals(joint.map(({ error }) => error), [undefined]);
    await convertCoordinates(half, { to: "box", out, scale: 2, boxSize: 5 });
    assertEquals((await readCoordinates(`${out}/a.box`))[0].diameter, 5);
    const unsized = await convertCoordinates(half, { to: "box", out, scale: 2 });
    assert(unsized.every(({ error }) => error?.includes("no box size")));
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

Deno.test("convertCoordinates() writes all but one micrograph where two claim a known one", async () => {
  await withFolder(async (folder) => {
    const micrographs = await writeMicrographs(folder);
    const text = "image_name\tx_coord\ty_coord\nday1/a.mrc\t1\t2\nday2/a.mrc\t3\t4\nb\t5\t6\n";
    await Deno.writeTextFile(`${folder}/all.txt`, text);
    const [file] = await convertCoordinates([`${folder}/all.txt`], {
      to: "csv",
      out: `${folder}/o`,
      micrographs,
    });
    assertEquals(file.written.map(({ name }) => name), ["a", "b"]);
    assert(file.error?.includes("found picks of a, which"));
  });
});

Deno.test("convertCoordinates() reads what an index names, up to the files that are not there", async () => {
  await withFolder(async (folder) => {
    await writeCoordinates(`${folder}/Movies/b_autopick.star`, [{ x: 1, y: 2 }]);
    const rows = ["a", "b"].map((name) => `M/${name}.mrc Movies/${name}_autopick.star\n`).join("");
    const head = "data_coordinate_files\nloop_\n_rlnMicrographName\n_rlnMicrographCoordinates\n";
    await Deno.writeTextFile(`${folder}/autopick.star`, head + rows);
    const options = { to: "csv", out: `${folder}/o` };
    const [file] = await convertCoordinates([`${folder}/autopick.star`], options);
    assertEquals(file.written.map(({ name }) => name), ["b"]);
    assert(file.error?.includes("no file Movies/a_autopick.star"));
  });
});

const REFINED = "data_optics\nloop_\n_rlnOpticsGroup\n_rlnMicrographPixelSize\n1 1.5\n" +
  "data_particles\nloop_\n_rlnMicrographName\n_rlnOpticsGroup\n_rlnCoordinateX\n_rlnCoordinateY\n" +
  "_rlnOriginXAngst\n_rlnOriginYAngst\nM/a.mrc 1 10 20 3 -6\n";

Deno.test("convertCoordinates() moves picks by a refinement's offsets only where it is asked", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/particles.star`;
    await Deno.writeTextFile(path, REFINED);
    const options = { to: "csv", out: `${folder}/o` };
    const first = () => readCoordinates(`${folder}/o/a.csv`);
    await convertCoordinates([path], options);
    assertEquals(await first(), [{ x: 10, y: 20 }]);
    await convertCoordinates([path], { ...options, recentre: true });
    assertEquals(await first(), [{ x: 8, y: 24 }]);
    // Without it in the file, the micrograph's header tells the pixel size: 2 Å.
    await Deno.writeTextFile(path, REFINED.replace("_rlnMicrographPixelSize", "_rlnVoltage"));
    const [{ error }] = await convertCoordinates([path], { ...options, recentre: true });
    assert(error?.includes("found no pixel size of the micrograph a"));
    const micrographs = await writeMicrographs(folder);
    await convertCoordinates([path], { ...options, recentre: true, micrographs });
    assertEquals(await first(), [{ x: 8.5, y: 23 }]);
    await writeCoordinates(path, [{ x: 1, y: 2 }]);
    const [plain] = await convertCoordinates([path], { ...options, recentre: true });
    assert(plain.error?.includes("no offsets to recentre by"));
  });
});

Deno.test("convertCoordinates() tells where file and micrograph differ about the pixel size", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/particles.star`, REFINED);
    const micrographs = await writeMicrographs(folder);
    const options = { to: "csv", out: `${folder}/o`, micrographs };
    const [{ written }] = await convertCoordinates([`${folder}/particles.star`], options);
    const text =
      "The header tells a pixel size of 2.000 Å, the coordinate file 1.500 Å, which is used.";
    assertEquals(written[0].warnings, [text]);
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
