import {
  checkOptions,
  EPickerError,
  messageOfError,
  type OnProgress,
  type PickRule,
} from "../core/mod.ts";
import * as z from "zod";
import { type CandidatesFile, readCandidates } from "../io/mod.ts";
import { type Threshold, thresholdOf } from "./auto_threshold.ts";
import { runLanes } from "./lanes.ts";
import { assertThreshold } from "./pick_options.ts";
import {
  type Place,
  recordedNames,
  recordedTargets,
  recordPath,
  type Target,
  targetsOf,
  withEarlier,
} from "./results.ts";
import { findSummary, type PickedFile, type PickSummary, writeSummary } from "./summary.ts";
import { takeAgain } from "./take_again.ts";

/** Records in work at once: while one is read or written, others are computed. */
const AT_ONCE = 16;

/** What {@linkcode changeThreshold} may be told. */
export interface ChangeThresholdOptions {
  /** Formats to write beside those that are there, names of `coordinateFormats`. @default {[]} */
  formats?: string[];
  /**
   * Least and most diameter of a pick, in pixels of its micrograph; `all` ends a range that was set
   * before, which else stays.
   */
  diameterRange?: PickRule["diameterRange"] | "all";
  /** Stops after the micrographs in work; the same call does the rest. */
  signal?: AbortSignal;
  /** Reports after every micrograph. */
  onProgress?: OnProgress;
}

/**
 * Takes the picks of a folder of {@linkcode pickFiles} anew by another threshold, from its
 * candidates and without the network: coordinates, records and summary are then what picking with
 * that threshold would give.
 *
 * Each file is old or new at any moment; after a stop or a kill the same call does the rest, and the
 * summary is written when all is done. A record that is damaged is reported, and the rest goes on.
 *
 * @param wantedThreshold Least score of a pick; `auto` divides the scores of the folder best in two.
 * @returns The summary, with fewer `files` than its `total` where a signal stopped it.
 * @throws {EPickerError} `missing-file` for a folder without candidates, `bad-option` for a
 * threshold outside 0…1 or an unknown format, `write-failed`.
 */
export async function changeThreshold(
  folder: string,
  wantedThreshold: Threshold,
  { formats = [], diameterRange, signal, onProgress }: ChangeThresholdOptions = {},
): Promise<PickSummary> {
  if (wantedThreshold !== "auto") assertThreshold(wantedThreshold);
  checkOptions({ diameterRange }, { diameterRange: RANGE });
  const wanted = targetsOf(formats);
  const start = performance.now();
  const names = await recordedNames(folder);
  const scores = wantedThreshold === "auto" ? await scoresOf(folder, names) : [];
  const threshold = thresholdOf(wantedThreshold, scores, FALLBACK);
  const changed = new Map<string, Changed>();
  await runLanes(Array(AT_ONCE).fill(undefined), names, signal, async (_, name) => {
    changed.set(
      name,
      await changeFile({ out: folder, name }, { threshold, diameterRange }, wanted),
    );
    onProgress?.({ stage: "threshold", done: changed.size, total: names.length, note: name });
  });
  const seconds = () => (performance.now() - start) / 1000;
  const ordered = names.flatMap((name) => changed.get(name) ?? []);
  if (ordered.length < names.length) {
    const files = ordered.map(({ file }) => file);
    return { ...aboutOf(ordered), threshold, total: names.length, seconds: seconds(), files };
  }
  const summary = updated(await findSummary(folder), ordered, threshold);
  await writeSummary(folder, { ...summary, seconds: seconds() });
  return { ...summary, seconds: seconds() };
}

/** What a range of diameters is. */
const RANGE = z.union([
  z.literal("all"),
  z.tuple([z.number().nonnegative(), z.number().positive()]).refine(([least, most]) =>
    least <= most
  ),
], "least and most diameter in pixels, or all");

/** The threshold where the scores do not tell one. */
const FALLBACK = 0.5;

/** The scores of all candidates of a folder. */
async function scoresOf(folder: string, names: string[]): Promise<number[]> {
  const scores: number[] = [];
  for (const name of names) {
    const record = await readCandidates(recordPath({ out: folder, name })).catch(() => undefined);
    for (const { score } of record?.candidates ?? []) scores.push(score);
  }
  return scores;
}

/** What became of a record, and the record where it could be read. */
interface Changed {
  file: PickedFile;
  record?: CandidatesFile;
}

async function changeFile(
  place: Place,
  { threshold, diameterRange }: { threshold: number } & ChangeThresholdOptions,
  wanted: Target[],
): Promise<Changed> {
  const start = performance.now();
  const { name } = place;
  let [path, record]: [string, CandidatesFile?] = [recordPath(place)];
  const seconds = () => (performance.now() - start) / 1000;
  try {
    record = await readCandidates(path);
    path = record.provenance?.path ?? path;
    const targets = await targetsFor(place, wanted, record);
    const formats = targets.map(({ format }) => format);
    const { provenance } = record;
    const { facts } = await takeAgain(place, targets, record, {
      ...record,
      threshold,
      diameterRange: diameterRange === "all" ? undefined : diameterRange ?? record.diameterRange,
      provenance: provenance && { ...provenance, formats },
    });
    return { file: { path, name, ...facts, seconds: seconds(), from: "candidates" }, record };
  } catch (error) {
    if (error instanceof EPickerError && error.code === "write-failed") throw error;
    return { file: { path, name, seconds: seconds(), error: messageOfError(error) } };
  }
}

/** Those that are asked for and those that are there; else those on the record, or STAR. */
async function targetsFor(
  place: Place,
  wanted: Target[],
  record: CandidatesFile,
): Promise<Target[]> {
  if (wanted.length > 0) return await withEarlier(place, wanted, record);
  const recorded = recordedTargets(record);
  return recorded.length > 0 ? recorded : targetsOf(["star"]);
}

/** The summary of an earlier run with what has changed; who failed then is told still. */
function updated(
  before: PickSummary | undefined,
  changed: Changed[],
  threshold: number,
): Omit<PickSummary, "seconds"> {
  const files = new Map((before?.files ?? []).map((file) => [file.name, file]));
  for (const { file } of changed) {
    const path = files.get(file.name)?.path ?? file.path;
    files.set(file.name, { ...file, path });
  }
  const { model, backend } = before ?? aboutOf(changed);
  const total = Math.max(before?.total ?? 0, files.size);
  return { ...before, model, backend, threshold, total, files: [...files.values()] };
}

function aboutOf(changed: Changed[]) {
  const { model = "", backend = "" } = changed.find(({ record }) => record)?.record ?? {};
  return { model, backend };
}
