import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EPickerError, type Mode } from "../../lib/core/mod.ts";
import {
  type CandidatesFile,
  readCandidates,
  readCoordinates,
  writeCandidates,
} from "../../lib/io/mod.ts";
import { changeThreshold, pickFiles, type PickSummary } from "../../lib/picking/mod.ts";
import { resultsIn } from "./_batch.ts";
import { alongFibers, CountingPicker, micrographFolder, scattered } from "./_counting.ts";

const FORMATS = ["star", "box", "cbox", "csv", "cs", "topaz", "thi", "coord", "json"];

/** What the network sees and how it is picked. */
const CASES: { mode: Mode; title: string; objects: typeof scattered; options?: object }[] = [
  { mode: "particle", title: "particles", objects: scattered },
  {
    mode: "particle",
    title: "particles 71 Å wide",
    objects: scattered,
    options: { diameterA: 71 },
  },
  { mode: "vesicle", title: "vesicles", objects: scattered },
  { mode: "fiber", title: "nodes of fibers", objects: alongFibers },
  { mode: "fiber", title: "boxes along fibers", objects: alongFibers, options: { riseA: 27.5 } },
];

/** Bytes as text too, so that a difference is shown. */
async function bytesIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const path of (await resultsIn(folder)).keys()) {
    files.set(path, new TextDecoder("latin1").decode(await Deno.readFile(join(folder, path))));
  }
  return files;
}

/** A summary without the time and where picks came from. */
function timeless({ seconds: _, files, ...rest }: PickSummary) {
  return { ...rest, files: files.map(({ seconds: _, from: __, ...file }) => file) };
}

