/**
 * Many tasks share a list of micrographs: `epicker slurm IN… --out DIR --tasks N`.
 *
 * @module
 */
import { fromFileUrl, join, resolve } from "@std/path";
import { EPickerError } from "../lib/core/mod.ts";
import { loadPicker, type PickingBackendName } from "../lib/picking/mod.ts";
import {
  mergeShards,
  pickShard,
  planShards,
  readPlan,
  type ShardPlan,
  SHARDS,
  type SlurmJob,
  slurmScripts,
} from "../lib/pipelines/mod.ts";
import { command, INTERRUPTED, interruptSignal, warn } from "./_cli.ts";
import { printTroubles } from "./_print_picked.ts";
import { count, formats, number, on, text } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

export default command({
  inputs: "IN…",
  flags: {
    out: FLAG.out,
    tasks: count("--tasks N", "tasks of an array job (default: 1)"),
    local: count("--local N", "tasks as processes on this machine, without Slurm"),
    sbatch: text("--sbatch OPTIONS", "more options of sbatch, in quotes"),
    model: FLAG.model,
    formats: formats("--format LIST", "star, box, cbox, csv, cs, … with commas (default: star)"),
    threshold: FLAG.threshold,
    diameterA: FLAG.diameterA,
    diameterPx: FLAG.diameterPx,
    pixelSizeA: FLAG.pixelSizeA,
    contrast: FLAG.contrast,
    rise: FLAG.rise,
    riseA: FLAG.riseA,
    backend: FLAG.backend,
    workers: count("--workers N", "micrographs in work at once, of each task"),
    overwrite: on("--overwrite", "pick again what is done already"),
    task: number("--task K", "what the array job calls: picks shard K of the plan in --out"),
    merge: on("--merge", "what the last job calls: one summary and one index of all shards"),
  },
  examples: [
    "Micrographs/ --out Picks --tasks 100 --sbatch '--partition=cpu --cpus-per-task=4 --time=2:00:00'",
    "Micrographs/ --out Picks --tasks 8 --backend webgpu --sbatch '--partition=gpu --gres=gpu:1'",
    "Micrographs/ --out Picks --local 2 --workers 1",
  ],
  async main({ out, tasks = 1, local, sbatch, task, merge, ...given }, inputs) {
    if (task !== undefined) return await pickTask(out, task);
    if (merge) return await mergeTask(out);
    const { model, backend, ...settings } = given;
    const plan = await makePlan(inputs, out, {
      ...{ tasks: local ?? tasks, model, backend, settings },
    });
    return local === undefined ? await submit(plan, out, sbatch) : await runHere(plan, out);
  },
});

/** Plans with the tasks' backend, or another where this machine has it not. */
async function makePlan(
  inputs: string[],
  out: string,
  about: Omit<ShardPlan, "files" | "version">,
): Promise<ShardPlan> {
  const { model } = about;
  const backend = about.backend as PickingBackendName | undefined;
  using picker = await loadPicker({ model, backend }).catch((error) => {
    if (error instanceof EPickerError && error.code === "no-backend") return loadPicker({ model });
    throw error;
  });
  return await planShards(picker, inputs, out, { ...about, onWarning: warn });
}

async function pickTask(out: string, task: number): Promise<number | boolean> {
  const { model, backend } = await readPlan(out);
  const signal = interruptSignal();
  using picker = await loadPicker({ model, backend: backend as PickingBackendName | undefined });
  const { files, total } = await pickShard(picker, out, task, {
    signal,
    onProgress: ({ done, total, note }) => console.log(`${done}/${total} ${note}`),
  });
  const failed = printTroubles(files);
  return files.length < total ? INTERRUPTED : failed.length === 0;
}

async function mergeTask(out: string): Promise<boolean> {
  const { summary: { files, total }, missing } = await mergeShards(out, {
    onWarning: warn,
  });
  const good = files.filter(({ error }) => error === undefined);
  const picks = files.reduce((sum, { picks = 0 }) => sum + picks, 0);
  console.log(`${picks} picks in ${good.length} of ${total} micrographs.`);
  printTroubles(files);
  for (const path of missing) console.error(`not picked: ${path}`);
  if (missing.length > 0) {
    console.error(`${missing.length} micrographs are missing; the same command goes on with them.`);
  }
  return missing.length === 0 && good.length === files.length;
}

/** Runs the shards as processes beside each other. */
async function runHere({ tasks }: ShardPlan, out: string): Promise<boolean | number> {
  const signal = interruptSignal();
  const program = join(ROOT, "tasks", "epicker.ts");
  const permissions = ["--allow-read", "--allow-write", "--allow-env=XDG_RUNTIME_DIR"];
  const shards = Array.from({ length: tasks }, (_, task) => {
    const args = ["slurm", "--out", out, "--task", String(task)];
    const run = ["run", "--quiet", "--no-prompt", ...permissions, program, ...args];
    return new Deno.Command("deno", { args: run, stdin: "null" }).spawn();
  });
  signal.addEventListener("abort", () => shards.forEach((shard) => shard.kill("SIGTERM")));
  await Promise.all(shards.map(({ status }) => status));
  const isWhole = await mergeTask(out);
  return signal.aborted ? INTERRUPTED : isWhole;
}

/** Hands the jobs to Slurm. */
async function submit(plan: ShardPlan, out: string, more = ""): Promise<void> {
  const { pick, merge } = slurmScripts(plan, {
    program: [join(ROOT, "epicker")],
    folder: Deno.cwd(),
    out: resolve(out),
    options: more.split(/\s+/).filter((word) => word !== ""),
  });
  const array = await sbatchJob(pick, join(out, SHARDS, "pick.sh"));
  const last = await sbatchJob(merge(array), join(out, SHARDS, "merge.sh"));
  console.log(`${plan.files.length} micrographs in ${plan.tasks} tasks: job ${array}.`);
  console.log(`Job ${last} merges them into ${out}; logs in ${join(out, SHARDS)}.`);
}

/** Submits a job; gives its number. */
async function sbatchJob({ options, script }: SlurmJob, path: string): Promise<string> {
  await Deno.writeTextFile(path, script);
  const run = new Deno.Command("sbatch", { args: [...options, path] }).output();
  const { success, stdout, stderr } = await run.catch((cause) => {
    throw new EPickerError("bad-option", {
      found: "no program sbatch here",
      expected: "a machine from which jobs are submitted",
      remedy: "Log in there, or run the tasks on this machine: --local 2.",
    }, { cause });
  });
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (success) return text(stdout).split(";")[0];
  throw new EPickerError("bad-option", {
    file: "sbatch",
    found: text(stderr),
    expected: "options that this cluster takes",
  });
}
