import { basename, dirname, isAbsolute, join, normalize, resolve } from "@std/path";
import { checkOptions, type DatasetEntry, EPickerError, option, type Pick } from "../core/mod.ts";
import {
  type LoadedDataset,
  type PickGroup,
  readMicrographHeader,
  readPickGroups,
  recentrePicks,
  writeCoordinates,
} from "../io/mod.ts";
import { resultName, sameName } from "./relion_micrographs.ts";

/** What {@linkcode readRelionDataset} must be told beside the STAR file. */
export interface RelionDatasetOptions {
  /** Folder for the labels, one file for each micrograph. */
  out: string;
  /** Diameter of the particles or width of the fibers in Å. */
  diameterA?: number;
  /** The same in pixels of the micrographs, instead. */
  diameterPx?: number;
}

/** A micrograph of the file with its picks. */
interface Labelled extends PickGroup {
  micrograph: string;
  path: string;
}

/**
 * Reads particles or picks of a RELION project as a dataset for training; its micrographs stay where
 * they are.
 *
 * Takes a list of particles (`Select/job009/particles.star`) or an index of coordinate files
 * (`ManualPick/job005/manualpick.star`). Micrographs are found by their names from the current folder,
 * or from a folder above the file. Particles are where a refinement has moved them. The pixel size is that
 * of the optics group where it tells the micrographs', else that of the micrograph's file. Labels are written to
 * `OUT/labels/` with the diameter in pixels.
 *
 * @throws {EPickerError} `bad-option` without one diameter; `bad-data` for picks without micrographs or a
 * diameter in Å without a pixel size; `missing-file` where no micrograph is there; and as
 * `readPickGroups`.
 */
export async function readRelionDataset(
  star: string,
  { out, ...sizes }: RelionDatasetOptions,
): Promise<LoadedDataset> {
  assertOneDiameter(sizes);
  const groups = await readPickGroups(star);
  const project = await projectOf(star, groups.map(({ micrograph = "" }) => micrograph));
  const entries: DatasetEntry[] = [];
  const missing: string[] = [];
  const owners = new Map<string, string>();
  for (const { micrograph, ...group } of groups) {
    if (micrograph === undefined) throw unnamed(star);
    const path = placeIn(project, micrograph);
    if (!await isThere(path)) missing.push(micrograph);
    else {
      const name = resultName(micrograph);
      const owner = owners.get(name.toLowerCase());
      if (owner !== undefined) throw sameName(star, owner, micrograph);
      owners.set(name.toLowerCase(), micrograph);
      const labels = await labelsOf({ ...group, micrograph, path }, sizes);
      const coordinatesPath = join(out, "labels", `${name}.csv`);
      await writeCoordinates(coordinatesPath, labels);
      entries.push({ name, micrographPath: path, coordinatesPath });
    }
  }
  const shown = missing.slice(0, 3).join(", ") + (missing.length > 3 ? ", …" : "");
  return {
    name: basename(dirname(resolve(star))),
    title: star,
    folder: star,
    entries: entries.sort((a, b) => a.name < b.name ? -1 : 1),
    split: { train: entries.map(({ name }) => name), test: [] },
    warnings: missing.length === 0
      ? []
      : [`${missing.length} micrograph(s) of ${star} are not there: ${shown}.`],
  };
}

/** The picks where they belong, with their diameter. */
async function labelsOf(
  { path, micrograph, picks, offsetsA, ...group }: Labelled,
  { diameterA, diameterPx }: Omit<RelionDatasetOptions, "out">,
): Promise<Pick[]> {
  const { pixelSizeA = (await readMicrographHeader(path)).pixelSizeA } = group;
  const isMoved = offsetsA !== undefined && pixelSizeA !== undefined;
  const centred = isMoved ? recentrePicks(picks, offsetsA, pixelSizeA) : picks;
  if (diameterPx === undefined && pixelSizeA === undefined) throw noPixelSize(micrograph);
  const diameter = diameterPx ?? diameterA! / pixelSizeA!;
  return centred.map(({ x, y, fiber }) => ({ x, y, diameter, ...fiber ? { fiber } : {} }));
}

/** The folder from which the micrographs' names count. */
async function projectOf(star: string, micrographs: readonly string[]): Promise<string> {
  const folders = ["."];
  for (let at = dirname(resolve(star)); dirname(at) !== at; at = dirname(at)) folders.push(at);
  for (const folder of folders) {
    for (const micrograph of micrographs) {
      if (micrograph !== "" && await isThere(placeIn(folder, micrograph))) return folder;
    }
  }
  if (micrographs.every((name) => name === "")) throw unnamed(star);
  throw new EPickerError("missing-file", {
    file: star,
    found: `${micrographs.length} micrographs of which none is there, such as ${micrographs[0]}`,
    expected: "them below the current folder or one above the file",
    remedy: "Start in the folder of the project, or mount the disk that they are on.",
  });
}

function placeIn(project: string, micrograph: string): string {
  return isAbsolute(micrograph) ? micrograph : normalize(join(project, micrograph));
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isFile }) => isFile, () => false);
}

function assertOneDiameter({ diameterA, diameterPx }: Omit<RelionDatasetOptions, "out">): void {
  const length = option.above(0, 1e6);
  checkOptions({ diameterA, diameterPx }, { diameterA: length, diameterPx: length });
  if ((diameterA === undefined) !== (diameterPx === undefined)) return;
  throw new EPickerError("bad-option", {
    file: "diameterA",
    found: diameterA === undefined ? "no diameter" : "two diameters",
    expected: "one, in Å or in pixels of the micrographs: RELION's picks have none",
  });
}

function unnamed(star: string): EPickerError {
  return new EPickerError("bad-data", {
    file: star,
    found: "picks without the name of a micrograph",
    expected: "particles of many micrographs, or the index of coordinate files",
    remedy: "Give Select/job…/particles.star or ManualPick/job…/manualpick.star.",
  });
}

function noPixelSize(micrograph: string): EPickerError {
  return new EPickerError("bad-data", {
    file: micrograph,
    found: "a diameter in Å and no pixel size",
    expected: "one in its file or its optics group",
    remedy: "Give the diameter in pixels ('diameterPx').",
  });
}
