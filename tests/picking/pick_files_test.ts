import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { readCandidates, readCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { openPicker, pickFiles } from "../../lib/picking/mod.ts";
import { freshModel } from "./_model.ts";

/** A folder with micrographs of one name in two places, and bad files beside them. */
async function mixedFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const stream = random(6);
  const pixels = Float32Array.from({ length: 96 * 64 }, () => stream.normal());
  const image = { width: 96, height: 64, pixels, pixelSizeA: 3 };
  for (const sub of ["a", "b"]) {
    await Deno.mkdir(join(folder, sub));
    const pixelSizeA = sub === "a" ? 3 : 1;
    await writeMrc(join(folder, sub, "mic.mrc"), { ...image, pixelSizeA });
  }
  await Deno.writeFile(join(folder, "a", "empty.mrc"), new Uint8Array());
  await writeMrc(join(folder, "a", "nan.mrc"), { ...image, pixels: pixels.map(() => NaN) });
  await Deno.writeFile(
    join(folder, "a", "cut.mrc"),
    (await Deno.readFile(join(folder, "a", "mic.mrc"))).slice(0, 5000),
  );
  return folder;
}

Deno.test("bad files are reported, the rest is picked, names are told apart", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const folder = await mixedFolder();
  const out = join(folder, "out");
  const inputs = [join(folder, "a"), join(folder, "b", "*.mrc")];
  const formats = ["star", "box", "csv", "cbox", "cs", "topaz", "thi", "coord"];
  const summary = await pickFiles(picker, inputs, { out, formats });
  const failed = summary.files.filter(({ error }) => error !== undefined);
  assertEquals(failed.map(({ name }) => name).sort(), ["cut", "empty", "nan"]);
  for (const { path, error } of failed) assertStringIncludes(`${path} ${error}`, "expected");
  const picked = summary.files.filter(({ error }) => error === undefined);
  assertEquals(picked.map(({ name }) => name).sort(), ["a_mic", "b_mic"]);
  for (const { name, picks } of picked) {
    const { candidates, threshold } = await readCandidates(join(out, "candidates", `${name}.json`));
    assertEquals(candidates.filter(({ score }) => score >= threshold).length, picks);
    for (const extension of [".star", ".box", ".csv", ".cbox", ".cs", ".txt", ".thi", ".coord"]) {
      assertEquals((await readCoordinates(join(out, name + extension))).length, picks);
    }
  }
  const doubts = picked.map(({ doubts = [] }) => doubts.filter(({ kind }) => kind === "file"));
  assertEquals(doubts.map(({ length }) => length), [0, 1]);
  assertEquals(JSON.parse(await Deno.readTextFile(join(out, "summary.json"))), summary);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a threshold that nothing reaches gives files without picks", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const folder = await mixedFolder();
  const out = join(folder, "out");
  const inputs = [join(folder, "b", "mic.mrc")];
  await pickFiles(picker, inputs, { out, formats: ["star", "box", "csv"], threshold: 1 });
  for (const extension of [".star", ".box", ".csv"]) {
    assertEquals(await readCoordinates(join(out, `mic${extension}`)), []);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a threshold chosen later gives the picks of a run with it", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const folder = await mixedFolder();
  const inputs = [join(folder, "b", "mic.mrc")];
  const runs = { low: join(folder, "low"), high: join(folder, "high") };
  await pickFiles(picker, inputs, { out: runs.low, threshold: 0.02 });
  const { candidates } = await readCandidates(join(runs.low, "candidates", "mic.json"));
  const threshold = candidates[2].score;
  await pickFiles(picker, inputs, { out: runs.high, threshold });
  const picks = await readCoordinates(join(runs.high, "mic.star"));
  assertEquals(picks.length, candidates.filter(({ score }) => score >= threshold).length);
  assert(picks.length > 0 && picks.length < candidates.length);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an unwritable output, an unknown format and a missing input stop the batch", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const folder = await mixedFolder();
  const inputs = [join(folder, "b")];
  const blocked = join(folder, "a", "mic.mrc", "out"); // a file stands where the folder should be
  await assertRejects(
    () => pickFiles(picker, inputs, { out: blocked }),
    EPickerError,
    "cannot be written",
  );
  const out = join(folder, "out");
  await assertRejects(
    () => pickFiles(picker, inputs, { out, formats: ["xyz"] }),
    EPickerError,
    "star",
  );
  await assertRejects(() => pickFiles(picker, [join(folder, "c")], { out }), EPickerError);
  const clash = () => pickFiles(picker, inputs, { out, formats: ["star", "star-ends"] });
  await assertRejects(clash, EPickerError, "the same files");
  await assertRejects(() => Deno.stat(out), Deno.errors.NotFound);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what onResult throws stops the batch and is no failed micrograph", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const folder = await mixedFolder();
  const out = join(folder, "out");
  const inputs = [join(folder, "a", "mic.mrc"), join(folder, "b", "mic.mrc")];
  const onResult = () => Promise.reject(new TypeError("no canvas"));
  const run = () => pickFiles(picker, inputs, { out, workers: 1, onResult });
  await assertRejects(run, TypeError, "no canvas");
  const { files, total } = JSON.parse(await Deno.readTextFile(join(out, "summary.json")));
  assertEquals([files.length, total, files[0].error], [1, 2, undefined]);
  const { candidates } = await readCandidates(join(out, "candidates", "a_mic.json"));
  assertEquals(files[0].candidates, candidates.length);
  await Deno.remove(folder, { recursive: true });
});
