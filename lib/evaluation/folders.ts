import { join } from "@std/path";
import {
  checkOptions,
  type Dataset,
  type DatasetEntry,
  EPickerError,
  type Mode,
  MODES,
  option,
  type Pick,
  type Split,
} from "../core/mod.ts";
import {
  checkInside,
  coordinateFileNames,
  diameterInPixels,
  entriesOf,
  loadIgnoreRegions,
  loadLabels,
  type MicrographHeader,
  outsideWarnings,
  readCandidates,
  readCoordinates,
  readMicrographHeader,
} from "../io/mod.ts";
import { comparePickers, type Comparison } from "./compare.ts";
import { evaluate, type Evaluation } from "./evaluate.ts";
import { fitsFlipped } from "./flipped.ts";
import type { EvaluationImage } from "./types.ts";

/** Scores of a folder of picks on one dataset. */
export interface FolderEvaluation extends Evaluation {
  /** Name of the dataset. */
  dataset: string;
  /** Whose picks: a label for tables. */
  picker: string;
  /** What was scored: vesicles by their own sizes, all else by one size. */
  mode: Mode;
  /** Micrographs of the split for which the folder has no picks; they are not scored. */
  missing: string[];
  /**
   * Sentences about what is doubtful: labels outside the micrographs, which are left out, missing
   * picks, picks that fit much better upside down or do not match at all.
   */
  warnings: string[];
}

/** A folder's scores, and how other picks compare with it: a row of `evaluate --json`. */
export interface PickerScores extends FolderEvaluation {
  /** The picks that were evaluated minus these; absent in their own row. */
  against?: Comparison;
}

/**
 * Scores the picks of a folder against the labels of a dataset.
 *
 * Picks are looked for as `candidates/NAME.json` (all scores, as `pickFiles` writes them), then as
 * `NAME.star`, `.box`, `.csv` and the other formats, also with what programs add
 * (`NAME_autopick.star`). Boxes have the dataset's true diameter, or, in vesicle mode, picks and
 * labels each their own. Labels outside their micrograph are left out, as in training, and named in
 * `warnings`.
 *
 * @param options.mode By default what the candidates say that was picked, else particles.
 *
 * @throws {EPickerError} `missing-file` when the folder has picks of none of the micrographs,
 * `bad-data` where no diameter is known, and as the readers of the files.
 */
export async function evaluateFolder(
  folder: string,
  dataset: Dataset,
  { split = "test", picker = folder, ...options }: {
    split?: Split;
    picker?: string;
    mode?: Mode;
  } = {},
): Promise<FolderEvaluation> {
  checkOptions(options, { mode: option.oneOf(MODES) });
  const read = await readPickedImages(folder, dataset, split);
  const { images, missing, heights, warnings } = read;
  if (images.length === 0) throw noPicks(folder, dataset, split);
  const mode = options.mode ?? read.mode ?? "particle";
  const scores = evaluate(images, { sized: mode === "vesicle" });
  warnings.push(
    ...missingWarnings(folder, missing),
    ...flipWarnings(folder, images, heights),
    ...matchWarnings(folder, scores.overall.truth, scores.overall.recall),
  );
  return { dataset: dataset.name, picker, mode, missing, warnings, ...scores };
}

/** Compares the picks of two folders on the micrographs of a dataset that both have picked. */
export async function compareFolders(
  folder: string,
  other: string,
  dataset: Dataset,
  { split = "test", mode = "particle" }: { split?: Split; mode?: Mode } = {},
): Promise<Comparison> {
  const [ones, others] = await Promise.all([folder, other].map(async (path) => {
    const { images } = await readPickedImages(path, dataset, split);
    if (images.length === 0) throw noPicks(path, dataset, split);
    return new Map(images.map((image) => [image.name, image]));
  }));
  const names = [...ones.keys()].filter((name) => others.has(name));
  const [one, two] = [ones, others].map((images) => names.map((name) => images.get(name)!));
  return comparePickers(one, two, { sized: mode === "vesicle" });
}

/** What is known of a split from a folder of picks. */
export interface PickedImages {
  /** Micrographs with picks and truth. */
  images: EvaluationImage[];
  /** Their heights in pixels. */
  heights: number[];
  /** Names of micrographs without picks. */
  missing: string[];
  /** What was picked, where the files say it. */
  mode?: Mode;
  /** Sentences about what was left out. */
  warnings: string[];
}

