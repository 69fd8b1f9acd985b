/**
 * Names of micrographs: with dots, with what programs add to them, in an index.
 *
 * @module
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { EPickerError } from "../../lib/core/mod.ts";
import { evaluateFolder } from "../../lib/evaluation/mod.ts";
import {
  convertCoordinates,
  loadLabels,
  readCoordinates,
  readDataset,
  readPickGroups,
  writeCoordinates,
  writeMrc,
} from "../../lib/io/mod.ts";
import { withFolder } from "./mrc_bytes.ts";

const CASES = fromFileUrl(new URL("../fixtures/cases/", import.meta.url));

/** What programs put behind a name: the base names of the coordinate files of a micrograph `a`. */
const ADDED = [
  ...["a_autopick.star", "a_manualpick.star", "a_extract.star", "a_topazpicks.txt"],
  ...["a_topazpick.star", "a_automatch.star", "a_automatch.box", "a_ptcl_coords.box", "a.star"],
];

const IMAGE = { width: 40, height: 30, pixels: new Float32Array(1200), pixelSizeA: 2 };
const PICKS = [{ x: 10, y: 20, diameter: 8 }];

Deno.test("names keep what follows their dots, and lose the ending of an image", async () => {
  await withFolder(async (out) => {
    const [{ written }] = await convertCoordinates([`${CASES}topaz-dots.txt`], { to: "csv", out });
    const names = [
      "14sep05c_c_00003gr_00014sq_00004hl_00004es.frames",
      "14sep05c_c_00003gr_00014sq_00005hl_00003es.frames",
    ];
    assertEquals(written.map(({ name }) => name), names);
    assertEquals(await readCoordinates(`${CASES}topaz-dots.txt`, { micrograph: names[1] }), [
      { x: 30, y: 40, score: 1.5 },
    ]);
    const text = "image_name\tx_coord\ty_coord\na.v1\t1\t2\na.v2.mrc\t3\t4\na.v3.eer\t5\t6\n";
    await Deno.writeTextFile(`${out}/all.txt`, text);
    const [more] = await convertCoordinates([`${out}/all.txt`], { to: "csv", out });
    assertEquals(more.written.map(({ name }) => name), ["a.v1", "a.v2", "a.v3"]);
  });
});

for (const file of ADDED) {
  Deno.test(`${file} holds the labels and the picks of the micrograph a`, async () => {
    await withFolder(async (folder) => {
      await writeMrc(`${folder}/micrographs/a.mrc`, IMAGE);
      await writeCoordinates(`${folder}/coordinates/${file}`, PICKS);
      await Deno.writeTextFile(`${folder}/dataset.json`, '{ "diameterPx": 8 }');
      if (file.endsWith(".txt")) {
        const row = "image_name\tx_coord\ty_coord\na\t10\t20\n"; // Topaz names the micrograph
        await Deno.writeTextFile(`${folder}/coordinates/${file}`, row);
      }
      const dataset = await readDataset(folder);
      assertEquals(dataset.warnings, []);
      assertEquals((await loadLabels(dataset.entries[0])).length, 1);
      const scores = await evaluateFolder(`${folder}/coordinates`, dataset, { split: "all" });
      assertEquals([scores.missing, scores.overall.f1], [[], 1]);
      const options = { to: "csv", out: `${folder}/out`, micrographs: `${folder}/micrographs` };
      const [{ written }] = await convertCoordinates([`${folder}/coordinates/${file}`], options);
      assertEquals(written.map(({ name }) => name), ["a"]);
    });
  });
}

Deno.test("a micrograph that is called a_extract itself keeps its own labels", async () => {
  await withFolder(async (folder) => {
    for (const name of ["a", "a_extract"]) {
      await writeMrc(`${folder}/micrographs/${name}.mrc`, IMAGE);
    }
    await writeCoordinates(`${folder}/coordinates/a_extract.star`, PICKS);
    const { entries } = await readDataset(folder);
    assertEquals(entries.map(({ coordinatesPath }) => coordinatesPath !== undefined), [
      false,
      true,
    ]);
    const rows = "x,y,micrograph\n1,2,a_extract.mrc\n3,4,a.mrc\n";
    await Deno.writeTextFile(`${folder}/all.csv`, rows);
    assertEquals(await readCoordinates(`${folder}/all.csv`, { micrograph: "a" }), [{ x: 3, y: 4 }]);
  });
});

Deno.test("two label files of one micrograph: the one of its own name counts, the other is told", async () => {
  await withFolder(async (folder) => {
    await writeMrc(`${folder}/micrographs/a.mrc`, IMAGE);
    for (const name of ["a", "a_manualpick"]) {
      await writeCoordinates(`${folder}/coordinates/${name}.star`, PICKS);
    }
    const { entries, warnings } = await readDataset(folder);
    assertEquals(entries[0].coordinatesPath, `${folder}/coordinates/a.star`);
    assert(warnings[0].includes("a_manualpick.star is left out"));
  });
});

Deno.test("cryoSPARC's number before a name is none of the wanted name", async () => {
  await withFolder(async (folder) => {
    const image = { name: "J3/imported/013141092836478192_b.mrc", width: 40, height: 30 };
    await writeCoordinates(`${folder}/p.cs`, PICKS, { image });
    assertEquals((await readCoordinates(`${folder}/p.cs`, { micrograph: "b" })).length, 1);
    const other = () => readCoordinates(`${folder}/p.cs`, { micrograph: "c" });
    await assertRejects(other, EPickerError, "expected picks of c");
  });
});

Deno.test("autopick.star names micrographs exactly as --micrographs has them", async () => {
  await withFolder(async (folder) => {
    const micrographs = `${folder}/MotionCorr/job002/Movies`;
    for (const name of ["a", "b.frames"]) await writeMrc(`${micrographs}/${name}.mrc`, IMAGE);
    const rows = "image_name\tx_coord\ty_coord\na\t1\t2\nb.frames\t3\t4\nelse/c.mrc\t5\t6\n";
    await Deno.writeTextFile(`${folder}/all.txt`, rows);
    const options = { to: "star", out: `${folder}/out`, micrographs };
    await convertCoordinates([`${folder}/all.txt`], options);
    const groups = await readPickGroups(`${folder}/out/autopick.star`);
    assertEquals(groups.map(({ micrograph }) => micrograph), [
      `${micrographs}/a.mrc`,
      `${micrographs}/b.frames.mrc`,
      "else/c.mrc",
    ]);
    await convertCoordinates([`${folder}/all.txt`], { ...options, joint: true });
    const joint = await readPickGroups(`${folder}/out/particles.star`);
    assertEquals(joint[0].micrograph, `${micrographs}/a.mrc`);
  });
});
