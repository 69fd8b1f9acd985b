import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import { writeModel } from "../../lib/centernet/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { watchFiles, type WatchState } from "../../lib/pipelines/mod.ts";
import { openPicker, pickFiles, type PickSummary } from "../../lib/picking/mod.ts";
import { noiseFolder, resultsIn, writeNoise } from "../picking/_batch.ts";
import { discPicker, writeUnlikeDiscs } from "../picking/_discs.ts";
import { freshModel } from "../picking/_model.ts";
import { isThere, until } from "./_tools.ts";

const model = freshModel({ threshold: 0.001 });

/** A folder that is watched, with a detector that counts. */
async function watched(
  work: (folder: {
    at(name: string): string;
    out: string;
    picked: string[];
    summary(): Promise<PickSummary>;
    state(): Promise<WatchState>;
  }) => Promise<void>,
  { begin = async (_folder: string) => {} } = {},
): Promise<PickSummary> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "in"));
  await begin(join(folder, "in"));
  const out = join(folder, "out");
  const picked: string[] = [];
  using picker = await openPicker(model, "wasm");
  const run = watchFiles(picker, [join(folder, "in"), join(folder, "in", "day*", "*.mrc")], {
    ...{ out, interval: 0.15, stop: join(folder, "stop"), workers: 1 },
    onResult: (name) => void picked.push(name),
  });
  const read = async (name: string) => JSON.parse(await Deno.readTextFile(join(out, name)));
  await work({
    at: (name) => join(folder, "in", name),
    ...{ out, picked },
    summary: () => read("summary.json"),
    state: () => read("watch.json"),
  });
  await Deno.writeTextFile(join(folder, "stop"), "");
  const summary = await run;
  assertEquals((await read("watch.json")).state, "ended");
  await Deno.remove(folder, { recursive: true });
  return summary;
}

/** The outcome of a micrograph once it is in the summary. */
async function outcome(summary: () => Promise<PickSummary>, name: string, isSo = "picks") {
  const find = async () => {
    const { files } = await summary().catch(() => ({ files: [] as PickSummary["files"] }));
    return files.find((file) => file.name === name && isSo in file);
  };
  await until(async () => await find() !== undefined);
  return (await find())!;
}

Deno.test("micrographs are picked once each as they come; names of parts are left alone", async () => {
  const { files, total } = await watched(async ({ at, picked, summary, state }) => {
    await writeNoise(at("a.mrc"), 1);
    await outcome(summary, "a");
    await Deno.copyFile(at("a.mrc"), at(".c.mrc.x7Yz")); // rsync
    await Deno.copyFile(at("a.mrc"), at("c.mrc.part"));
    await writeNoise(at("b.mrc"), 2);
    await outcome(summary, "b");
    assertEquals((await summary()).files.map(({ name }) => name), ["a", "b"]);
    await Deno.rename(at(".c.mrc.x7Yz"), at("c.mrc"));
    await outcome(summary, "c");
    assertEquals(picked, ["a", "b", "c"]);
    await until(async () => (await state()).picked === 3);
    const { seen, failed, lastHour, last, waiting } = await state();
    assertEquals([seen, failed, lastHour, last, waiting], [3, 0, 3, "c", []]);
  });
  assertEquals([files.length, total], [3, 3]);
});

Deno.test("a file that grows is picked when it is whole, a bad one again when it changes", async () => {
  await watched(async ({ at, picked, summary }) => {
    await writeNoise(at("whole.mrc"), 1);
    await outcome(summary, "whole");
    const bytes = await Deno.readFile(at("whole.mrc"));
    const half = bytes.length >> 1;
    await Deno.writeFile(at("slow.mrc"), bytes.subarray(0, half));
    const { error } = await outcome(summary, "slow", "error"); // it rested for a while
    assertStringIncludes(error!, "slow.mrc");
    await Deno.writeFile(at("slow.mrc"), bytes.subarray(half), { append: true });
    await outcome(summary, "slow");
    assertEquals(picked, ["whole", "slow"]);
    await Deno.symlink(at("nowhere.mrc"), at("link.mrc"));
    assertStringIncludes((await outcome(summary, "link", "error")).error!, "link.mrc");
    await writeNoise(at("nowhere.mrc"), 3);
    await outcome(summary, "link");
    await outcome(summary, "nowhere");
    assertEquals((await summary()).files.filter(({ error }) => error !== undefined), []);
  });
});

