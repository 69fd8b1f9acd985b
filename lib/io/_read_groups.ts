import { basename, join, resolve } from "@std/path";
import { defined, EPickerError, type Micrograph, type Pick } from "../core/mod.ts";
import { knownName } from "./_added_names.ts";
import { listFiles } from "./_folders.ts";
import { pickRecordOf } from "./_pick_records.ts";
import { resultNames } from "./_result_names.ts";
import type { PickGroup } from "./coordinate_format.ts";
import { coordinateFileOf } from "./coordinate_formats.ts";
import { followReference, parsePickGroups, type Shrunk } from "./coordinates.ts";
import { hasMicrographName, micrographName, namedMicrograph } from "./micrograph_formats.ts";
import { readMicrograph, readMicrographHeader } from "./read_micrograph.ts";

/** The picks of one micrograph, with all that they and the micrograph's header tell of it. */
export interface FoundGroup extends PickGroup {
  /** The input that led to them: the file that holds them or an index. */
  file: string;
  /** Base name for the result. */
  name: string;
  /** Path of the micrograph where it is known, else its name in the coordinate file. */
  micrograph: string;
  /** Side of the boxes for picks without a diameter, where the picks were recorded with one. */
  boxSize?: number;
  /** Sentences about what is doubtful. */
  warnings: string[];
}

/** A group as its file has it, with a name for the result where the micrograph is not known. */
export interface NamedGroup extends PickGroup {
  file: string;
  name: string;
}

/** What reading may be told. */
export interface ReadGroupsOptions extends Shrunk {
  from?: string;
  micrographs?: string;
  pixelSizeA?: number;
  /** Reads the points of an image, where images are inputs as well. */
  pointsOf?: (image: Micrograph) => Pick[];
}

/** The groups of a file as it has them, at least one; those of an index without their picks. */
export async function parseGroups(
  file: string,
  { from, pointsOf }: ReadGroupsOptions,
): Promise<NamedGroup[]> {
  const groups = pointsOf !== undefined && hasMicrographName(file)
    ? [imageGroup(await readMicrograph(file), pointsOf)]
    : await parsePickGroups(file, from);
  if (groups.length === 0) groups.push({ picks: [] });
  const names = resultNames(groups.map((group) => micrographOf(group, file)));
  return groups.map((group, i) => ({ ...group, file, name: names[i] }));
}

function imageGroup(
  image: Micrograph,
  pointsOf: NonNullable<ReadGroupsOptions["pointsOf"]>,
): PickGroup {
  const { name: micrograph, width, height, pixelSizeA } = image;
  return { micrograph, width, height, pixelSizeA, picks: pointsOf(image) };
}

/** The micrograph of a group as its file names it; without that, the base name of the file. */
function micrographOf({ micrograph, coordinatesPath = "" }: PickGroup, file: string): string {
  const source = coordinatesPath || file;
  return micrograph ?? coordinateFileOf(source)?.name ?? basename(source);
}

/**
 * Opens the folder of the micrographs, if there is one, for a function that completes groups: with the
 * picks that an index leads to and what the header of the micrograph tells. It gives nothing where
 * another input led to the same picks before.
 *
 * @param index A file among the results, whose name no micrograph may have.
 * @throws {EPickerError} The function: `bad-file` for a micrograph that cannot be read, `bad-data`
 * for a second file with picks of one micrograph.
 */
export async function groupReader(
  { micrographs: folder, pixelSizeA, ...shrunk }: ReadGroupsOptions,
  index: string,
): Promise<(named: NamedGroup) => Promise<FoundGroup | undefined>> {
  const images = folder === undefined ? [] : (await listFiles(folder)).filter(hasMicrographName);
  const micrographs = new Map(images.map((file) => [micrographName(file), join(folder!, file)]));
  const taken = new Map<string, Origin>([[micrographName(index), { source: index, input: index }]]);
  return async (named) => {
    const group = { ...named, ...await followReference(named, named.file, shrunk) };
    const described = await describe(group, micrographs);
    const path = described.coordinatesPath ?? described.file;
    const record = (shrunk.scale ?? 1) === 1 ? await pickRecordOf(path) : undefined;
    const found = { ...record, ...defined(described) };
    const source = resolve(path);
    if (!takeName(found.name, { source, input: found.file }, taken)) return undefined;
    return { ...found, pixelSizeA: pixelSizeA ?? found.pixelSizeA };
  };
}

/** The group with what the header of its micrograph tells, where that is known. */
async function describe(
  group: NamedGroup,
  micrographs: ReadonlyMap<string, string>,
): Promise<FoundGroup> {
  const micrograph = micrographOf(group, group.file);
  const base = group.micrograph === undefined ? micrograph : namedMicrograph(micrograph);
  const known = knownName(base, micrographs);
  if (known === undefined) return { ...group, micrograph, warnings: [] };
  const path = micrographs.get(known)!;
  const { width, height, pixelSizeA, warnings = [] } = await readMicrographHeader(path);
  return {
    ...group,
    ...{ name: known, micrograph: path, width, height },
    pixelSizeA: group.pixelSizeA ?? pixelSizeA,
    warnings: [...warnings, ...differing(group.pixelSizeA, pixelSizeA)],
  };
}

/** A sentence where the pixel sizes of coordinate file and micrograph are more than 1 % apart. */
function differing(inFile?: number, inHeader?: number): string[] {
  if (inFile === undefined || inHeader === undefined) return [];
  if (Math.abs(inFile - inHeader) <= 0.01 * inFile) return [];
  const sizes = `${inHeader.toPrecision(4)} Å, the coordinate file ${inFile.toPrecision(4)} Å`;
  return [`The header tells a pixel size of ${sizes}, which is used.`];
}

/** Where the picks of a micrograph came from. */
interface Origin {
  /** The file that holds them. */
  source: string;
  /** The input that led there: the same file or an index. */
  input: string;
}

/** Takes a name; false where another input led to the same file, an error where it is another. */
function takeName(name: string, origin: Origin, taken: Map<string, Origin>): boolean {
  const first = taken.get(name.toLowerCase());
  if (first === undefined) {
    taken.set(name.toLowerCase(), origin);
    return true;
  }
  if (first.source === origin.source && first.input !== origin.input) return false;
  throw new EPickerError("bad-data", {
    file: origin.source,
    found: `picks of ${name}, which ${first.source} has as well`,
    expected: "each micrograph once",
    remedy: "Convert the files one at a time into different folders, or rename the micrographs.",
  });
}
