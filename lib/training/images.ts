import * as z from "zod";
import {
  checkArgument,
  checkOptions,
  type Circle,
  type Dataset,
  type DatasetEntry,
  defined,
  EPickerError,
  type Micrograph,
  type Mode,
  MODES,
  noun,
  type OnProgress,
  option,
  type Pick,
  type Split,
  SPLITS,
} from "../core/mod.ts";
import {
  checkInside,
  diameterInPixels,
  entriesOf,
  loadIgnoreRegions,
  loadLabels,
  outsideWarnings,
  readMicrograph,
} from "../io/mod.ts";
import {
  diameterFault,
  type NetworkImage,
  type NetworkView,
  preprocess,
  toNetwork,
} from "../preprocess/mod.ts";
import { fiberPoints, readFiberLabels } from "../tracing/mod.ts";
import { assertPart, keepLabels } from "./keep_labels.ts";

/** One preprocessed micrograph with its labels. */
export interface TrainingImage {
  /** Name of the dataset. */
  dataset: string;
  /** Name of the micrograph. */
  name: string;
  /** What the network sees. */
  image: NetworkImage;
  /** The labels in network pixels. */
  objects: Circle[];
  /** Whether only some of the objects are labelled. */
  sparse?: boolean;
  /** Circles in network pixels in which nothing is known: no penalty for what is seen there. */
  ignored?: Circle[];
  /** Heat map probabilities of an earlier model, row-major, one per 4 × 4 pixels of the image. */
  heat?: Float32Array;
}

/** Training and validation images of one or more datasets. */
export interface TrainingSet {
  /** Images to learn from. */
  train: TrainingImage[];
  /** Held-out images that choose the best model and its threshold. */
  validation: TrainingImage[];
  /** Images with nothing to pick, from which the recipe's share of crops is cut; none by default. */
  empty?: TrainingImage[];
  /** How the images were made. @default {"paper"} */
  view?: NetworkView;
  /** Sentences about files that were skipped and labels that were left out. */
  warnings: string[];
}

/** How datasets are read for training. */
export interface LoadOptions {
  /** What is to be picked, on which depends what the labels mean. @default {"particle"} */
  mode?: Mode;
  /** How the network sees micrographs. @default {"particle"} */
  view?: NetworkView;
  /** Whether only some of the objects are labelled. @default {false} */
  sparse?: boolean;
  /** Part of the labels (of fibers: of their points) to keep, to try sparse ones. @default {1} */
  keepLabels?: number;
  /** Seed of the choice of labels. @default {1} */
  seed?: number;
  /** Part of the datasets to learn from. @default {"train"} */
  split?: Split;
  /** Reports after every micrograph. */
  onProgress?: OnProgress;
}

const DATASETS = z.array(noun.dataset, "a list of datasets");

/** Part of every dataset's training micrographs that is held out. */
export const VALIDATION_FRACTION = 0.1;

/**
 * Reads and preprocesses the `train` split of datasets, or another one, and holds a part out for
 * validation.
 *
 * A file that cannot be read is skipped and named in `warnings`. The last tenth of each dataset's
 * names, at least one where there are two or more, is held out whatever the seed.
 *
 * @throws {EPickerError} `bad-data` for a dataset without labels or without a known diameter, and
 * for two datasets of one name; `bad-option` for a part of the labels that is none.
 */
export async function loadTrainingSet(
  datasets: Dataset[],
  options: LoadOptions = {},
): Promise<TrainingSet> {
  checkArgument(datasets, DATASETS, "datasets");
  checkLoading(options);
  assertDistinct(datasets);
  const { view = "particle" } = options;
  const set: TrainingSet = { train: [], validation: [], warnings: [], view };
  const { images, warnings } = await loadImages(datasets, options.split ?? "train", options);
  set.warnings.push(...warnings);
  for (const dataset of datasets) {
    const own = images.filter((image) => image.dataset === dataset.name);
    if (own.every(({ objects }) => objects.length === 0)) throw noLabels(dataset, options);
    const held = own.length < 2 ? 0 : Math.max(1, Math.round(own.length * VALIDATION_FRACTION));
    set.train.push(...own.slice(0, own.length - held));
    set.validation.push(...own.slice(own.length - held));
  }
  return set;
}

/**
 * Reads and preprocesses the labelled micrographs of a split of datasets.
 *
 * A file that cannot be read is skipped and named in `warnings`.
 *
 * @throws {EPickerError} `bad-data` for a dataset without a known diameter; `bad-option` for a part
 * of the labels that is none.
 */
export async function loadImages(
  datasets: Dataset[],
  split: Split,
  options: Omit<LoadOptions, "split"> = {},
): Promise<{ images: TrainingImage[]; warnings: string[] }> {
  checkArgument(datasets, DATASETS, "datasets");
  checkLoading({ ...options, split });
  const {
    mode = "particle",
    view = "particle",
    sparse = false,
    keepLabels: part = 1,
    seed = 1,
    onProgress,
  } = options;
  const [images, warnings]: [TrainingImage[], string[]] = [[], []];
  const entries = datasets.flatMap((dataset) =>
    entriesOf(dataset, split).map((entry) => ({ dataset, entry }))
  );
  for (const [i, { dataset, entry }] of entries.entries()) {
    if (entry.coordinatesPath !== undefined || (mode === "fiber" && entry.maskPath !== undefined)) {
      try {
        images.push(await loadTrainingImage(dataset, entry, { mode, view }, warnings));
      } catch (error) {
        if (!(error instanceof EPickerError) || error.code === "bad-data") throw error;
        warnings.push(`skipped ${entry.name}: ${error.message}`);
      }
    }
    onProgress?.({ stage: "read", done: i + 1, total: entries.length, note: entry.name });
  }
  const kept = keepLabels(images, part, seed);
  return { images: sparse ? kept.map((image) => ({ ...image, sparse })) : kept, warnings };
}