for (const { mode, title, objects, options } of CASES) {
  Deno.test(`another threshold gives, byte for byte, what picking with it would: ${title}`, async () => {
    using picker = new CountingPicker(objects(3), { mode });
    const folder = await micrographFolder(2);
    const inputs = [join(folder, "mics")];
    const [changed, fresh] = [join(folder, "changed"), join(folder, "fresh")];
    await Deno.writeTextFile(join(folder, "mics", "bad.mrc"), "no micrograph");
    const all = { formats: FORMATS, workers: 1, ...options };
    await pickFiles(picker, inputs, { ...all, out: changed, threshold: 0.3 });
    const before = await bytesIn(changed);
    for (const threshold of [0.55, 0.1, 1, 0]) {
      const images = picker.images;
      const summary = await changeThreshold(changed, threshold);
      assertEquals(picker.images, images);
      const options = { ...all, out: fresh, threshold, overwrite: true };
      const expected = await pickFiles(picker, inputs, options);
      const results = await bytesIn(changed);
      assertEquals(results, await bytesIn(fresh));
      assertEquals(timeless(summary), timeless(expected));
      const written = JSON.parse(await Deno.readTextFile(join(changed, "summary.json")));
      assertEquals(timeless(written), timeless(expected));
      assert(["m0.star", "m1.csv"].every((path) => results.get(path) !== before.get(path)));
    }
    await changeThreshold(changed, 0.3);
    assertEquals(await bytesIn(changed), before);
    await Deno.remove(folder, { recursive: true });
  });

  Deno.test(`pick again with another threshold or format asks no network: ${title}`, async () => {
    using picker = new CountingPicker(objects(4), { mode });
    const folder = await micrographFolder(2);
    const out = join(folder, "out");
    const pick = async (to: string, changes: object) => {
      const given = { out: to, workers: 1, formats: ["star"], ...options, ...changes };
      const { files } = await pickFiles(picker, [join(folder, "mics")], given);
      return files.map(({ error, from, skipped }) => error ?? from ?? skipped ?? "network");
    };
    assertEquals(await pick(out, { threshold: 0.3 }), ["network", "network"]);
    const again = [{ threshold: 0.5 }, { threshold: 0.5, formats: ["star", "box", "cs"] }];
    for (const [i, changes] of again.entries()) {
      assertEquals(await pick(out, changes), ["candidates", "candidates"]);
      assertEquals(picker.images, 2 + 2 * i);
      assertEquals(await pick(out, changes), ["already done", "already done"]);
      const fresh = join(folder, `fresh${i}`);
      assertEquals(await pick(fresh, changes), ["network", "network"]);
      assertEquals(await bytesIn(out), await bytesIn(fresh));
    }
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("pick again with another rise takes the fibers from their candidates", async () => {
  using picker = new CountingPicker(alongFibers(), { mode: "fiber" });
  const folder = await micrographFolder(1);
  const pick = async (to: string, options: object) => {
    const given = { out: join(folder, to), workers: 1, ...options };
    const { files: [file] } = await pickFiles(picker, [join(folder, "mics")], given);
    return file.error ?? file.from ?? file.skipped ?? "network";
  };
  assertEquals(await pick("out", {}), "network");
  for (const options of [{ rise: 9 }, { riseA: 50 }]) {
    assertEquals(await pick("out", options), "candidates");
    assertEquals(await pick("out", options), "already done");
    assertEquals(await pick("fresh", { ...options, overwrite: true }), "network");
    assertEquals(await bytesIn(join(folder, "out")), await bytesIn(join(folder, "fresh")));
  }
  assertEquals(picker.images, 3);
  await assertRejects(() => pick("out", { rise: -1 }), EPickerError, "rise: found -1");
  assertEquals(await pick("out", { riseA: 50 }), "already done");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a refused option leaves earlier results alone, whatever is there", async () => {
  using picker = new CountingPicker(scattered(1), {});
  const folder = await micrographFolder(1);
  const out = join(folder, "out");
  const pick = async (options: object) => {
    const given = { out, workers: 1, ...options };
    return (await pickFiles(picker, [join(folder, "mics")], given)).files[0].error;
  };
  assertEquals(await pick({}), undefined);
  const before = await bytesIn(out);
  const threshold = await pick({ threshold: 5 }).catch((error) => error.message);
  assertStringIncludes(threshold, "between 0 and 1");
  assertStringIncludes(await pick({ rise: 9 }).catch((error) => error.message), "rise: found");
  assertEquals(await bytesIn(out), before);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("all coordinates of a folder are of one threshold, also those not asked for", async () => {
  using picker = new CountingPicker(scattered(2), {});
  const folder = await micrographFolder(1);
  const [out, fresh] = [join(folder, "out"), join(folder, "fresh")];
  const pick = (to: string, formats: string[], threshold: number) =>
    pickFiles(picker, [join(folder, "mics")], { out: to, workers: 1, formats, threshold });
  await pick(out, ["star", "box"], 0.3);
  await changeThreshold(out, 0.5, { formats: ["csv"] });
  await pick(fresh, ["csv", "star", "box"], 0.5);
  assertEquals(await bytesIn(out), await bytesIn(fresh));
  await pick(out, ["csv"], 0.7);
  await pickFiles(picker, [join(folder, "mics")], {
    ...{ out: fresh, workers: 1, formats: ["csv", "star", "box"], threshold: 0.7 },
    overwrite: true,
  });
  assertEquals(await bytesIn(out), await bytesIn(fresh));
  await Deno.remove(join(out, "m0.box")); // who removes a file does not want it
  await changeThreshold(out, 0.6, { formats: ["csv"] });
  assertEquals([...(await bytesIn(out)).keys()], ["candidates/m0.json", "m0.csv", "m0.star"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a range of diameters leaves others out, stays with another threshold, and ends", async () => {
  const objects = scattered(5);
  using picker = new CountingPicker(objects, { mode: "vesicle" });
  const folder = await micrographFolder(1);
  const out = join(folder, "out");
  await pickFiles(picker, [join(folder, "mics")], { out, workers: 1, threshold: 0.3 });
  const whole = await bytesIn(out);
  const record = await readCandidates(join(out, "candidates", "m0.json"));
  const expected = (threshold: number, least: number, most: number) =>
    record.candidates.filter(({ score, diameter = NaN }) =>
      score >= threshold && diameter >= least && diameter <= most
    ).length;
  const counts = async (threshold: number, diameterRange?: [number, number] | "all") => {
    const { files: [{ picks }] } = await changeThreshold(out, threshold, { diameterRange });
    assertEquals((await readCoordinates(join(out, "m0.star"))).length, picks);
    assertEquals((await readCoordinates(join(out, "candidates", "m0.json"))).length, picks);
    return picks;
  };
  assertEquals(await counts(0.3, [15, 25]), expected(0.3, 15, 25));
  assert(expected(0.3, 15, 25) < expected(0.3, 0, 99));
  assertEquals(await counts(0.5), expected(0.5, 15, 25));
  assertEquals(await counts(0.3, "all"), expected(0.3, 0, 99));
  assertEquals(await bytesIn(out), whole);
  for (const range of [[25, 15], [-1, 5], [5]]) {
    await assertRejects(
      () => changeThreshold(out, 0.5, { diameterRange: range as [number, number] }),
      EPickerError,
      "diameterRange",
    );
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what a kill left between record and coordinates is mended by a rerun", async () => {
  using picker = new CountingPicker(scattered(2), {});
  const folder = await micrographFolder(1);
  const out = join(folder, "out");
  const pick = async (threshold: number) => {
    const given = { out, workers: 1, formats: ["star", "box"], threshold };
    const { files: [file] } = await pickFiles(picker, [join(folder, "mics")], given);
    return file.from ?? file.skipped ?? "network";
  };
  await pick(0.3);
  const old = await bytesIn(out);
  await changeThreshold(out, 0.5);
  const changed = await bytesIn(out);
  await Deno.writeTextFile(join(out, "candidates", "m0.json"), old.get("candidates/m0.json")!);
  assertEquals(await pick(0.3), "candidates"); // the record is of 0.3, the coordinates are not
  assertEquals(await bytesIn(out), old);
  await Deno.writeTextFile(join(out, "m0.star"), changed.get("m0.star")!);
  await changeThreshold(out, 0.5);
  assertEquals(await bytesIn(out), changed);
  await Deno.writeTextFile(join(out, "m0.star"), "");
  assertEquals(await pick(0.5), "candidates");
  assertEquals(await bytesIn(out), changed);
  assertEquals([await pick(0.5), picker.images], ["already done", 1]);
  await Deno.remove(folder, { recursive: true });
});

/** A folder of results with so many records, and STAR files at their threshold, 0.3. */
async function recordFolder(count: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (let i = 0; i < count; i++) {
    const record: CandidatesFile = {
      ...{ version: 1, micrograph: `m${i}.mrc`, width: 400, height: 400, threshold: 0.3 },
      candidates: scattered(i),
    };
    await writeCandidates(join(folder, "candidates", `m${i}.json`), record);
  }
  await changeThreshold(folder, 0.3);
  return folder;
}

Deno.test("a change that is killed or stopped leaves old or new files; the next one does the rest", async () => {
  const [killed, whole] = [await recordFolder(150), await recordFolder(150)];
  const old = await bytesIn(killed);
  await changeThreshold(whole, 0.6);
  const changed = await bytesIn(whole);
  const isOldOrNew = async () => {
    const results = await bytesIn(killed);
    assertEquals([...results.keys()], [...old.keys()]);
    for (const [path, text] of results) {
      assert(text === old.get(path) || text === changed.get(path));
    }
    return [...results].filter(([path, text]) => text === changed.get(path)).length;
  };
  for (const count of [1, 60]) {
    const run = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", "tasks/epicker.ts", "threshold", killed, "0.6"],
      ...{ stdout: "null", stderr: "null" },
    }).spawn();
    const last = join(killed, `m${count}.star`);
    const before = old.get(`m${count}.star`);
    while (await Deno.readTextFile(last) === before) await new Promise((r) => setTimeout(r, 1));
    run.kill("SIGKILL");
    await run.output();
    const done = await isOldOrNew();
    assert(done > 0, `${done} files were changed`);
  }
  const stop = new AbortController();
  await changeThreshold(killed, 0.3);
  const stopped = await changeThreshold(killed, 0.6, {
    signal: stop.signal,
    onProgress: ({ done }) => done === 20 && stop.abort(),
  });
  assert(stopped.files.length >= 20 && stopped.files.length < stopped.total);
  await isOldOrNew();
  assertEquals(await changeThreshold(killed, 0.6).then(({ files }) => files.length), 150);
  assertEquals(await bytesIn(killed), changed);
  for (const folder of [killed, whole]) await Deno.remove(folder, { recursive: true });
});

Deno.test("a damaged record is reported and the rest is changed", async () => {
  const folder = await recordFolder(3);
  await Deno.writeTextFile(join(folder, "candidates", "m1.json"), "{");
  const star = await Deno.readTextFile(join(folder, "m1.star"));
  const { files, threshold } = await changeThreshold(folder, 0.6);
  assertEquals(files.map(({ name, error }) => [name, error === undefined]), [
    ["m0", true],
    ["m1", false],
    ["m2", true],
  ]);
  assertStringIncludes(files[1].error!, "m1.json");
  assertEquals([threshold, await Deno.readTextFile(join(folder, "m1.star"))], [0.6, star]);
  assertStringIncludes(await Deno.readTextFile(join(folder, "summary.txt")), "1 failed, 0 left");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a threshold beyond 0 to 1, an unknown format and a folder without candidates are refused", async () => {
  const folder = await recordFolder(1);
  const before = await bytesIn(folder);
  for (const threshold of [5, -0.1, NaN]) {
    await assertRejects(() => changeThreshold(folder, threshold), EPickerError, "between 0 and 1");
  }
  const unknown = () => changeThreshold(folder, 0.5, { formats: ["xyz"] });
  await assertRejects(unknown, EPickerError, "xyz");
  const clash = () => changeThreshold(folder, 0.5, { formats: ["star", "star-ends"] });
  await assertRejects(clash, EPickerError, "the same files");
  for (const place of [join(folder, "candidates"), join(folder, "nothing"), ""]) {
    await assertRejects(() => changeThreshold(place, 0.5), EPickerError, "no candidates");
  }
  await Deno.mkdir(join(folder, "empty", "candidates"), { recursive: true });
  await assertRejects(
    () => changeThreshold(join(folder, "empty"), 0.5),
    EPickerError,
    "that pick has written",
  );
  await Deno.remove(join(folder, "empty"), { recursive: true });
  assertEquals(await bytesIn(folder), before);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("auto divides the scores of the folder where most variance lies between, when picking or later", async () => {
  using picker = new CountingPicker(scattered(3), {});
  const folder = await micrographFolder(2);
  const [out, later] = [join(folder, "out"), join(folder, "later")];
  const told: string[] = [];
  const onWarning = (text: string) => void told.push(text);
  const inputs = [join(folder, "mics")];
  const summary = await pickFiles(picker, inputs, {
    out,
    workers: 1,
    threshold: "auto",
    onWarning,
  });
  const scores: number[] = [];
  for (const name of ["m0", "m1"]) {
    const { candidates, threshold } = await readCandidates(join(out, "candidates", `${name}.json`));
    assertEquals(threshold, summary.threshold);
    scores.push(...candidates.map(({ score }) => score));
  }
  const between = (threshold: number) => {
    const [a, b] = [scores.filter((s) => s < threshold), scores.filter((s) => s >= threshold)];
    const mean = (some: number[]) => some.reduce((sum, s) => sum + s, 0) / some.length;
    return a.length * b.length === 0 ? 0 : a.length * b.length * (mean(a) - mean(b)) ** 2;
  };
  const most = Math.max(...scores.map(between));
  assert(between(summary.threshold) > 0.98 * most, `${summary.threshold}`);
  const far = Math.abs(summary.threshold - picker.model.threshold) >= 0.2;
  assertEquals(told.length, far ? 1 : 0);
  await pickFiles(picker, inputs, { out: later, workers: 1, threshold: 0.9 });
  assertEquals((await changeThreshold(later, "auto")).threshold, summary.threshold);
  await Deno.remove(folder, { recursive: true });
});
