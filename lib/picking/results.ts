import { basename, join } from "@std/path";
import { EPickerError, messageOfError } from "../core/mod.ts";
import {
  type CandidatesFile,
  coordinateFormats,
  type Provenance,
  readCandidates,
  writeCandidates,
  writeCoordinates,
} from "../io/mod.ts";
import type { TracedFiber } from "../tracing/mod.ts";
import type { FileResult } from "./lanes.ts";
import type { ScoredPick } from "./picker.ts";

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

/**
 * Writes the picks as coordinates and then all candidates with their provenance.
 *
 * The candidates are the record by which a rerun knows that nothing is left to do, so an old one
 * goes first and the new one comes last: a kill in between leaves no record.
 */
export async function writeResults(
  place: Place,
  targets: Target[],
  { micrograph, result }: FileResult,
  by: PickedBy,
  provenance: Provenance,
): Promise<CandidatesFile> {
  const { width, height } = micrograph;
  const { mode, diameter, threshold, fibers, pixelSizeA } = result;
  const warnings = [...micrograph.warnings ?? [], ...result.warnings];
  const size = { width, height, ...(pixelSizeA !== undefined && { pixelSizeA }) };
  const candidates = result.candidates.map(rounded);
  const picks = fibers === undefined
    ? picksOf(candidates, threshold)
    : result.picks.map((pick) => ({ ...rounded(pick), ...fiberOf(pick) }));
  await removeRecord(recordPath(place));
  for (const { format, extension } of targets) {
    await writeCoordinates(join(place.out, place.name + extension), picks, {
      format,
      ...(mode !== "vesicle" && { boxSize: Math.max(1, Math.round(diameter)) }),
      image: { name: place.name, ...size },
    });
  }
  const file: CandidatesFile = {
    version: 1,
    micrograph: basename(provenance.path),
    ...size,
    ...by,
    ...(mode !== "particle" && { mode }),
    threshold,
    provenance,
    ...(warnings.length > 0 && { warnings }),
    ...(fibers !== undefined && { fibers: fibers.map(roundedFiber) }),
    candidates,
  };
  await writeCandidates(recordPath(place), file);
  return file;
}

/** The candidates that reach the threshold. */
export function picksOf<C extends { score: number }>(candidates: C[], threshold: number): C[] {
  return candidates.filter(({ score }) => score >= threshold);
}

/**
 * The results that are there, if they are what picking with this provenance and threshold would
 * give again: the same micrograph by content, model, recipe and options, every file in place.
 *
 * @throws {EPickerError} `bad-data` where they are the results of another micrograph: one that has
 * another content and another path.
 */
export async function findResults(
  place: Place,
  targets: Target[],
  threshold: number,
  wanted: Provenance,
): Promise<CandidatesFile | undefined> {
  const found = await readCandidates(recordPath(place)).catch(() => undefined);
  const had = found?.provenance;
  if (found === undefined || had === undefined) return undefined;
  if (had.content !== wanted.content && had.path !== wanted.path) {
    throw new EPickerError("bad-data", {
      file: wanted.path,
      found: `results of ${had.path} in ${recordPath(place)}`,
      expected: "results of one micrograph under one name",
      remedy: "Choose another output folder, or overwrite them.",
    });
  }
  const isSame = found.threshold === threshold && had.content === wanted.content &&
    had.model === wanted.model && had.recipe === wanted.recipe &&
    had.diameterA === wanted.diameterA && had.diameterPx === wanted.diameterPx &&
    had.pixelSizeA === wanted.pixelSizeA && had.rise === wanted.rise &&
    had.riseA === wanted.riseA &&
    wanted.formats.every((format) => had.formats.includes(format));
  const paths = targets.map(({ extension }) => join(place.out, place.name + extension));
  return isSame && (await Promise.all(paths.map(isThere))).every(Boolean) ? found : undefined;
}

function recordPath({ out, name }: Place): string {
  return join(out, "candidates", `${name}.json`);
}

async function removeRecord(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new EPickerError("write-failed", {
      file: path,
      found: `that it cannot be replaced (${messageOfError(error)})`,
      expected: "a writable folder",
      remedy: "Choose another output folder.",
    }, { cause: error });
  }
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

/** Hundredths of a pixel and a ten-thousandth of score are finer than anything that is known. */
function rounded({ x, y, score, diameter }: ScoredPick) {
  return {
    x: +x.toFixed(2),
    y: +y.toFixed(2),
    score: +score.toFixed(4),
    diameter: +diameter.toFixed(2),
  };
}

function fiberOf({ fiber }: ScoredPick) {
  return { ...(fiber !== undefined && { fiber }) };
}

function roundedFiber({ line, score }: TracedFiber) {
  return { line: line.map(({ x, y }) => ({ x: +x.toFixed(2), y: +y.toFixed(2) })), score };
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
    file: "--format",
    found: `${formats.join(",")}, which would write the same files (${extensions.join(", ")})`,
    expected: "formats with different extensions",
    remedy: "Pick with one and make the other with deno task convert.",
  });
}

function extensionOf(format: string): string {
  const known = coordinateFormats.find(({ name }) => name === format);
  if (known !== undefined) return known.extensions[0];
  throw new EPickerError("bad-option", {
    file: "--format",
    found: `"${format}"`,
    expected: coordinateFormats.map(({ name }) => name).join(", "),
  });
}