/**
 * Refuses options of {@linkcode loadTrainingSet} that make no sense, which does so as well.
 *
 * @throws {EPickerError} `bad-option`.
 */
export function checkLoading(options: LoadOptions): void {
  checkOptions(options, {
    mode: option.oneOf(MODES),
    seed: option.whole(),
    split: option.oneOf(SPLITS),
    view: option.oneOf(["paper", "particle"]),
  });
  assertPart(options.keepLabels ?? 1);
}

/**
 * Reads and preprocesses one micrograph and brings its labels to network pixels; fibers become
 * points along them.
 *
 * Labels outside the micrograph are left out and named in `warnings`.
 */
async function loadTrainingImage(
  dataset: Dataset,
  entry: DatasetEntry,
  { mode, view }: { mode: Mode; view: NetworkView },
  warnings: string[],
): Promise<TrainingImage> {
  const micrograph = await readMicrograph(entry.micrographPath);
  const { width, height, pixelSizeA } = micrograph;
  const labels = mode === "fiber"
    ? fiberPoints(await readFiberLabels(dataset, entry, pixelSizeA))
    : await loadLabels(entry);
  const { inside, outside } = checkInside(labels, width, height);
  const file = entry.coordinatesPath ?? entry.maskPath ?? entry.name;
  warnings.push(...outsideWarnings(file, outside, micrograph));
  const typical = inside.length > 0 || view === "particle"
    ? diameterInPixels(dataset, entry, inside, pixelSizeA)
    : 0;
  return labelledImage({ ...micrograph, name: entry.name }, {
    dataset: dataset.name,
    labels: inside,
    diameter: typical,
    ignored: await loadIgnoreRegions(entry),
  }, { view, mode });
}

/** What is known of a micrograph, in its pixels. */
export interface Labelling {
  /** Name of the dataset. */
  dataset: string;
  /** Objects; of fibers points along them. */
  labels: readonly Pick[];
  /** Typical diameter. */
  diameter: number;
  /** Circles in which nothing is known. */
  ignored?: readonly Circle[];
  /** Whether only some of the objects are labelled. */
  sparse?: boolean;
}

/** Preprocesses a micrograph and brings its labels to network pixels. */
export function labelledImage(
  micrograph: Micrograph,
  { dataset, labels, diameter: typical, ignored = [], sparse }: Labelling,
  seen: { view: NetworkView; mode: Mode },
): TrainingImage {
  const image = preprocess(micrograph, { ...seen, diameter: typical });
  return defined({
    dataset,
    name: micrograph.name,
    image,
    objects: labels.map(({ x, y, diameter = typical }) => toNetwork({ x, y, diameter }, image)),
    ignored: ignored.length > 0 ? ignored.map((region) => toNetwork(region, image)) : undefined,
    sparse,
  });
}

/** Diameters of imagined particles, as parts of the longer side, for which empty images are made. */
const EMPTY_DIAMETERS = [1 / 36, 1 / 24, 1 / 16];

/**
 * Reads and preprocesses micrographs with nothing to pick, for particles of several sizes that can be.
 *
 * @param paths Micrograph files.
 * @throws {EPickerError} as {@linkcode readMicrograph}.
 */
export async function loadEmpty(
  paths: string[],
  view: NetworkView,
  mode: Mode = "particle",
): Promise<TrainingImage[]> {
  const images: TrainingImage[] = [];
  for (const path of paths) {
    const micrograph = await readMicrograph(path);
    const side = Math.max(micrograph.width, micrograph.height);
    for (const part of view === "paper" ? [1] : EMPTY_DIAMETERS) {
      const diameter = part * side;
      if (view !== "paper" && diameterFault(micrograph, mode, diameter) !== undefined) continue;
      const image = preprocess(micrograph, { view, mode, diameter });
      images.push({ dataset: "empty", name: micrograph.name, image, objects: [] });
    }
  }
  return images;
}

function noLabels({ folder }: Dataset, { split = "train" }: LoadOptions): EPickerError {
  return new EPickerError("bad-data", {
    file: folder,
    found: `no labelled micrograph in its ${split} split`,
    expected: "micrographs/ and coordinates/ with files of the same base names",
    remedy: "Add labels, or correct the names in dataset.json.",
  });
}

/** Refuses two datasets of one name, whose images would count twice, held-out ones too. */
function assertDistinct(datasets: Dataset[]): void {
  for (const dataset of datasets) {
    const same = datasets.find(({ name }) => name === dataset.name)!;
    if (same === dataset) continue;
    throw new EPickerError("bad-data", {
      file: dataset.folder,
      found: `the same name as ${same.folder}`,
      expected: "datasets in folders of different names",
      remedy: "Rename one of the folders.",
    });
  }
}
