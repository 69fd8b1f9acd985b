import { basename, join } from "@std/path";
import { editedPicks, EPickerError, readFile, writeError, writeFileAtomic } from "../core/mod.ts";
import {
  type CandidatesFile,
  coordinateFormats,
  type Doubt,
  formatCoordinates,
  type Provenance,
  readCandidates,
  readEdits,
  writeCandidates,
} from "../io/mod.ts";
import type { FileResult } from "./worker.ts";
import { SUMMARY_FILES } from "./summary.ts";
import { OF_PICKS } from "./doubts.ts";
import { rounded, type Taken } from "./take_picks.ts";

/** A format of the picks and the ending of its files. */
export interface Target {
  /** Name of the format. */
  format: string;
  /** Ending of its files, with the dot. */
  extension: string;
}

/** Where the results of one micrograph lie. */
export interface Place {
  /** Folder of all results. */
  out: string;
  /** Base name of the results. */
  name: string;
}

/** Who picked. */
export interface PickedBy {
  /** Name of the model. */
  model: string;
  /** Name of the backend. */
  backend: string;
}

/** The record of what was found in a micrograph. */
export function recordOf(
  { micrograph, result }: FileResult,
  by: PickedBy,
  provenance: Provenance,
): CandidatesFile {
  const { width, height } = micrograph;
  const { mode, threshold, candidates, pixelSizeA } = result;
  const file = (micrograph.warnings ?? []).map((text): Doubt => ({ kind: "file", text }));
  const doubts = [...file, ...result.doubts.filter(({ kind }) => !OF_PICKS.includes(kind))];
  return {
    version: 1,
    micrograph: basename(provenance.path),
    ...{ width, height },
    pixelSizeA,
    ...by,
    mode: mode === "particle" ? undefined : mode,
    threshold,
    provenance,
    doubts: doubts.length > 0 ? doubts : undefined,
    candidates: candidates.map(rounded),
  };
}

/**
 * Writes the picks, as a person has corrected them, as coordinates, where they are not there already,
 * and then the record.
 *
 * The record comes last: after a kill in between, coordinates do not agree with an old record, by
 * which a rerun knows that something is left to do.
 *
 * @returns Whether coordinates were written.
 * @throws {EPickerError} `bad-option` for what a format or the file system does not take, after which
 * nothing is left that was written.
 */
export async function writeTaken(
  place: Place,
  targets: Target[],
  { file, picks: found }: Taken,
  isRecorded: boolean,
): Promise<boolean> {
  const { mode, candidates: [first], width, height, pixelSizeA } = file;
  const size = mode === "vesicle" ? undefined : first?.diameter;
  const boxSize = size === undefined ? undefined : Math.max(1, Math.round(size));
  const image = { name: place.name, width, height, pixelSizeA };
  assertFree(place, targets);
  const picks = await withEdits(place, found);
  const changed: string[] = [];
  try {
    for (const { format, extension } of targets) {
      const path = join(place.out, place.name + extension);
      const bytes = formatCoordinates(path, picks, { format, image, boxSize });
      if (isSame(await readFile(path).catch(() => undefined), bytes)) continue;
      await writeFileAtomic(path, bytes);
      changed.push(path);
    }
    if (changed.length > 0 || !isRecorded) await writeCandidates(recordPath(place), file);
  } catch (error) {
    if (error instanceof EPickerError && error.code === "bad-option") {
      await Promise.all(changed.map(removeFile));
    }
    throw error;
  }
  return changed.length > 0;
}

/** The picks as a person has corrected them, where one has. */
async function withEdits(place: Place, picks: Taken["picks"]): Promise<Taken["picks"]> {
  const path = editsPath(place);
  if (!await isThere(path)) return picks;
  return editedPicks(picks, (await readEdits(path)).edits);
}

/** Refuses results that would lie where the summary lies. */
function assertFree({ name }: Place, targets: Target[]): void {
  const files = targets.map(({ extension }) => (name + extension).toLowerCase());
  const taken = files.find((file) => SUMMARY_FILES.includes(file));
  if (taken === undefined) return;
  throw new EPickerError("bad-option", {
    file: name,
    found: `picks that would be called ${taken}, like the summary`,
    expected: "another name or format",
    remedy: "Rename the micrograph, or pick it as star.",
  });
}

/** Removes earlier results of a micrograph that fails now, if they are its own. */
export async function removeResults(place: Place, path: string): Promise<void> {
  const record = await findRecord(place);
  if (record?.provenance?.path !== path) return;
  await removeFile(recordPath(place));
  for (const { extension } of recordedTargets(record)) {
    await removeFile(join(place.out, place.name + extension));
  }
}

async function removeFile(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw writeError(path, error);
  });
}

function isSame(found: Uint8Array | undefined, wanted: Uint8Array): boolean {
  return found?.length === wanted.length && found.every((byte, i) => byte === wanted[i]);
}

