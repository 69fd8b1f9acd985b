import { join } from "@std/path";
import * as z from "zod";
import { EPickerError, readFile, writeFileAtomic } from "../core/mod.ts";
import { expandInputs, type InputFile } from "../io/mod.ts";
import {
  checkPicking,
  findSummary,
  folderLook,
  lookSchema,
  type PickedFile,
  type Picker,
  pickFiles,
  type PickFilesOptions,
  type PickSummary,
  thresholdByScores,
  writeSummary,
} from "../picking/mod.ts";
import { byPath, writeIndex } from "./coordinate_index.ts";

const number = z.number().optional();

/** What every shard is told, as it lies in the plan. */
const settingsSchema = z.object({
  formats: z.array(z.string()).optional(),
  threshold: z.union([z.number(), z.literal("auto")]).optional(),
  ...{ diameterA: number, diameterPx: number, pixelSizeA: number },
  contrast: z.enum(["dark", "bright"]).optional(),
  look: lookSchema.optional(),
  ...{ rise: number, riseA: number, workers: number },
  overwrite: z.boolean().optional(),
});

const planSchema = z.object({
  version: z.literal(1),
  tasks: z.number().int().min(1),
  files: z.array(z.object({ path: z.string(), name: z.string() })).min(1),
  model: z.string().optional(),
  backend: z.string().optional(),
  settings: settingsSchema,
});

/** What is told to every shard. */
export type ShardSettings = Pick<
  PickFilesOptions,
  | "formats"
  | "threshold"
  | "diameterA"
  | "diameterPx"
  | "pixelSizeA"
  | "contrast"
  | "look"
  | "rise"
  | "riseA"
  | "workers"
  | "overwrite"
>;

/** A list of micrographs that several tasks share. */
export interface ShardPlan {
  /** Of the file's form. */
  version: 1;
  /** How many shards there are. */
  tasks: number;
  /** All micrographs, with the names of their results. */
  files: InputFile[];
  /** The model's path; the shipped one without. */
  model?: string;
  /** The backend's name. */
  backend?: string;
  /** How every shard is picked. */
  settings: ShardSettings;
}

/** Where plan, logs and the shards' summaries lie in the results' folder. */
export const SHARDS = "shards";

/**
 * Lists the micrographs once for all tasks and writes down who picks what, and how.
 *
 * Names, settings and what a look at the folder finds (a diameter, bright particles) are decided here,
 * so that they are those of a run on one machine.
 *
 * @throws {EPickerError} As `expandInputs` and `pickFiles`, and `write-failed`.
 */
export async function planShards(
  picker: Picker,
  inputs: readonly string[],
  out: string,
  { onWarning, ...about }: Omit<ShardPlan, "files" | "version"> & {
    onWarning?: (text: string) => void;
  },
): Promise<ShardPlan> {
  checkPicking(picker.model, about.settings);
  const files = await expandInputs(inputs, { onWarning });
  const tasks = Math.min(about.tasks, files.length);
  const look = about.settings.look ?? await folderLook(picker, files, { ...about.settings, out });
  const settings = { ...about.settings, look };
  const plan: ShardPlan = { version: 1, ...about, tasks, files, settings };
  await Deno.remove(join(out, SHARDS), { recursive: true }).catch(() => {}); // of an earlier plan
  await writeFileAtomic(planPath(out), JSON.stringify(plan, null, 1) + "\n");
  return plan;
}

/**
 * Reads the plan of a results' folder.
 *
 * @throws {EPickerError} `missing-file` where there is none, `bad-file` for a damaged one.
 */
export async function readPlan(out: string): Promise<ShardPlan> {
  const path = planPath(out);
  const text = new TextDecoder().decode(await readFile(path));
  try {
    return planSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new EPickerError("bad-file", {
      file: path,
      found: "no plan of shards",
      expected: "what `epicker slurm` wrote",
      remedy: "Start it again with its inputs.",
    }, { cause });
  }
}

function planPath(out: string): string {
  return join(out, SHARDS, "plan.json");
}

/** The micrographs of one task: every so many of the list, since neighbours are of like size. */
export function shardOf({ files, tasks }: ShardPlan, task: number): InputFile[] {
  if (Number.isInteger(task) && task >= 0 && task < tasks) {
    return files.filter((_, i) => i % tasks === task);
  }
  throw new EPickerError("bad-option", {
    file: "task",
    found: String(task),
    expected: `a number from 0 to ${tasks - 1}`,
  });
}

/**
 * Picks one shard of a plan, as `pickFiles` does, and leaves its summary in the shard's folder.
 *
 * Where the threshold is `auto`, picks are those of the model's until all shards are merged.
 */
export async function pickShard(
  picker: Picker,
  out: string,
  task: number,
  options: Pick<PickFilesOptions, "signal" | "onProgress"> = {},
): Promise<PickSummary> {
  const plan = await readPlan(out);
  const summaryOut = shardFolder(out, task);
  const files = shardOf(plan, task);
  const { threshold: wanted, ...settings } = plan.settings;
  const threshold = wanted === "auto" ? undefined : wanted;
  return await pickFiles(picker, files, { ...settings, threshold, ...options, out, summaryOut });
}

function shardFolder(out: string, task: number): string {
  return join(out, SHARDS, String(task));
}

/** What {@linkcode mergeShards} found. */
export interface MergedShards {
  /** The summary of the whole, as it was written. */
  summary: PickSummary;
  /** Paths of micrographs that no shard has come to. */
  missing: string[];
}

/**
 * Makes one summary and one index of all shards, in the order of the list.
 *
 * Micrographs that no task has come to are told, and count as left. The index `autopick.star` is
 * written where the picks are STAR files. The threshold `auto` is taken now, by the scores of all.
 *
 * @throws {EPickerError} `missing-file` where no task has begun, and as {@linkcode readPlan}.
 */
export async function mergeShards(
  out: string,
  { onProgress, onWarning }: Pick<PickFilesOptions, "onProgress" | "onWarning"> = {},
): Promise<MergedShards> {
  const plan = await readPlan(out);
  const done = new Map<string, PickedFile>();
  let about: PickSummary | undefined;
  let seconds = 0;
  for (let task = 0; task < plan.tasks; task++) {
    const shard = await findSummary(shardFolder(out, task));
    if (shard !== undefined) about = shard;
    seconds = Math.max(seconds, shard?.seconds ?? 0);
    for (const file of shard?.files ?? []) done.set(file.name, asOfOneRun(file));
    onProgress?.({ stage: "merge", done: task + 1, total: plan.tasks });
  }
  if (about === undefined) throw noShard(out);
  const files = plan.files.flatMap(({ name }) => done.get(name) ?? []);
  const missing = plan.files.filter(({ name }) => !done.has(name)).map(({ path }) => path);
  const { formats = ["star"], threshold } = plan.settings;
  let summary: PickSummary = { ...about, total: plan.files.length, seconds, files };
  await writeSummary(out, summary);
  if (threshold === "auto") {
    summary = await thresholdByScores(summary, { out, formats, onWarning });
  }
  if (formats.includes("star")) await writeIndex(out, summary.files.map(byPath));
  return { summary, missing };
}

/** What a shard found again when it was started again was not done before the whole. */
function asOfOneRun({ skipped: _, from: __, ...file }: PickedFile): PickedFile {
  return file;
}

function noShard(out: string): EPickerError {
  return new EPickerError("missing-file", {
    file: join(out, SHARDS),
    found: "no summary of any task",
    expected: "that at least one has begun",
    remedy: "See the logs there.",
  });
}
