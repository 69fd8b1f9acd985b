import { join } from "@std/path";
import {
  type Dataset,
  type DatasetEntry,
  EPickerError,
  type Pick,
  type Split,
} from "../core/mod.ts";
import {
  coordinateFormats,
  diameterInPixels,
  entriesOf,
  loadLabels,
  readCandidates,
  readCoordinates,
  readMicrographHeader,
} from "../io/mod.ts";
import { evaluate, type Evaluation } from "./evaluate.ts";
import { fitsFlipped } from "./flipped.ts";
import type { EvaluationImage } from "./types.ts";

/** Scores of a folder of picks on one dataset. */
export interface FolderEvaluation extends Evaluation {
  /** Name of the dataset. */
  dataset: string;
  /** Whose picks: a label for tables. */
  picker: string;
  /** Micrographs of the split for which the folder has no picks; they are not scored. */
  missing: string[];
  /** Sentences about what is doubtful: picks that fit much better upside down. */
  warnings: string[];
}

/**
 * Scores the picks of a folder against the labels of a dataset.
 *
 * Picks are looked for as `candidates/NAME.json` (all scores, as `pickFiles` writes them), then as
 * `NAME.star`, `.box`, `.csv` and the other formats. Boxes have the dataset's true diameter, or, where labels carry
 * diameters of their own, each its own.
 *
 * @throws {EPickerError} `missing-file` when the folder has picks of none of the micrographs,
 * `bad-data` where no diameter is known, and as the readers of the files.
 */
export async function evaluateFolder(
  folder: string,
  dataset: Dataset,
  { split = "test", picker = folder }: { split?: Split; picker?: string } = {},
): Promise<FolderEvaluation> {
  const images: EvaluationImage[] = [];
  const heights: number[] = [];
  const missing: string[] = [];
  for (const entry of entriesOf(dataset, split)) {
    const picks = await readPicksOf(folder, entry.name);
    if (picks === undefined) {
      missing.push(entry.name);
      continue;
    }
    const { height, pixelSizeA } = await readMicrographHeader(entry.micrographPath);
    images.push(await evaluationImage(dataset, entry, picks, pixelSizeA));
    heights.push(height);
  }
  if (images.length === 0) throw noPicks(folder, dataset, split);
  const warnings = flipWarnings(folder, images, heights);
  return { dataset: dataset.name, picker, missing, warnings, ...evaluate(images) };
}

function flipWarnings(folder: string, images: EvaluationImage[], heights: number[]): string[] {
  const { f1, flippedF1, fitsFlipped: isFlipped } = fitsFlipped(images, heights);
  if (!isFlipped) return [];
  return [
    `The picks of ${folder} fit much better upside down (F1 ${flippedF1.toFixed(3)} instead of ` +
    `${f1.toFixed(3)}): mirror them with deno task convert --flip-y.`,
  ];
}

/** Names and folders of other pickers' picks in a dataset: its `peers/` folder. */
export async function peersOf({ folder }: Dataset): Promise<{ picker: string; folder: string }[]> {
  const peers: { picker: string; folder: string }[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(join(folder, "peers"))) {
      if (isDirectory) peers.push({ picker: name, folder: join(folder, "peers", name) });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return peers.sort((a, b) => a.picker < b.picker ? -1 : 1);
}

async function evaluationImage(
  dataset: Dataset,
  entry: DatasetEntry,
  picks: Pick[],
  pixelSizeA: number | undefined,
): Promise<EvaluationImage> {
  const truth = await loadLabels(entry);
  const diameter = diameterInPixels(dataset, entry, truth, pixelSizeA);
  return { name: entry.name, picks, truth, diameter };
}

async function readPicksOf(folder: string, name: string): Promise<Pick[] | undefined> {
  const candidates = join(folder, "candidates", `${name}.json`);
  if (await exists(candidates)) return (await readCandidates(candidates)).candidates;
  const path = await coordinateFileIn(folder, name);
  return path === undefined ? undefined : await readCoordinates(path, { micrograph: name });
}

/** The coordinate file of a micrograph in a folder, of whatever format. */
export async function coordinateFileIn(folder: string, name: string): Promise<string | undefined> {
  for (const extension of coordinateFormats.flatMap(({ extensions }) => extensions)) {
    const path = join(folder, name + extension);
    if (await exists(path)) return path;
  }
  return undefined;
}

/** Whether there is a file. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** The error of a folder that has picks of none of the micrographs. */
export function noPicks(folder: string, dataset: Dataset, split: Split): EPickerError {
  return new EPickerError("missing-file", {
    file: folder,
    found: `no picks of the ${split} micrographs of ${dataset.folder}`,
    expected: entriesOf(dataset, split).map(({ name }) => `${name}.star`).slice(0, 3).join(", ") +
      " or the like",
    remedy: "Pick these micrographs first, or choose another --split.",
  });
}