/** A split's micrographs with a folder's picks, and those that it has none of. */
export async function readPickedImages(
  folder: string,
  dataset: Dataset,
  split: Split,
): Promise<PickedImages> {
  const images: EvaluationImage[] = [];
  const heights: number[] = [];
  const missing: string[] = [];
  const warnings: string[] = [];
  let mode: Mode | undefined;
  for (const entry of entriesOf(dataset, split)) {
    const found = await readPicksOf(folder, entry.name);
    if (found === undefined) {
      missing.push(entry.name);
      continue;
    }
    mode ??= found.mode;
    const header = await readMicrographHeader(entry.micrographPath);
    images.push(await evaluationImage(dataset, entry, found, header, warnings));
    heights.push(header.height);
  }
  return { images, heights, missing, mode, warnings };
}

/** Says which micrographs are not scored, as there are no picks of them. */
export function missingWarnings(folder: string, missing: string[]): string[] {
  if (missing.length === 0) return [];
  const names = missing.slice(0, 5).join(", ") + (missing.length > 5 ? ", …" : "");
  return [`${folder}: ${missing.length} micrograph(s) without picks are not scored: ${names}`];
}

/** Says that no label was found, or that there are none. */
export function matchWarnings(folder: string, truth: number, found: number): string[] {
  if (truth === 0) return [`${folder}: there are no labels to compare with; every pick is wrong`];
  if (found > 0) return [];
  return [
    `${folder}: nothing that was picked lies on a label; are picks and labels of the same ` +
    "micrographs, in pixels of the same size?",
  ];
}

function flipWarnings(folder: string, images: EvaluationImage[], heights: number[]): string[] {
  const { f1, flippedF1, fitsFlipped: isFlipped } = fitsFlipped(images, heights);
  if (!isFlipped) return [];
  return [
    `The picks of ${folder} fit much better upside down (F1 ${flippedF1.toFixed(3)} instead of ` +
    `${f1.toFixed(3)}): mirror them with epicker convert --flip-y.`,
  ];
}

/** What a folder's picks of a dataset say that was picked; particles where they say nothing. */
export async function pickedMode(
  folder: string,
  dataset: Dataset,
  split: Split,
): Promise<Mode> {
  for (const entry of entriesOf(dataset, split)) {
    const found = await readPicksOf(folder, entry.name).catch(() => undefined);
    if (found?.mode !== undefined) return found.mode;
  }
  return "particle";
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
  { picks, threshold }: PickedFile,
  { width, height, pixelSizeA }: MicrographHeader,
  warnings: string[],
): Promise<EvaluationImage> {
  const labels = await loadLabels(entry);
  const { inside: truth, outside } = checkInside(labels, width, height);
  warnings.push(
    ...outsideWarnings(entry.coordinatesPath ?? entry.name, outside, { width, height }),
  );
  const diameter = diameterInPixels(dataset, entry, truth, pixelSizeA);
  const ignore = await loadIgnoreRegions(entry);
  return {
    ...{ name: entry.name, picks, truth, diameter, threshold },
    ignore: ignore.length > 0 ? ignore : undefined,
  };
}

/** What a file says of the picks of a micrograph. */
interface PickedFile {
  picks: Pick[];
  mode?: Mode;
  threshold?: number;
}

async function readPicksOf(folder: string, name: string): Promise<PickedFile | undefined> {
  const candidates = join(folder, "candidates", `${name}.json`);
  if (await exists(candidates)) {
    const { candidates: picks, mode, threshold } = await readCandidates(candidates);
    return { picks, threshold, mode };
  }
  const path = await coordinateFileIn(folder, name);
  return path === undefined
    ? undefined
    : { picks: await readCoordinates(path, { micrograph: name }) };
}

/** The coordinate file of a micrograph in a folder, of whatever format. */
export async function coordinateFileIn(folder: string, name: string): Promise<string | undefined> {
  for (const file of coordinateFileNames(name)) {
    const path = join(folder, file);
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
  if (entriesOf(dataset, split).length === 0) {
    return new EPickerError("bad-data", {
      file: dataset.folder,
      found: `no micrograph in its ${split} split`,
      expected: "micrographs to score",
      remedy: "Correct the split in dataset.json, or score another one: split all.",
    });
  }
  return new EPickerError("missing-file", {
    file: folder,
    found: `no picks of the ${split} micrographs of ${dataset.folder}`,
    expected: entriesOf(dataset, split).map(({ name }) => `${name}.star`).slice(0, 3).join(", ") +
      " or the like",
    remedy: "Pick these micrographs first, or choose another 'split'.",
  });
}
