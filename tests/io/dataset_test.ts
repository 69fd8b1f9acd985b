import { assert, assertEquals, assertRejects } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { entriesOf, loadIgnoreRegions, loadLabels, readDataset } from "../../lib/io/mod.ts";
import { withFolder } from "./mrc_bytes.ts";

/** Makes files with the given contents in a new folder and runs `use` with it. */
function withFiles<T>(
  files: Record<string, string>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  return withFolder(async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      const path = `${folder}/set/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, content);
    }
    return await use(`${folder}/set`);
  });
}

const FILES = {
  "micrographs/b.mrc": "",
  "micrographs/a.png": "",
  "micrographs/c.mrc.gz": "",
  "micrographs/notes.md": "",
  "micrographs/.d.mrc.tmp": "",
  "coordinates/a.star": "",
  "coordinates/b.csv": "x,y\n1,2\n",
};

Deno.test("readDataset() matches micrographs and labels by base name", async () => {
  const info = { title: "T", diameterA: 120, split: { train: ["a", "c"], test: ["b"] }, more: 1 };
  const files = { ...FILES, "dataset.json": JSON.stringify(info) };
  await withFiles(files, async (folder) => {
    const dataset = await readDataset(folder);
    const { name, title, diameterA, entries, split, warnings } = dataset;
    assertEquals([name, title, diameterA], ["set", "T", 120]);
    assertEquals(entries.map(({ name }) => name), ["a", "b", "c"]);
    assertEquals(entries[1].micrographPath, `${folder}/micrographs/b.mrc`);
    assertEquals(entries[1].coordinatesPath, `${folder}/coordinates/b.csv`);
    assert(!("coordinatesPath" in entries[2]));
    assertEquals(split, info.split);
    assertEquals(warnings, ["1 micrograph(s) without labels: c."]);
    const names = (part: "train" | "test" | "all") =>
      entriesOf(dataset, part).map(({ name }) => name);
    assertEquals([names("train"), names("test")], [["a", "c"], ["b"]]);
    assertEquals(names("all"), ["a", "b", "c"]);
    assertEquals(await loadLabels(entries[1]), [{ x: 1, y: 2 }]);
    assertEquals(await loadLabels(entries[2]), []);
  });
});

Deno.test("ignore regions are circles in files of the same base names", async () => {
  const ignore = { "ignore/b.csv": "x,y,diameter\n5,6,40\n", "ignore/z.csv": "x,y\n1,2\n" };
  await withFiles({ ...FILES, ...ignore, "ignore/a.csv": "x,y\n1,2\n" }, async (folder) => {
    const { entries: [a, b, c], warnings } = await readDataset(folder);
    assertEquals(b.ignorePath, `${folder}/ignore/b.csv`);
    assertEquals(await loadIgnoreRegions(b), [{ x: 5, y: 6, diameter: 40 }]);
    assertEquals(await loadIgnoreRegions(c), []);
    assertEquals(warnings[1], "1 file(s) of ignore regions without a micrograph: z.");
    const error = await assertRejects(() => loadIgnoreRegions(a), EPickerError);
    assert(error.message.startsWith(`${folder}/ignore/a.csv: found region 1 without a diameter`));
  });
});

Deno.test("readDataset() puts all micrographs into train without a split", async () => {
  await withFiles({ "micrographs/a.mrc": "" }, async (folder) => {
    const { title, split, warnings } = await readDataset(folder);
    assertEquals(title, "set");
    assertEquals(split, { train: ["a"], test: [] });
    assertEquals(warnings, ["1 micrograph(s) without labels: a."]);
  });
});

Deno.test("readDataset() warns about what does not fit together", async () => {
  const files = {
    ...FILES,
    "micrographs/a.mrc": "",
    "coordinates/a.box": "",
    "coordinates/z.star": "",
    "dataset.json": '{"split": {"train": ["a", "ghost"], "test": ["b"]}}',
  };
  await withFiles(files, async (folder) => {
    const { entries, split, warnings } = await readDataset(folder);
    assertEquals(entries[0].micrographPath, `${folder}/micrographs/a.mrc`);
    assertEquals(split, { train: ["a"], test: ["b"] });
    assertEquals(warnings, [
      `${folder}/micrographs/a.png is left out: ${folder}/micrographs/a.mrc has the same base name.`,
      `${folder}/coordinates/a.star is left out: ${folder}/coordinates/a.box has the same base name.`,
      "1 micrograph(s) without labels: c.",
      "1 label file(s) without a micrograph: z.",
      "1 name(s) of the split without a micrograph: ghost.",
      "1 micrograph(s) in no part of the split: c.",
    ]);
  });
});

Deno.test("readDataset() reports what makes a dataset useless", async () => {
  const code = async (files: Record<string, string>, message: string) => {
    return await withFiles({ "x.txt": "", ...files }, async (folder) => {
      return (await assertRejects(() => readDataset(folder), EPickerError, message)).code;
    });
  };
  const one = { "micrographs/a.mrc": "" };
  assertEquals(await code({}, "micrographs"), "missing-file");
  assertEquals(await code({ "micrographs/a.txt": "" }, "no micrographs"), "bad-data");
  assertEquals(await code({ ...one, "dataset.json": "{" }, "not JSON"), "bad-file");
  assertEquals(
    await code({ ...one, "dataset.json": '{"diameterA": -1}' }, "diameterA"),
    "bad-file",
  );
  const both = '{"split": {"train": ["a"], "test": ["a"]}}';
  assertEquals(await code({ ...one, "dataset.json": both }, "a in both"), "bad-data");
  const error = await assertRejects(() => readDataset("/no/such"), EPickerError);
  assertEquals(error.code, "missing-file");
});

Deno.test("readDataset() names the nearest key for one that is misspelt or misplaced", async () => {
  const warningsOf = (info: unknown) =>
    withFiles({
      "micrographs/a.mrc": "",
      "coordinates/a.star": "",
      "dataset.json": JSON.stringify(info),
    }, async (folder) => {
      const { warnings } = await readDataset(folder);
      return warnings.map((text) => text.replace(`${folder}/dataset.json: `, ""));
    });
  assertEquals(await warningsOf({ spilt: { test: ["a"] }, diameter: 120, Title: "T" }), [
    '"spilt" is not read; did you mean "split"?',
    '"diameter" is not read; did you mean "diameterA"?',
    '"Title" is not read; did you mean "title"?',
  ]);
  assertEquals(await warningsOf({ test: ["a"] }), [
    '"test" is not read; did you mean "split.test"?',
  ]);
  assertEquals(await warningsOf({ split: { train: ["a"], tset: [] } }), [
    '"split.tset" is not read; did you mean "split.test"?',
  ]);
  const notes = { empiar: "EMPIAR-10017", pixelSizeA: "in the header", labels: "complete" };
  const more = { contrast: "dark", note: "x", licence: "CC0", classes: {}, simulation: {} };
  assertEquals(await warningsOf({ ...notes, ...more }), []);
});

Deno.test("a split that names one part leaves all other micrographs to the other", async () => {
  const splitOf = (split: unknown) =>
    withFiles({ ...FILES, "dataset.json": JSON.stringify({ split }) }, async (folder) => {
      const { split, warnings } = await readDataset(folder);
      assertEquals(warnings, ["1 micrograph(s) without labels: c."]);
      return split;
    });
  assertEquals(await splitOf({ test: ["b"] }), { train: ["a", "c"], test: ["b"] });
  assertEquals(await splitOf({ train: ["b"] }), { train: ["b"], test: ["a", "c"] });
  assertEquals(await splitOf({}), { train: ["a", "b", "c"], test: [] });
  assertEquals(await splitOf({ train: [], test: ["a", "b", "c"] }), {
    train: [],
    test: ["a", "b", "c"],
  });
});

Deno.test("readDataset() tells of folders within its folders, and where there is nothing else", async () => {
  const nested = {
    "micrographs/grid1/square2/n.mrc": "",
    "micrographs/logs/x.txt": "",
    "coordinates/grid1/n.star": "",
  };
  await withFiles({ ...FILES, ...nested }, async (folder) => {
    const { warnings } = await readDataset(folder);
    assertEquals(warnings.slice(0, 2), [
      `${folder}/micrographs: files in folders within it are left out: grid1.`,
      `${folder}/coordinates: files in folders within it are left out: grid1.`,
    ]);
  });
  await withFiles(nested, async (folder) => {
    await assertRejects(() => readDataset(folder), EPickerError, "found micrographs only in grid1");
  });
});

Deno.test("a label or micrograph that is a link to nothing is read, and so not overlooked", async () => {
  await withFiles({ "micrographs/a.mrc": "", "coordinates/x.txt": "" }, async (folder) => {
    await Deno.symlink("/no/such/b.mrc", `${folder}/micrographs/b.mrc`);
    await Deno.symlink("/no/such/a.star", `${folder}/coordinates/a.star`);
    const { entries: [a, b] } = await readDataset(folder);
    assertEquals(b.micrographPath, `${folder}/micrographs/b.mrc`);
    const error = await assertRejects(() => loadLabels(a), EPickerError);
    assertEquals(error.code, "missing-file");
  });
});

Deno.test("a split of many names is read in one pass over them", async () => {
  const names = (part: string) => Array.from({ length: 60_000 }, (_, i) => `${part}${i}`);
  const [train, test] = [["a", ...names("x")], ["b", ...names("y")]];
  const files = { ...FILES, "dataset.json": JSON.stringify({ split: { train, test } }) };
  await withFiles(files, async (folder) => {
    const { split, warnings } = await readDataset(folder);
    assertEquals(split, { train: ["a"], test: ["b"] });
    assertEquals(warnings.at(-2)?.startsWith("120000 name(s) of the split without"), true);
  });
});
