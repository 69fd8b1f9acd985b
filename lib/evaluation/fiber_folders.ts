import { join } from "@std/path";
import {
  checkOptions,
  type Dataset,
  type DatasetEntry,
  EPickerError,
  option,
  type Point,
  type Split,
} from "../core/mod.ts";
import { checkInside, entriesOf, readCandidates, readMicrographHeader } from "../io/mod.ts";
import { linesOf, reachIn, readFiberLabels, readFiberRows } from "../tracing/mod.ts";
import { FIBER_TOLERANCE, truthOfLines, truthOfPixels, type TruthPiece } from "./fiber_truth.ts";
import { evaluateFibers, type FiberEvaluation, type FiberImage } from "./fibers.ts";
import { coordinateFileIn, exists, matchWarnings, missingWarnings, noPicks } from "./folders.ts";

/** Scores of a folder of traced fibers on one dataset. */
export interface FiberFolderEvaluation extends FiberEvaluation {
  /** Name of the dataset. */
  dataset: string;
  /** Whose fibers: a label for tables. */
  picker: string;
  /** Farthest that a traced line may lie from a true one, in micrograph pixels. */
  tolerance: number;
  /** Micrographs of the split for which the folder has no fibers; they are not scored. */
  missing: string[];
  /** Sentences about what is doubtful: fibers outside the micrographs, missing or wrong picks. */
  warnings: string[];
}

/**
 * Scores the fibers of a folder against the fiber labels of a dataset.
 *
 * Fibers are looked for in `candidates/NAME.json`, as `pickFiles` writes them, then in `NAME.star`,
 * `.box`, `.csv` and the other formats, where rows with one fiber number are a polyline.
 *
 * @throws {EPickerError} `missing-file` when the folder has fibers of none of the micrographs,
 * `bad-data` for picks without fiber numbers, and as the readers of the files.
 */
export async function evaluateFiberFolder(
  folder: string,
  dataset: Dataset,
  { split = "test", picker = folder, tolerance = FIBER_TOLERANCE }: {
    split?: Split;
    picker?: string;
    tolerance?: number;
  } = {},
): Promise<FiberFolderEvaluation> {
  checkOptions({ tolerance }, { tolerance: option.above(0, 1e6) });
  const images: FiberImage[] = [];
  const missing: string[] = [];
  const warnings: string[] = [];
  for (const entry of entriesOf(dataset, split)) {
    const traced = await readTraced(folder, entry.name);
    if (traced === undefined) missing.push(entry.name);
    else {
      const truth = await truthOf(dataset, entry, tolerance, warnings);
      images.push({ name: entry.name, traced, truth });
    }
  }
  if (images.length === 0) throw noPicks(folder, dataset, split);
  const name = dataset.name;
  const scores = evaluateFibers(images, tolerance);
  const { length, found } = scores.overall;
  warnings.push(...missingWarnings(folder, missing), ...matchWarnings(folder, length, found));
  return { dataset: name, picker, tolerance, missing, warnings, ...scores };
}

async function truthOf(
  dataset: Dataset,
  entry: DatasetEntry,
  tolerance: number,
  warnings: string[],
): Promise<TruthPiece[]> {
  const header = await readMicrographHeader(entry.micrographPath);
  const { lines, pixels } = await readFiberLabels(dataset, entry, header.pixelSizeA);
  const ofPixels = pixels.length > 0 ? truthOfPixels(pixels, reachIn(header), tolerance) : [];
  const pieces: TruthPiece[] = [
    ...truthOfLines(lines),
    ...ofPixels.map(({ fiber, ...piece }) => {
      return fiber === undefined ? piece : { ...piece, fiber: fiber + lines.length };
    }),
  ];
  const { width, height } = header;
  const { inside, outside } = checkInside(pieces, width, height);
  const length = Math.round(outside.reduce((sum, piece) => sum + piece.length, 0));
  if (length > 0) {
    warnings.push(
      `${
        entry.coordinatesPath ?? entry.maskPath
      }: left out ${length} pixels of fibers outside the ` +
        `${width} × ${height} micrograph`,
    );
  }
  return inside;
}

async function readTraced(folder: string, name: string): Promise<Point[][] | undefined> {
  const candidates = join(folder, "candidates", `${name}.json`);
  if (await exists(candidates)) {
    const { fibers } = await readCandidates(candidates);
    if (fibers !== undefined) return fibers.map(({ line }) => line);
  }
  const path = await coordinateFileIn(folder, name);
  if (path === undefined) return undefined;
  const picks = await readFiberRows(path, name);
  if (picks.every(({ fiber }) => fiber !== undefined)) return linesOf(picks);
  throw new EPickerError("bad-data", {
    file: path,
    found: "picks without fiber numbers",
    expected: "picks that lie on fibers",
    remedy: "Trace them first: epicker trace.",
  });
}
