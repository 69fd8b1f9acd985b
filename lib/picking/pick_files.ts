import { basename, resolve } from "@std/path";
import * as z from "zod";
import {
  checkArgument,
  defined,
  EPickerError,
  messageOfError,
  noun,
  type OnProgress,
} from "../core/mod.ts";
import { type CandidatesFile, expandInputs, type InputFile, type Provenance } from "../io/mod.ts";
import { defaultWorkers, type Lane, openLanes, runLanes } from "./lanes.ts";
import { farFrom, thresholdOf } from "./auto_threshold.ts";
import { changeThreshold } from "./change_threshold.ts";
import { folderLook } from "./look_at_files.ts";
import { checkPicking, type PickOptions } from "./pick_options.ts";
import { Picker, type PickResult } from "./picker.ts";
import {
  assertSameMicrograph,
  findRecord,
  hasSameCandidates,
  type PickedBy,
  type Place,
  recordOf,
  removeResults,
  type Target,
  targetsOf,
  withEarlier,
  writeTaken,
} from "./results.ts";
import { seenWith } from "./seen_with.ts";
import { factsOf, type PickedFile, type PickSummary, SummaryLog } from "./summary.ts";
import { takeAgain } from "./take_again.ts";
import { takePicks } from "./take_picks.ts";

/** What {@linkcode pickFiles} may be told. */
export interface PickFilesOptions extends PickOptions {
  /** Folder for the results; made when missing. */
  out: string;
  /** Folder for the summary, where several batches share one of results. @default {out} */
  summaryOut?: string;
  /** What the summary tells first: what became of earlier micrographs of a batch that grows. */
  earlier?: readonly PickedFile[];
  /** Formats of the picks, names of `coordinateFormats`. @default {["star"]} */
  formats?: string[];
  /**
   * Workers, each with one micrograph in work; by default one, and on WASM as many as cores for 16
   * files or more: of fewer, all cores make one after another. On
   * WASM and plain CPU they pick; on other backends they read and preprocess, one micrograph ahead
   * of the network.
   */
  workers?: number;
  /** Picks again what an earlier run has done. @default {false} */
  overwrite?: boolean;
  /** Stops the batch: micrographs in work are finished, no other is begun. */
  signal?: AbortSignal;
  /** Reports after every micrograph. */
  onProgress?: OnProgress;
  /** Receives sentences about what was left out: folders within folders. */
  onWarning?: (text: string) => void;
  /**
   * Receives what the network found while its image is still at hand, e.g. to draw it; in any order.
   * What it throws stops the batch.
   */
  onResult?: (name: string, result: PickResult) => void | Promise<void>;
}

/** What all micrographs of a batch have in common. */
interface Batch {
  out: string;
  targets: Target[];
  options: PickOptions;
  threshold: number;
  by: PickedBy;
  made: Omit<Provenance, "path" | "content" | "formats">;
  overwrite: boolean;
}

/**
 * Picks files, folders or globs and writes the results.
 *
 * Every micrograph `x/name.mrc` gives `OUT/name.star` (or another format's file) with the picks and
 * `OUT/candidates/name.json` with all candidates, from which another threshold can be taken
 * without picking again. A file that fails is reported and the rest goes on. `OUT/summary.json` and
 * `OUT/summary.txt` tell what happened, also to a batch that was killed.
 *
 * Where an earlier run has candidates of the same micrograph (by content), model, versions of the
 * recipe and diameter, the network is not asked again: another threshold, rise or format is taken
 * from them, and what is there already is left alone. The backend does not count, since results
 * agree up to rounding, nor does the number of workers, which does not change them.
 *
 * @param inputs Paths or patterns; or files that have names already, which may hold folders, and
 * perhaps a pixel size of their own.
 * @throws {EPickerError} `missing-file` for an input that is not there, `bad-option` for an unknown
 * format, a number of workers below one, and as `checkPicking`, `write-failed` when the folder cannot be written.
 */
export async function pickFiles(
  picker: Picker,
  inputs: readonly string[] | readonly InputFile[],
  given: PickFilesOptions,
): Promise<PickSummary> {
  checkArgument(
    picker,
    z.instanceof(Picker, { error: "a picker, as loadPicker() gives it" }),
    "picker",
  );
  checkArgument(given, z.object({ out: noun.path }, "an object of options"));
  const { signal, onProgress, onWarning, ...options } = given;
  if (options.workers !== undefined) assertWorkers(options.workers);
  checkPicking(picker.model, options);
  if (options.threshold === "auto") return await pickFilesByScores(picker, inputs, given);
  const targets = targetsOf(options.formats ?? ["star"]);
  const files = isNamed(inputs) ? inputs : await expandInputs(inputs, { onWarning });
  const { workers = defaultWorkers(picker.backend, files.length) } = options;
  const batch = await batchOf(picker, files, targets, options);
  const { out, threshold } = batch;
  const { look } = batch.options;
  const [{ model }, backend, total] = [batch.by, picker.backend.title, files.length];
  const { summaryOut = out, earlier = [] } = options;
  const about = defined({ model, backend, threshold, total, look });
  const log = new SummaryLog(summaryOut, about, earlier);
  await log.write(); // fails now where it would fail after all the work
  using open = openLanes(picker, workers, total);
  const runs = runLanes(open.lanes, files, signal, async (lane, input, i) => {
    const { file, result } = await pickFile(lane, input, batch);
    log.add(i, file);
    if (result !== undefined) await options.onResult?.(file.name, result);
    onProgress?.({ stage: "pick", done: log.count, total, note: file.name });
    await log.writeIfDue();
  });
  await runs.catch(async (error) => {
    await log.write().catch(() => {}); // what stopped the batch is the news
    throw error;
  });
  return await log.write();
}

