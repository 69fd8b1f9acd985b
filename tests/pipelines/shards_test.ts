import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { writeModel } from "../../lib/centernet/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { mergeShards, pickShard, planShards, shardOf } from "../../lib/pipelines/mod.ts";
import { openPicker, pickFiles, type PickSummary } from "../../lib/picking/mod.ts";
import { noiseFolder, resultsIn } from "../picking/_batch.ts";
import { discPicker, writeUnlikeDiscs } from "../picking/_discs.ts";
import { freshModel } from "../picking/_model.ts";
import { startCluster } from "./_slurm.ts";
import { hasProgram, isThere, until } from "./_tools.ts";

const EPICKER = fromFileUrl(new URL("../../epicker", import.meta.url));
const settings = { formats: ["star", "box"], workers: 1 };

/** Results without what only shards leave. */
async function resultsOf(out: string): Promise<Map<string, string>> {
  const results = await resultsIn(out);
  return new Map([...results].filter(([path]) => {
    return !path.startsWith("shards/") && path !== "autopick.star";
  }));
}

/** A summary without times. */
async function outcomes(out: string): Promise<unknown> {
  const summary: PickSummary = JSON.parse(await Deno.readTextFile(join(out, "summary.json")));
  const files = summary.files.map(({ seconds: _, ...file }) => file);
  return { ...summary, seconds: 0, files };
}

/** Folder of 14 micrographs, one of them bad, and what one run on one machine makes of them. */
async function pickedFolder() {
  const folder = await noiseFolder(14);
  await Deno.writeTextFile(join(folder, "micrographs", "m3.mrc"), "no image");
  const model = join(folder, "model.safetensors");
  await writeModel(model, freshModel({ threshold: 0.001 }));
  const [inputs, whole] = [join(folder, "micrographs"), join(folder, "whole")];
  const picker = await openPicker(freshModel({ threshold: 0.001 }), "wasm");
  await pickFiles(picker, [inputs], { out: whole, ...settings });
  return { folder, model, inputs, whole, picker };
}