Deno.test("of two micrographs of one name the second has its folder's before it, whenever it comes", async () => {
  await watched(async ({ at, picked, summary }) => {
    for (const [i, day] of ["day2", "day1"].entries()) {
      await Deno.mkdir(at(day));
      await writeNoise(join(at(day), "a.mrc"), i);
      await outcome(summary, i === 0 ? "a" : "day1_a");
    }
    assertEquals(picked, ["a", "day1_a"]);
  });
});

Deno.test("watched from the first to the last, a folder ends as one that was picked whole", async () => {
  const folder = await noiseFolder(6);
  const [inputs, whole, out] = ["micrographs", "whole", "out"].map((name) => join(folder, name));
  using picker = await openPicker(model, "wasm");
  await pickFiles(picker, [inputs], { out: whole });
  const summary = await watchFiles(picker, [inputs], { out, interval: 0.1, untilQuiet: 0.02 });
  assertEquals(summary.files.length, 6);
  const results = await resultsIn(out);
  results.delete("watch.json");
  assertEquals(results, await resultsIn(whole));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a diameter that is not given is decided once, also for what comes after a restart", async () => {
  const folder = await Deno.makeTempDir();
  const [inputs, source, out] = ["in", "source", "out"].map((name) => join(folder, name));
  await writeUnlikeDiscs(source, 4);
  await Deno.mkdir(inputs);
  using picker = await discPicker();
  const bring = (name: string) => Deno.rename(join(source, name), join(inputs, name));
  const diameters: (number | undefined)[] = [];
  for (const [now, later] of [["m0.mrc", "m1.mrc"], ["m3.mrc", "m2.mrc"]]) {
    await bring(now);
    const { files, look } = await watchFiles(picker, [inputs], {
      ...{ out, workers: 1, interval: 0.1, untilQuiet: 0.01 },
      onResult: (name) => now.startsWith(name) ? bring(later) : undefined,
    });
    diameters.push(look?.diameter, ...files.map(({ diameter }) => diameter));
    for (const { path } of files) await Deno.rename(path, join(source, basename(path))); // copied away
  }
  assertEquals(diameters, Array(2 * 3).fill(diameters[0]));
  const { look } = await pickFiles(picker, [join(source, "m1.mrc")], { out: source });
  assert(look!.diameter! > 1.3 * diameters[0]!); // by itself the second is seen larger
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a threshold by the scores of a folder that still grows is refused, with a remedy", async () => {
  using picker = await openPicker(model, "wasm");
  const options = { out: "nowhere", threshold: "auto" as const };
  const refused = () => watchFiles(picker, ["in"], options);
  await assertRejects(refused, EPickerError, "epicker threshold OUT auto");
});

Deno.test("killed at any moment, watching goes on with nothing lost and nothing picked twice", async () => {
  const folder = await noiseFolder(8);
  const [inputs, out] = ["micrographs", "out"].map((name) => join(folder, name));
  await writeModel(join(folder, "model.safetensors"), model);
  const options = ["--model", join(folder, "model.safetensors"), "--backend", "wasm"];
  const start = (...more: string[]) =>
    new Deno.Command("deno", {
      args: ["run", "-A", "--quiet", "tasks/epicker.ts", "pick", inputs, "--out", out, ...options]
        .concat(["--workers", "1", "--watch", ...more]),
      ...{ stdout: "null", stderr: "null" },
    }).spawn();
  const first = start();
  await until(() => isThere(join(out, "candidates", "m2.json")));
  first.kill("SIGKILL");
  await first.status;
  const recorded = await resultsIn(join(out, "candidates"));
  const times = await timesOf(out, [...recorded.keys()]);
  await writeNoise(join(inputs, "m8.mrc"), 8);
  const second = start("--until-quiet", "0.05");
  assertEquals((await second.status).code, 0);
  assertEquals((await resultsIn(join(out, "candidates"))).size, 9);
  assertEquals(await timesOf(out, [...recorded.keys()]), times); // none was written anew
  assert(recorded.size >= 3 && recorded.size < 9);
  await Deno.remove(folder, { recursive: true });
});

async function timesOf(out: string, names: string[]): Promise<number[]> {
  const stats = await Promise.all(names.map((name) => Deno.stat(join(out, "candidates", name))));
  return stats.map(({ mtime }) => mtime!.getTime());
}
