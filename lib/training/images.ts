import type { NetworkObject } from "../centernet/mod.ts";
import { type Dataset, type DatasetEntry, EPickerError, type OnProgress } from "../core/mod.ts";
import { entriesOf, loadLabels, readMicrograph } from "../io/mod.ts";
import { type NetworkImage, preprocess, toNetwork } from "../preprocess/mod.ts";

/** One preprocessed micrograph with its labels. */
export interface TrainingImage {
  /** Name of the dataset. */
  dataset: string;
  /** Name of the micrograph. */
  name: string;
  /** What the network sees. */
  image: NetworkImage;
  /** The labels in network pixels. */
  objects: NetworkObject[];
}

/** Training and validation images of one or more datasets. */
export interface TrainingSet {
  /** Images to learn from. */
  train: TrainingImage[];
  /** Held-out images that choose the best model and its threshold. */
  validation: TrainingImage[];
}

/** Part of every dataset's training micrographs that is held out. */
export const VALIDATION_FRACTION = 0.1;

/**
 * Reads and preprocesses the `train` split of datasets and holds a part out for validation.
 *
 * The last {@linkcode VALIDATION_FRACTION} of each dataset's names, at least one where there are two
 * or more, is held out; the choice does not depend on a seed.
 *
 * @throws {EPickerError} `bad-data` for a dataset without labels or without a known diameter.
 */
export async function loadTrainingSet(
  datasets: Dataset[],
  onProgress?: OnProgress,
): Promise<TrainingSet> {
  const set: TrainingSet = { train: [], validation: [] };
  const total = datasets.reduce((sum, dataset) => sum + entriesOf(dataset, "train").length, 0);
  let done = 0;
  for (const dataset of datasets) {
    const entries = entriesOf(dataset, "train").filter((entry) => entry.coordinatesPath);
    if (entries.length === 0) throw noLabels(dataset);
    const held = entries.length < 2
      ? 0
      : Math.max(1, Math.round(entries.length * VALIDATION_FRACTION));
    for (const [i, entry] of entries.entries()) {
      const image = await loadTrainingImage(dataset, entry);
      (i < entries.length - held ? set.train : set.validation).push(image);
      onProgress?.({ stage: "read", done: ++done, total, note: entry.name });
    }
  }
  return set;
}

/** Reads and preprocesses one micrograph and brings its labels to network pixels. */
export async function loadTrainingImage(
  dataset: Dataset,
  entry: DatasetEntry,
): Promise<TrainingImage> {
  const micrograph = await readMicrograph(entry.micrographPath);
  const image = preprocess(micrograph);
  const objects = (await loadLabels(entry)).map((pick) => {
    const diameter = pick.diameter ?? diameterOf(dataset, micrograph.pixelSizeA);
    if (diameter === undefined) throw noDiameter(dataset, entry);
    const { x, y } = pick;
    return toNetwork({ x, y, diameter }, image);
  });
  return { dataset: dataset.name, name: entry.name, image, objects };
}

/** A dataset's diameter in micrograph pixels, where both Å figures are known. */
export function diameterOf({ diameterA }: Dataset, pixelSizeA?: number): number | undefined {
  return diameterA === undefined || pixelSizeA === undefined ? undefined : diameterA / pixelSizeA;
}

function noLabels({ folder }: Dataset): EPickerError {
  return new EPickerError("bad-data", {
    file: folder,
    found: "no labelled micrograph in its train split",
    expected: "micrographs/ and coordinates/ with files of the same base names",
    remedy: "Add labels, or correct the names in dataset.json.",
  });
}

function noDiameter({ folder }: Dataset, { name }: DatasetEntry): EPickerError {
  return new EPickerError("bad-data", {
    file: `${folder} (${name})`,
    found: "no particle diameter",
    expected:
      "diameterA in dataset.json and a pixel size in the micrograph, or labels with diameters",
    remedy: "Add diameterA to dataset.json, or a diameter column to the labels.",
  });
}
