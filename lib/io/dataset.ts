import { basename, join, resolve } from "@std/path";
import {
  checkArgument,
  checkOptions,
  type Circle,
  type Dataset,
  type DatasetEntry,
  defined,
  EPickerError,
  noun,
  option,
  type Pick,
  type Split,
  SPLITS,
} from "../core/mod.ts";
import { knownName } from "./_added_names.ts";
import { type DatasetInfo, keyWarnings, readInfo } from "./_dataset_info.ts";
import { foldersWithin, listFiles } from "./_folders.ts";
import { coordinateFileOf } from "./coordinate_formats.ts";
import { readCoordinates } from "./coordinates.ts";
import { hasMicrographName, micrographName } from "./micrograph_formats.ts";

/** A dataset as read from its folder, with what was odd about it. */
export interface LoadedDataset extends Dataset {
  /** Sentences about labels without micrographs, micrographs without labels, and the like. */
  warnings: string[];
}

/**
 * Reads a dataset folder: `micrographs/`, `coordinates/` with the same base names, also with what
 * programs add to them (`NAME_autopick.star`), and, if there,
 * `dataset.json` with `title`, `diameterA` (or `diameterPx` for micrographs without a pixel size) and
 * `split: { train, test }` by base name (all others are in the part that is left out), `ignore/` with files of the same base names that hold
 * regions in which nothing is known (circles, in any coordinate format that has diameters, such as a
 * CSV of x, y and diameter), and `masks/` with images that are above 0 where there is fiber.
 *
 * What does not fit together but does no harm is told in `warnings`. No image is read.
 *
 * @throws {EPickerError} `missing-file` for a missing folder; `bad-file` for a wrong
 * `dataset.json`; `bad-data` where there are no micrographs or a name is in both parts of the
 * split.
 *
 * @example
 * ```ts
 * import { entriesOf, readDataset } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.mkdir(`${folder}/micrographs`);
 * await Deno.writeTextFile(`${folder}/micrographs/a.mrc`, "");
 * const dataset = await readDataset(folder);
 * assertEquals(entriesOf(dataset, "train").map(({ name }) => name), ["a"]);
 * assertEquals(dataset.warnings, ["1 micrograph(s) without labels: a."]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function readDataset(folder: string): Promise<LoadedDataset> {
  const warnings: string[] = [];
  const info = await readInfo(folder);
  warnings.push(...keyWarnings(info, folder));
  const micrographs = await micrographsIn(join(folder, "micrographs"), warnings);
  const labels = await coordinatesIn(join(folder, "coordinates"), micrographs, warnings);
  const regions = await coordinatesIn(join(folder, "ignore"), micrographs, warnings);
  const masks = await masksIn(join(folder, "masks"), warnings);
  const entries = [...micrographs].map(([name, micrographPath]): DatasetEntry => {
    return defined({
      name,
      micrographPath,
      coordinatesPath: labels.get(name),
      ignorePath: regions.get(name),
      maskPath: masks.get(name),
    });
  });
  warnAbout(warnings, "micrograph(s) without labels", micrographs.keys(), (n) => {
    return !labels.has(n) && !masks.has(n);
  });
  warnAbout(warnings, "label file(s) without a micrograph", labels.keys(), (n) => {
    return !micrographs.has(n);
  });
  warnAbout(warnings, "file(s) of ignore regions without a micrograph", regions.keys(), (n) => {
    return !micrographs.has(n);
  });
  const name = basename(resolve(folder));
  const { title = name, diameterA, diameterPx } = info;
  const split = splitOf(info, [...micrographs.keys()], folder, warnings);
  return defined({ name, title, folder, diameterA, diameterPx, entries, split, warnings });
}

/**
 * The entries of one part of a dataset, in the order of the dataset.
 *
 * @throws {EPickerError} `bad-option` for a part that is none.
 */
export function entriesOf(dataset: Dataset, split: Split): DatasetEntry[] {
  checkArgument(dataset, noun.dataset, "dataset");
  checkOptions({ split }, { split: option.oneOf(SPLITS) });
  if (split === "all") return [...dataset.entries];
  const names = new Set(dataset.split[split]);
  return dataset.entries.filter(({ name }) => names.has(name));
}

/**
 * Reads the labels of one micrograph; none where it has no label file.
 *
 * @throws {EPickerError} As {@linkcode readCoordinates}.
 */
export async function loadLabels({ name, coordinatesPath }: DatasetEntry): Promise<Pick[]> {
  if (coordinatesPath === undefined) return [];
  return await readCoordinates(coordinatesPath, { micrograph: name });
}

/**
 * Reads the ignore regions of one micrograph: circles in its pixels in which nothing is known.
 *
 * @throws {EPickerError} `bad-data` for a region without a diameter, and as
 * {@linkcode readCoordinates}.
 */
