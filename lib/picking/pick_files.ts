import { resolve } from "@std/path";
import { EPickerError, hashOf, messageOfError, type OnProgress } from "../core/mod.ts";
import type { Model } from "../centernet/mod.ts";
import { type CandidatesFile, expandInputs, type InputFile, type Provenance } from "../io/mod.ts";
import { VIEW_VERSIONS } from "../preprocess/mod.ts";
import { defaultWorkers, type Lane, openLanes } from "./lanes.ts";
import type { Picker, PickOptions, PickResult } from "./picker.ts";
import {
  findResults,
  type PickedBy,
  picksOf,
  type Target,
  targetsOf,
  writeResults,
} from "./results.ts";
import { type PickedFile, type PickSummary, SummaryLog } from "./summary.ts";

/**
 * Version of the way from the network's maps to picks.
 *
 * It changes whenever the same network and image give other picks; results of another version are
 * picked again.
 */
export const PICKING_VERSION = 1;

/** What {@linkcode pickFiles} may be told. */
export interface PickFilesOptions extends PickOptions {
  /** Folder for the results; made when missing. */
  out: string;
  /** Formats of the picks, names of `coordinateFormats`. @default {["star"]} */
  formats?: string[];
  /**
   * Workers, each with one micrograph in work; by default as many as cores on WASM, else one. On
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
  /** Receives every new result while its image is still at hand, e.g. to draw it; in any order. */
  onResult?: (name: string, result: PickResult) => void | Promise<void>;
}

/** What all micrographs of a batch have in common. */
interface Batch {
  out: string;
  targets: Target[];
  options: PickOptions;
  threshold: number;
  by: PickedBy;
  made: Omit<Provenance, "path" | "content">;
  overwrite: boolean;
  onResult: PickFilesOptions["onResult"];
}

/**
 * Picks files, folders or globs and writes the results.
 *
 * Every micrograph `x/name.mrc` gives `OUT/name.star` (or another format's file) with the picks and
 * `OUT/candidates/name.json` with all candidates, from which another threshold can be taken
 * without picking again. A file that fails is reported and the rest goes on. `OUT/summary.json` and
 * `OUT/summary.txt` tell what happened, also to a batch that was killed.
 *
 * Micrographs that have their results already are left alone: by the content of the file, the
 * model, the versions of the recipe, threshold, diameter, rise and formats, not by the backend, whose
 * results agree up to rounding. The number of workers does not change the results.
 *
 * @throws {EPickerError} `missing-file` for an input that is not there, `bad-option` for an unknown
 * format or a number of workers below one, `write-failed` when the folder cannot be written.
 */
export async function pickFiles(
  picker: Picker,
  inputs: string[],
  { workers = defaultWorkers(picker.backend), signal, onProgress, ...options }: PickFilesOptions,
): Promise<PickSummary> {
  assertWorkers(workers);
  const targets = targetsOf(options.formats ?? ["star"]);
  const files = await expandInputs(inputs);
  const batch = await batchOf(picker, targets, options);
  const { out, threshold } = batch;
  const [{ model }, backend, total] = [batch.by, picker.backend.title, files.length];
  const log = new SummaryLog(out, { model, backend, threshold, total });
  await log.write(); // fails now where it would fail after all the work
  using open = openLanes(picker, workers, total);
  await runLanes(open.lanes, files, signal, async (lane, file, i) => {
    log.add(i, await pickFile(lane, file, batch));
    onProgress?.({ stage: "pick", done: log.count, total, note: file.name });
    await log.writeIfDue();
  });
  return await log.write();
}

async function batchOf(
  { model, backend }: Picker,
  targets: Target[],
  { out, overwrite = false, onResult, formats: _, ...options }: PickFilesOptions,
): Promise<Batch> {
  const { threshold = model.threshold, diameterA, rise, riseA } = options;
  const made = {
    model: await modelHash(model),
    recipe: `${VIEW_VERSIONS.paper}.${PICKING_VERSION}`,
    ...(diameterA !== undefined && { diameterA }),
    ...(rise !== undefined && { rise }),
    ...(riseA !== undefined && { riseA }),
    formats: targets.map(({ format }) => format),
  };
  const by = { model: model.notes.name ?? "", backend: backend.name };
  return { out, targets, options, threshold, by, made, overwrite, onResult };
}

/** Hash of what a model's picks depend on, apart from the threshold. */
async function modelHash({ config, weights, mode, diameter }: Model): Promise<string> {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  const settings = JSON.stringify([config, diameter, ...(mode === "particle" ? [] : [mode])]);
  return await hashOf([settings, bytes(weights.parameters), bytes(weights.statistics)]);
}

/**
 * Gives every file to the next free lane until all are done, the signal stops it or one throws; the
 * files in work are finished even then.
 */
async function runLanes(
  lanes: Lane[],
  files: InputFile[],
  signal: AbortSignal | undefined,
  work: (lane: Lane, file: InputFile, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const runs = await Promise.allSettled(lanes.map(async (lane) => {
    while (next < files.length && !signal?.aborted) {
      const index = next++;
      await work(lane, files[index], index).catch((error) => {
        next = files.length;
        throw error;
      });
    }
  }));
  for (const run of runs) if (run.status === "rejected") throw run.reason;
}

async function pickFile(lane: Lane, file: InputFile, batch: Batch): Promise<PickedFile> {
  const { path, name } = file;
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  try {
    const { out, targets, threshold } = batch;
    const provenance = { path: resolve(path), content: await lane.hash(path), ...batch.made };
    const place = { out, name };
    const before = batch.overwrite
      ? undefined
      : await findResults(place, targets, threshold, provenance);
    if (before) {
      return { ...file, ...factsOf(before), seconds: seconds(), skipped: "already done" };
    }
    const found = await lane.pick(path, batch.options);
    const written = await writeResults(place, targets, found, batch.by, provenance);
    await batch.onResult?.(name, found.result);
    const { diameter } = found.result;
    return { ...file, ...factsOf(written), diameter, seconds: seconds() };
  } catch (error) {
    if (error instanceof EPickerError && error.code === "write-failed") throw error;
    return { path, name, seconds: seconds(), error: messageOfError(error) };
  }
}

/** What the summary tells of results. */
function factsOf({ candidates, threshold, fibers, warnings }: CandidatesFile) {
  const diameters = candidates.flatMap(({ diameter }) => diameter ?? []).sort((a, b) => a - b);
  const diameter = diameters[diameters.length >> 1];
  return {
    picks: picksOf(candidates, threshold).length,
    candidates: candidates.length,
    ...(fibers !== undefined && { fibers: fibers.length }),
    ...(diameter !== undefined && { diameter }),
    ...(warnings !== undefined && { warnings }),
  };
}

function assertWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1) return;
  throw new EPickerError("bad-option", {
    file: "--workers",
    found: String(workers),
    expected: "a whole number from 1",
  });
}