/** The record of an earlier run, if it is there and whole. */
export async function findRecord(place: Place): Promise<CandidatesFile | undefined> {
  return await readCandidates(recordPath(place)).catch(() => undefined);
}

/**
 * Refuses a record of another micrograph: one that has another content and another path.
 *
 * @throws {EPickerError} `bad-data`.
 */
export function assertSameMicrograph(place: Place, had: Provenance, wanted: Provenance): void {
  if (had.content === wanted.content || had.path === wanted.path) return;
  throw new EPickerError("bad-data", {
    file: wanted.path,
    found: `results of ${had.path} in ${recordPath(place)}`,
    expected: "results of one micrograph under one name",
    remedy: "Choose another output folder, or overwrite them.",
  });
}

/** Whether the network would give the same candidates again; where the file lies does not matter. */
export function hasSameCandidates(had: Provenance, wanted: Provenance): boolean {
  const keys = new Set([...Object.keys(had), ...Object.keys(wanted)]) as Set<keyof Provenance>;
  return [...keys].every((key) => AFTERWARDS.includes(key) || had[key] === wanted[key]);
}

/** Whether the same picks were taken from the candidates and written, if nobody changed the files. */
export function hasSamePicks(
  had: CandidatesFile,
  { threshold, diameterRange, provenance }: CandidatesFile,
): boolean {
  const [a, b] = [had.provenance, provenance];
  return had.threshold === threshold && `${had.diameterRange}` === `${diameterRange}` &&
    a?.rise === b?.rise && a?.riseA === b?.riseA &&
    (b?.formats ?? []).every((format) => a?.formats.includes(format));
}

/** What a record says that does not change the candidates. */
const AFTERWARDS: (keyof Provenance)[] = ["path", "rise", "riseA", "formats"];

/** The targets of the run that wrote a record; none where it does not tell. */
export function recordedTargets(record: CandidatesFile | undefined): Target[] {
  const known = (name: string) => coordinateFormats.some((format) => format.name === name);
  return targetsOf((record?.provenance?.formats ?? []).filter(known));
}

/**
 * The wanted targets and those of an earlier run that lie there still: all coordinates of a folder
 * are of one threshold.
 */
export async function withEarlier(
  { out, name }: Place,
  wanted: Target[],
  record: CandidatesFile | undefined,
): Promise<Target[]> {
  const targets = [...wanted];
  for (const target of recordedTargets(record)) {
    const isNew = targets.every(({ extension }) => extension !== target.extension);
    if (isNew && await isThere(join(out, name + target.extension))) targets.push(target);
  }
  return targets;
}

/** The folder of all records, and their ending. */
const [CANDIDATES, RECORD] = ["candidates", ".json"];

/** Where the record of a micrograph lies. */
export function recordPath({ out, name }: Place): string {
  return join(out, CANDIDATES, name + RECORD);
}

/** Where lies what a person has said about a micrograph. */
export function editsPath({ out, name }: Place): string {
  return join(out, "edits", `${name}.json`);
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

/**
 * Formats and the extensions of their files, which must differ.
 *
 * @throws {EPickerError} `bad-option`.
 */
export function targetsOf(formats: string[]): Target[] {
  const targets = formats.map((format) => ({ format, extension: extensionOf(format) }));
  const extensions = targets.map(({ extension }) => extension);
  if (new Set(extensions).size === extensions.length) return targets;
  throw new EPickerError("bad-option", {
    file: "formats",
    found: `${formats.join(",")}, which would write the same files (${extensions.join(", ")})`,
    expected: "formats with different extensions",
    remedy: "Pick with one and convert to the other.",
  });
}

function extensionOf(format: string): string {
  const known = coordinateFormats.find(({ name }) => name === format);
  if (known !== undefined) return known.extensions[0];
  throw new EPickerError("bad-option", {
    file: "formats",
    found: `"${format}"`,
    expected: coordinateFormats.map(({ name }) => name).join(", "),
  });
}

/**
 * Names of the micrographs that have a record in a folder of results, those in folders within
 * included, sorted.
 *
 * @throws {EPickerError} `missing-file` where there is none.
 */
export async function recordedNames(folder: string): Promise<string[]> {
  const at = join(folder, CANDIDATES);
  const names = (await Array.fromAsync(recordsIn(at))).map((path) => {
    return path.slice(at.length + 1, -RECORD.length);
  });
  if (names.length > 0) return names.sort();
  throw new EPickerError("missing-file", {
    file: folder,
    found: `no candidates in ${at}`,
    expected: "a folder that pick has written",
    remedy: "Give the folder of its results.",
  });
}

async function* recordsIn(folder: string): AsyncGenerator<string> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  for (const { name, isDirectory } of entries) {
    const path = join(folder, name);
    if (name.startsWith(".")) continue;
    if (isDirectory) yield* recordsIn(path);
    else if (name.endsWith(RECORD)) yield path;
  }
}