Deno.test("shards together are one run, byte for byte, also after one was stopped and begun again", async () => {
  const { folder, inputs, whole, picker } = await pickedFolder();
  const out = join(folder, "out");
  const plan = await planShards(picker, [inputs], out, { tasks: 3, settings });
  assertEquals([0, 1, 2].map((task) => shardOf(plan, task).length), [5, 5, 4]);
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  await pickShard(picker, out, 0, { signal: stop.signal, onProgress });
  await pickShard(picker, out, 1);
  const { missing } = await mergeShards(out);
  assertEquals(missing.length, 8); // 4 of the first, all 4 of the last
  assert(missing.every((path) => path.startsWith(inputs)));
  for (const task of [2, 0]) await pickShard(picker, out, task);
  assertEquals((await mergeShards(out)).missing, []);
  assertEquals(await resultsOf(out), await resultsOf(whole));
  assertEquals(await outcomes(out), await outcomes(whole));
  picker[Symbol.dispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a diameter that is not given is decided once for all shards, and kept by a later plan", async () => {
  const folder = await Deno.makeTempDir();
  const [inputs, whole, out] = ["in", "whole", "out"].map((name) => join(folder, name));
  await writeUnlikeDiscs(inputs, 6);
  using picker = await discPicker();
  const { look } = await pickFiles(picker, [inputs], { out: whole, ...settings });
  assert(look?.diameter !== undefined);
  for (const tasks of [2, 3]) {
    await planShards(picker, [inputs], out, { tasks, settings });
    for (let task = 0; task < tasks; task++) await pickShard(picker, out, task);
    await mergeShards(out);
    assertEquals(await resultsOf(out), await resultsOf(whole));
    if (tasks === 2) assertEquals(await outcomes(out), await outcomes(whole));
  }
  const refused = { tasks: 2, settings: { diameterA: 90, diameterPx: 30 } };
  await assertRejects(() => planShards(picker, [inputs], out, refused), EPickerError, "diameter");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("the threshold auto is that of all shards together, taken when none is missing", async () => {
  const { folder, inputs, picker } = await pickedFolder();
  const [whole, out] = ["whole-auto", "out"].map((name) => join(folder, name));
  const auto = { ...settings, threshold: "auto" as const };
  const { threshold } = await pickFiles(picker, [inputs], { out: whole, ...auto });
  assert(threshold !== picker.model.threshold);
  await planShards(picker, [inputs], out, { tasks: 2, settings: auto });
  await pickShard(picker, out, 0);
  assertEquals((await mergeShards(out)).summary.threshold, picker.model.threshold);
  await pickShard(picker, out, 1);
  assertEquals((await mergeShards(out)).summary.threshold, threshold);
  assertEquals(await resultsOf(out), await resultsOf(whole));
  assertEquals(await outcomes(out), await outcomes(whole));
  picker[Symbol.dispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a shard that is none, a folder without a plan, tasks of which none began: told", async () => {
  const { folder, inputs, picker } = await pickedFolder();
  const out = join(folder, "out");
  await assertRejects(() => pickShard(picker, out, 0), EPickerError, "plan.json");
  await planShards(picker, [inputs], out, { tasks: 99, settings });
  await assertRejects(() => pickShard(picker, out, 14), EPickerError, "a number from 0 to 13");
  await assertRejects(() => mergeShards(out), EPickerError, "no summary of any task");
  picker[Symbol.dispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("slurm --local runs the shards as processes and merges them", async () => {
  const { folder, model, inputs, whole, picker } = await pickedFolder();
  picker[Symbol.dispose]();
  const out = join(folder, "out");
  const options = ["--model", model, "--backend", "wasm", "--format", "star,box", "--workers", "1"];
  const args = ["slurm", inputs, "--out", out, "--local", "2", ...options];
  const { code, stderr } = await new Deno.Command(EPICKER, { args }).output();
  assertEquals(code, 1); // a micrograph is bad
  assertMatch(new TextDecoder().decode(stderr), /skipped .*m3\.mrc/);
  assertEquals(await resultsOf(out), await resultsOf(whole));
  assertEquals(await outcomes(out), await outcomes(whole));
  await Deno.remove(folder, { recursive: true });
});

/** Processes of a job's task: its keeper, its script, and what they started. */
async function processesOf(out: string): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid,ppid,args"] }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n").slice(1).map((line) => {
    const [, pid, parent, args] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!;
    return { pid: Number(pid), parent: Number(parent), args };
  });
  const task = lines.find(({ args }) => args.includes(out) && args.includes("--task"));
  if (task === undefined) return [];
  const script = lines.find(({ pid }) => pid === task.parent)!;
  return [script.parent, script.pid, task.pid];
}

Deno.test({
  name: "on Slurm a task whose node dies half-way is begun again, and the merge is whole",
  ignore: !await hasProgram("slurmctld", "EPICKER_REQUIRE_SLURM"),
  async fn() {
    const { folder, model, inputs, whole, picker } = await pickedFolder();
    picker[Symbol.dispose]();
    const out = join(folder, "out");
    await using cluster = await startCluster();
    const options = ["--model", model, "--backend", "wasm", "--format", "star,box", "--workers"];
    const args = ["slurm", inputs, "--out", out, "--tasks", "1", ...options, "1"];
    const submit = new Deno.Command(EPICKER, { args, env: cluster.env });
    const { code, stdout, stderr } = await submit.output();
    const text = new TextDecoder();
    assertEquals(code, 0, text.decode(stderr));
    assertMatch(text.decode(stdout), /14 micrographs in 1 tasks: job \d+/);
    await until(() => isThere(join(out, "candidates", "m1.json")));
    await cluster.restartNode(await processesOf(out));
    await until(async () => await cluster.run("squeue", "-h") === "");
    const log = await Deno.readTextFile(join(out, "shards", "0.log"));
    assertEquals(log.match(/^14\/14 /gm)?.length, 1, log);
    assertEquals(log.match(/^1\/14 /gm)?.length, 2, log); // it began twice
    assertEquals(await resultsOf(out), await resultsOf(whole));
    assertEquals(await outcomes(out), await outcomes(whole));
    await Deno.remove(folder, { recursive: true });
  },
});