/** Picks with the model's threshold, and then takes the picks anew by the scores of the folder. */
async function pickFilesByScores(
  picker: Picker,
  inputs: readonly string[] | readonly InputFile[],
  given: PickFilesOptions,
): Promise<PickSummary> {
  const own = picker.model.threshold;
  return await thresholdByScores(
    await pickFiles(picker, inputs, { ...given, threshold: own }),
    given,
  );
}

/**
 * Takes the picks of a folder that was picked with the model's threshold anew by its scores; leaves
 * alone one that is not done, or where all has failed.
 *
 * @throws {EPickerError} As {@linkcode changeThreshold}.
 */
export async function thresholdByScores(
  before: PickSummary,
  { out, formats, onWarning }: Pick<PickFilesOptions, "out" | "formats" | "onWarning">,
): Promise<PickSummary> {
  if (before.files.length < before.total) return before;
  if (before.files.every(({ error }) => error !== undefined)) return before;
  const summary = await changeThreshold(out, "auto", { formats });
  const far = farFrom(before.threshold, summary.threshold);
  if (far !== undefined) onWarning?.(far);
  return summary;
}

/** Whether the inputs are files with names. */
function isNamed(
  inputs: readonly string[] | readonly InputFile[],
): inputs is readonly InputFile[] {
  return Array.isArray(inputs) && typeof inputs[0] === "object";
}

async function batchOf(
  picker: Picker,
  files: readonly InputFile[],
  targets: Target[],
  { out, overwrite = false, workers: _workers, ...rest }: PickFilesOptions,
): Promise<Batch> {
  const { onResult: _, formats: __, summaryOut: ___, earlier: ____, ...given } = rest;
  const { model, backend } = picker;
  const threshold = thresholdOf(given.threshold, [], model.threshold);
  const { rise, riseA } = given;
  const look = given.look ?? await folderLook(picker, files, { ...given, out, overwrite });
  const { contrast = look?.contrast } = given;
  const options = { ...given, look };
  const made: Batch["made"] = {
    ...await seenWith(model, given),
    ...{ rise, riseA },
    ...{ seenPx: look?.diameter, seenAtA: look?.diameter && look.pixelSizeA },
    contrast: contrast === "bright" ? contrast : undefined,
  };
  const by = { model: model.notes.name ?? "", backend: backend.name };
  return { out, targets, options, threshold, by, made, overwrite };
}

/** What became of a micrograph, and what the network found in it, if it was asked. */
interface Outcome {
  file: PickedFile;
  result?: PickResult;
}

async function pickFile(
  lane: Lane,
  { pixelSizeA, ...file }: InputFile,
  batch: Batch,
): Promise<Outcome> {
  const { path, name } = file;
  const own = pixelSizeA === undefined ? {} : { pixelSizeA };
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const place = { out: batch.out, name };
  try {
    const before = await findRecord(place);
    const targets = await withEarlier(place, batch.targets, before);
    const formats = targets.map(({ format }) => format);
    const content = await lane.hash(path);
    const provenance = { path: resolve(path), content, ...batch.made, ...own, formats };
    const known = batch.overwrite ? undefined : sameCandidates(place, before, provenance);
    if (known !== undefined) {
      const { threshold } = batch;
      const wanted = { ...known, micrograph: basename(path), threshold, provenance };
      const { facts, isDone } = await takeAgain(place, targets, known, wanted);
      const outcome = isDone
        ? { skipped: "already done" } as const
        : { from: "candidates" } as const;
      return { file: { ...file, ...facts, seconds: seconds(), ...outcome } };
    }
    const { micrograph, result } = await lane.pick(path, { ...batch.options, ...own });
    const taken = takePicks(recordOf({ micrograph, result }, batch.by, provenance), name);
    await writeTaken(place, targets, taken, false);
    return { file: { ...file, ...factsOf(taken), seconds: seconds() }, result };
  } catch (error) {
    const code = error instanceof EPickerError ? error.code : undefined;
    if (code === "write-failed") throw error;
    if (code !== "bad-option") await removeResults(place, resolve(path)); // they are not of this file
    return { file: { path, name, seconds: seconds(), error: messageOfError(error) } };
  }
}

/** The record of an earlier run, where its candidates are what the network would give again. */
function sameCandidates(
  place: Place,
  record: CandidatesFile | undefined,
  wanted: Provenance,
): CandidatesFile | undefined {
  if (record?.provenance === undefined) return undefined;
  assertSameMicrograph(place, record.provenance, wanted);
  return hasSameCandidates(record.provenance, wanted) ? record : undefined;
}

function assertWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1) return;
  throw new EPickerError("bad-option", {
    file: "workers",
    found: String(workers),
    expected: "a whole number from 1",
  });
}
