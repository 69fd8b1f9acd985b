import { dirname, isAbsolute, join } from "@std/path";
import {
  checkArgument,
  EPickerError,
  noun,
  type Pick,
  readFile,
  writeFileAtomic,
} from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { selectMicrograph } from "./_select_micrograph.ts";
import type { CoordinateFormat, MicrographInfo, PickGroup } from "./coordinate_format.ts";
import { coordinateFileOf, coordinateFormats } from "./coordinate_formats.ts";
import { scalePicks } from "./transform_picks.ts";

/** Options of {@linkcode readCoordinates}. */
export interface ReadCoordinatesOptions {
  /** Name of the format; by default the file's extension tells. */
  format?: string;
  /** Base name of the micrograph whose picks are wanted, in a file that names micrographs. */
  micrograph?: string;
  /** Pixels of the micrograph per pixel of the image that was picked. @default {1} */
  scale?: number;
  /** Whether that image was shrunk by averaging blocks, not by Fourier cropping. @default {false} */
  averaged?: boolean;
}

/** Options of {@linkcode writeCoordinates}. */
export interface WriteCoordinatesOptions {
  /** Name of the format; by default the file's extension tells. */
  format?: string;
  /** Box size in micrograph pixels for `box` and `cbox`; by default each pick's diameter. */
  boxSize?: number;
  /** The micrograph; needed by `json` and `cs`. */
  image?: MicrographInfo;
}

/**
 * Reads picks or labels: centres in micrograph pixels, whatever the format stores.
 *
 * An empty file holds no picks.
 *
 * @throws {EPickerError} `missing-file`; `bad-option` for an unknown format; `bad-file` with line
 * and finding for what does not parse, numbers that are not finite or beyond a million; `bad-data`
 * for a file about several micrographs of which none is named, or about another one.
 *
 * @example
 * ```ts
 * import { readCoordinates, writeCoordinates } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".star" });
 * const picks = [{ x: 10.25, y: 20.5, score: 0.75 }];
 * await writeCoordinates(path, picks);
 * assertEquals(await readCoordinates(path), picks);
 * await Deno.remove(path);
 * ```
 */
export async function readCoordinates(
  path: string,
  options: ReadCoordinatesOptions = {},
): Promise<Pick[]> {
  const groups = await readPickGroups(path, options);
  const { micrograph } = options;
  const one = micrograph === undefined ? selectMicrograph(groups, { file: path }) : groups;
  return one.flatMap(({ picks }) => picks);
}

/**
 * Reads a coordinate file about one or many micrographs, one group for each.
 *
 * With the option `micrograph` only the groups of that one are given. The files that an index
 * names (`autopick.star`, `merge_results.thi`) are read as well: their paths count from the index's
 * folder or any folder above, as RELION's count from the project's.
 *
 * @throws {EPickerError} As {@linkcode readCoordinates}, but several micrographs are no mistake.
 */
export async function readPickGroups(
  path: string,
  { format, micrograph, ...shrunk }: ReadCoordinatesOptions = {},
): Promise<PickGroup[]> {
  const groups = await parsePickGroups(path, format);
  const wanted = micrograph === undefined
    ? groups
    : selectMicrograph(groups, { file: path, micrograph });
  const whole: PickGroup[] = [];
  for (const group of wanted) whole.push(await followReference(group, path, shrunk));
  return whole;
}

/** The groups as the file has them; those of an index without their picks. */
export async function parsePickGroups(path: string, format?: string): Promise<PickGroup[]> {
  const groups = formatOf(path, format).parse(await readFile(path), { file: path });
  for (const { picks } of groups) checkPicks(picks, path, "bad-file");
  return groups;
}

/** Refuses a scale that no picker uses. */
export function checkScale(scale: number): void {
  if (scale > 0 && scale <= 1000) return;
  const found = String(scale);
  throw new EPickerError("bad-option", { file: "scale", found, expected: "above 0, at most 1000" });
}

