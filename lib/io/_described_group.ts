import { basename } from "@std/path";
import { knownName } from "./_added_names.ts";
import type { MicrographInfo, PickGroup } from "./coordinate_format.ts";
import { coordinateFileOf } from "./coordinate_formats.ts";
import { namedMicrograph } from "./micrograph_formats.ts";
import { readMicrographHeader } from "./read_micrograph.ts";

/** The micrograph of picks: its name for the result, and what it or the coordinate file tells. */
export interface DescribedGroup extends Partial<MicrographInfo> {
  /** Base name for the result. */
  name: string;
  /** Path of the micrograph where it is known, else its name in the coordinate file. */
  micrograph: string;
  /** Sentences about what is doubtful. */
  warnings: string[];
}

/** The micrograph of a group as its file names it; without that, the base name of the file. */
export function micrographOf({ micrograph, coordinatesPath }: PickGroup, path: string): string {
  const source = coordinatesPath ?? path;
  return micrograph ?? coordinateFileOf(source)?.name ?? basename(source);
}

/**
 * Finds the micrograph of a group among known ones and reads its header.
 *
 * @param resultName Name for the result where the micrograph is not known.
 * @param micrographs Paths of the known micrographs by base name.
 * @throws {EPickerError} `bad-file` for a micrograph that cannot be read.
 */
export async function describeGroup(
  group: PickGroup,
  path: string,
  { resultName, micrographs }: { resultName: string; micrographs: ReadonlyMap<string, string> },
): Promise<DescribedGroup> {
  const micrograph = micrographOf(group, path);
  const base = group.micrograph === undefined ? micrograph : namedMicrograph(micrograph);
  const known = knownName(base, micrographs);
  const { width, height, pixelSizeA } = group;
  if (known === undefined) {
    const size = width !== undefined && height !== undefined ? { width, height } : {};
    return { name: resultName, micrograph, ...size, pixelSizeA, warnings: [] };
  }
  const file = micrographs.get(known)!;
  const { frames: _, warnings = [], ...header } = await readMicrographHeader(file);
  return {
    name: known,
    micrograph: file,
    ...header,
    pixelSizeA: pixelSizeA ?? header.pixelSizeA,
    warnings: [...warnings, ...differing(pixelSizeA, header.pixelSizeA)],
  };
}

/** A sentence where the pixel sizes of coordinate file and micrograph are more than 1 % apart. */
function differing(inFile?: number, inHeader?: number): string[] {
  if (inFile === undefined || inHeader === undefined) return [];
  if (Math.abs(inFile - inHeader) <= 0.01 * inFile) return [];
  const sizes = `${inHeader.toPrecision(4)} Å, the coordinate file ${inFile.toPrecision(4)} Å`;
  return [`The header tells a pixel size of ${sizes}, which is used.`];
}