export async function loadIgnoreRegions({ name, ignorePath }: DatasetEntry): Promise<Circle[]> {
  if (ignorePath === undefined) return [];
  const regions = await readCoordinates(ignorePath, { micrograph: name });
  return regions.map(({ x, y, diameter }, i) => {
    if (diameter !== undefined) return { x, y, diameter };
    throw new EPickerError("bad-data", {
      file: ignorePath,
      found: `region ${i + 1} without a diameter`,
      expected: "circles: x, y and diameter in pixels of the micrograph",
    });
  });
}

/** Paths of the micrographs by base name, sorted. */
async function micrographsIn(folder: string, warnings: string[]): Promise<Map<string, string>> {
  const files = (await listFiles(folder)).filter(hasMicrographName);
  const nested = await warnAboutFolders(folder, hasMicrographName, warnings);
  if (files.length === 0) {
    throw new EPickerError("bad-data", {
      file: folder,
      found: nested.length > 0 ? `micrographs only in ${listed(nested)}` : "no micrographs",
      expected: "MRC, TIFF, PNG or JPEG files in this folder",
      remedy: "Put the micrographs into this folder.",
    });
  }
  return byName(files.map((file) => ({ file, name: micrographName(file) })), folder, warnings);
}

/**
 * Paths of the coordinate files by base name, or by that of the micrograph that it means; none where
 * the folder is missing.
 */
async function coordinatesIn(
  folder: string,
  micrographs: ReadonlyMap<string, string>,
  warnings: string[],
): Promise<Map<string, string>> {
  const files = await filesOfMaybe(folder);
  await warnAboutFolders(folder, (file) => coordinateFileOf(file) !== undefined, warnings);
  const named = files.flatMap((file) => {
    const label = coordinateFileOf(file);
    return label ? [{ file, name: knownName(label.name, micrographs) ?? label.name }] : [];
  });
  return byName(named, folder, warnings);
}

/** Paths of the mask images by base name; none where the folder is missing. */
async function masksIn(folder: string, warnings: string[]): Promise<Map<string, string>> {
  const files = (await filesOfMaybe(folder)).filter(hasMicrographName);
  return byName(files.map((file) => ({ file, name: micrographName(file) })), folder, warnings);
}

async function filesOfMaybe(folder: string): Promise<string[]> {
  return await listFiles(folder).catch((error) => {
    if (error instanceof EPickerError && error.code === "missing-file") return [];
    throw error;
  });
}

function byName(
  files: { file: string; name: string }[],
  folder: string,
  warnings: string[],
): Map<string, string> {
  const paths = new Map<string, string>();
  for (const { file, name } of files) {
    const first = paths.get(name);
    if (first === undefined) paths.set(name, join(folder, file));
    else warnings.push(`${join(folder, file)} is left out: ${first} has the same base name.`);
  }
  return paths;
}

function splitOf(
  { split }: DatasetInfo,
  names: string[],
  folder: string,
  warnings: string[],
): Dataset["split"] {
  if (!split?.train && !split?.test) return { train: names, test: [] };
  const without = (part: string[] = []) => {
    const taken = new Set(part);
    return names.filter((name) => !taken.has(name));
  };
  const [trainNames, testNames] = [
    split.train ?? without(split.test),
    split.test ?? without(split.train),
  ];
  const [all, train, test] = [names, trainNames, testNames].map((list) => new Set(list));
  const both = trainNames.filter((name) => test.has(name));
  if (both.length > 0) {
    throw new EPickerError("bad-data", {
      file: join(folder, "dataset.json"),
      found: `${listed(both)} in both train and test`,
      expected: "each micrograph in one of them",
      remedy: "Remove it from one part, or the test says nothing.",
    });
  }
  const listedNames = [...train, ...test];
  warnAbout(warnings, "name(s) of the split without a micrograph", listedNames, (name) => {
    return !all.has(name);
  });
  warnAbout(warnings, "micrograph(s) in no part of the split", names, (name) => {
    return !train.has(name) && !test.has(name);
  });
  const present = (part: Set<string>) => names.filter((name) => part.has(name));
  return { train: present(train), test: present(test) };
}

async function warnAboutFolders(
  folder: string,
  accepts: (name: string) => boolean,
  warnings: string[],
): Promise<string[]> {
  const names = await foldersWithin(folder, accepts).catch(() => []); // where there is none
  if (names.length > 0) {
    warnings.push(`${folder}: files in folders within it are left out: ${listed(names)}.`);
  }
  return names;
}

function warnAbout(
  warnings: string[],
  what: string,
  names: Iterable<string>,
  isOdd: (name: string) => boolean,
): void {
  const odd = [...names].filter(isOdd);
  if (odd.length > 0) warnings.push(`${odd.length} ${what}: ${listed(odd)}.`);
}

function listed(names: string[]): string {
  const shown = names.slice(0, 10).join(", ");
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
