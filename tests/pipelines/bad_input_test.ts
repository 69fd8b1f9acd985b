/**
 * What a cluster and its users do to a run: every case is told by its name with a remedy, exit markers
 * tell the truth, and the same command goes on.
 *
 * @module
 */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { writeModel } from "../../lib/centernet/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import { writeMrc } from "../../lib/io/mod.ts";
import { inRelionJob, planShards, watchFiles } from "../../lib/pipelines/mod.ts";
import { openPicker } from "../../lib/picking/mod.ts";
import { noiseFolder, writeNoise } from "../picking/_batch.ts";
import { freshModel } from "../picking/_model.ts";
import { LIST, listOf, relionProject } from "./_project.ts";
import { isThere, until } from "./_tools.ts";

const LAUNCHER = fromFileUrl(new URL("../../tasks/launch/epicker-relion", import.meta.url));
const JOB = "External/job012/";

/** A project of some micrographs, and its job as RELION starts it. */
async function startable(count: number) {
  const paths = Array.from({ length: count }, (_, i) => `Movies/m${i}.mrc`);
  const project = await relionProject([]);
  await Deno.mkdir(join(project, dirname(paths[0])), { recursive: true });
  for (const [i, path] of paths.entries()) await writeNoise(join(project, path), i);
  await Deno.writeTextFile(join(project, LIST), listOf(paths));
  await writeModel(join(project, "model.safetensors"), freshModel({ threshold: 0.001 }));
  const model = ["--model", "model.safetensors", "--backend", "wasm", "--j", "1"];
  const start = () =>
    new Deno.Command(LAUNCHER, {
      args: ["--in_mics", LIST, "--o", JOB, ...model],
      ...{ cwd: project, stdout: "null", stderr: "piped" },
    }).spawn();
  return { project, start, at: (name: string) => join(project, JOB, name) };
}

async function markersIn(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return names.filter((name) => name.startsWith("RELION_JOB")).sort();
}

Deno.test("a job's folder that cannot be written is told by its name before anything is picked", async () => {
  const folder = await Deno.makeTempDir();
  const job = join(folder, "job012");
  await Deno.writeTextFile(job, "a file in its place");
  const never = () => Promise.reject(new Error("it was begun"));
  const error = await assertRejects(() => inRelionJob(job, never), EPickerError);
  assertEquals([error.code, error.details.file], ["write-failed", job]);
  assertStringIncludes(error.message, "Continue");
  if (Deno.uid() !== 0) { // root may write anywhere
    const closed = join(folder, "job013");
    await Deno.mkdir(closed, { mode: 0o555 });
    await assertRejects(() => inRelionJob(closed, never), EPickerError, "job013");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("what went wrong is told, not that the marker of it cannot be written", async () => {
  const folder = await Deno.makeTempDir();
  const job = join(folder, "job012");
  await Deno.mkdir(job);
  const unplugged = async () => {
    await Deno.remove(job, { recursive: true });
    await Deno.writeTextFile(job, "");
    throw new Error("the disk is gone");
  };
  await assertRejects(() => inRelionJob(job, unplugged), Error, "the disk is gone");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a place in the job's folder that is taken: the job has failed, says where, and then goes on", async () => {
  const { project, start, at } = await startable(2);
  await Deno.writeTextFile(at("candidates"), "a file in its place");
  const { code, stderr } = await start().output();
  assertEquals([code, await markersIn(at("."))], [2, ["RELION_JOB_EXIT_FAILURE"]]);
  assertStringIncludes(new TextDecoder().decode(stderr), join(JOB, "candidates"));
  await Deno.remove(at("candidates"));
  assertEquals((await start().output()).code, 0);
  assertEquals(await markersIn(at(".")), ["RELION_JOB_EXIT_SUCCESS"]);
  await Deno.remove(project, { recursive: true });
});

Deno.test("a name twice, an odd micrograph and one that is not there: told in the job's log, each once", async () => {
  const { project, start, at } = await startable(2);
  const image = { width: 96, height: 6, pixels: new Float32Array(576).fill(1).fill(2, 99) };
  await writeMrc(join(project, "Movies/odd.mrc"), image);
  const names = ["m0", "odd", "m0", "gone", "m1"].map((name) => `Movies/${name}.mrc`);
  await Deno.writeTextFile(join(project, LIST), listOf(names));
  const { code, stderr } = await start().output();
  assertEquals([code, await markersIn(at("."))], [0, ["RELION_JOB_EXIT_SUCCESS"]]);
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  const told = (text: string) => lines.filter((line) => line.includes(text));
  assertEquals(told("lists Movies/m0.mrc twice").length, 1, lines.join("\n"));
  assertEquals(told("warning: Movies/odd.mrc: The header tells no pixel size.").length, 1);
  assert(told("skipped ")[0].startsWith("skipped Movies/gone.mrc: found that it cannot be read"));
  assertEquals(lines.length, 3);
  await Deno.remove(project, { recursive: true });
});

Deno.test("a job that is killed has failed, and Continue does the rest", async () => {
  const { project, start, at } = await startable(40);
  const run = start();
  await until(() => isThere(at("candidates/Movies/m2_autopick.json")));
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid,ppid,args"] }).output();
  const line = new TextDecoder().decode(stdout).split("\n").find((line) => {
    return line.includes("epicker.ts relion") && Number(line.trim().split(/\s+/)[1]) === run.pid;
  });
  Deno.kill(Number(line!.trim().split(/\s+/)[0]), "SIGKILL");
  assertEquals((await run.output()).code, 128 + 9);
  assertEquals(await markersIn(at(".")), ["RELION_JOB_EXIT_FAILURE"]);
  assert(!await isThere(at("candidates/Movies/m39_autopick.json")));
  assertEquals((await start().output()).code, 0);
  assertEquals(await markersIn(at(".")), ["RELION_JOB_EXIT_SUCCESS"]);
  assert(await isThere(at("candidates/Movies/m39_autopick.json")));
  await Deno.remove(project, { recursive: true });
});

Deno.test("shards and watching say at once that their results cannot be written", async () => {
  const folder = await noiseFolder(1);
  const [inputs, out] = ["micrographs", "out"].map((name) => join(folder, name));
  await Deno.writeTextFile(out, "a file in its place");
  using picker = await openPicker(freshModel(), "wasm");
  for (
    const begin of [
      () => planShards(picker, [inputs], out, { tasks: 2, settings: {} }),
      () => watchFiles(picker, [inputs], { out, untilQuiet: 1 }),
    ]
  ) {
    const error = await assertRejects(begin, EPickerError, out);
    assertEquals(error.code, "write-failed");
  }
  await Deno.remove(folder, { recursive: true });
});