/** The group with its picks, read from the file that an index names, in micrograph pixels. */
export async function followReference(
  { coordinatesPath, ...group }: PickGroup,
  index: string,
  shrunk: Shrunk,
): Promise<PickGroup> {
  checkScale(shrunk.scale ?? 1);
  if (coordinatesPath === undefined) return { ...group, picks: scaled(group.picks, shrunk) };
  const path = await findReference(coordinatesPath, index);
  const groups = await parsePickGroups(path);
  if (groups.every(({ coordinatesPath }) => coordinatesPath === undefined)) {
    const picks = groups.flatMap(({ picks }) => picks);
    return { ...group, coordinatesPath: path, picks: scaled(picks, shrunk) };
  }
  throw badFile(
    path,
    "an index of files in an index",
    "coordinates",
    "Give the inner index alone.",
  );
}

/** How the image that was picked was made of the micrograph. */
export type Shrunk = { scale?: number; averaged?: boolean };

function scaled(picks: Pick[], { scale = 1, ...how }: Shrunk): Pick[] {
  return scale === 1 ? picks : scalePicks(picks, scale, how);
}

/** The first place where the file is: below the index's folder or one of those above. */
async function findReference(path: string, index: string): Promise<string> {
  let folder = await Deno.realPath(dirname(index));
  for (;;) {
    const place = isAbsolute(path) ? path : join(folder, path);
    if (await Deno.stat(place).then(({ isFile }) => isFile, () => false)) return place;
    if (isAbsolute(path) || dirname(folder) === folder) break;
    folder = dirname(folder);
  }
  throw new EPickerError("missing-file", {
    file: index,
    found: `no file ${path}, which it names`,
    expected: "it below the folder of the index or one above",
    remedy: "Copy the coordinate files as well.",
  });
}

/**
 * Writes picks, given as centres in micrograph pixels, the way the format stores them.
 *
 * @throws {EPickerError} `bad-option` for an unknown format, a pick that is not finite or what the
 * format lacks (`box` a size, `json` the image); `write-failed`.
 */
export async function writeCoordinates(
  path: string,
  picks: readonly Pick[],
  options: WriteCoordinatesOptions = {},
): Promise<void> {
  await writeFileAtomic(path, formatCoordinates(path, picks, options));
}

/**
 * What {@linkcode writeCoordinates} writes to a path, text as UTF-8.
 *
 * @throws {EPickerError} `bad-option`, as there.
 */
export function formatCoordinates(
  path: string,
  picks: readonly Pick[],
  { format, ...context }: WriteCoordinatesOptions = {},
): Uint8Array {
  const target = formatOf(path, format);
  checkPicks(picks, path);
  const data = target.format(picks, { file: path, ...context });
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}

/** The format of that name, or else by the file's extension. */
export function formatOf(path: string, name?: string): CoordinateFormat {
  checkArgument(path, noun.path, "path");
  const format = name === undefined
    ? coordinateFileOf(path)?.format
    : coordinateFormats.find((format) => format.name === name);
  if (format) return format;
  throw new EPickerError("bad-option", {
    file: path,
    found: name === undefined ? "an unknown extension" : `the unknown format '${name}'`,
    expected: coordinateFormats.map(({ name, extensions }) => {
      return `${name} (${extensions.join(", ")})`;
    }).join(", "),
    remedy: "Rename the file or name its format.",
  });
}

/** Refuses picks that no format could hold, on writing, and on reading as `bad-file`. */
export function checkPicks(
  picks: readonly Pick[],
  file: string,
  code: "bad-option" | "bad-file" = "bad-option",
): void {
  checkArgument(picks, noun.points, "picks");
  for (const [index, pick] of picks.entries()) {
    for (const key of ["x", "y", "score", "diameter", "fiber", "classNumber"] as const) {
      const value = pick[key];
      const most = key === "score" ? Number.MAX_VALUE : 1e6;
      if (value === undefined || Math.abs(value) <= most) continue;
      throw new EPickerError(code, {
        file,
        found: `${key} = ${value} in pick ${index + 1}`,
        expected: key === "score" ? "a finite number" : "a number between -1000000 and 1000000",
      });
    }
  }
}
