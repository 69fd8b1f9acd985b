import * as z from "zod";
import {
  checkArgument,
  checkOptions,
  EPickerError,
  messageOfError,
  type Micrograph,
  noun,
  type OnProgress,
  option,
  type Pick,
} from "../core/mod.ts";
import { movedPicks } from "./_moved_picks.ts";
import { withoutPickRecords } from "./_pick_records.ts";
import { type FoundGroup, groupReader, type NamedGroup, parseGroups } from "./_read_groups.ts";
import { type ConvertedMicrograph, groupWriter, INDEX } from "./_write_groups.ts";
import { coordinateFileOf, coordinateFormats } from "./coordinate_formats.ts";
import { checkScale, formatOf } from "./coordinates.ts";
import { findFiles } from "./inputs.ts";
import { hasMicrographName } from "./micrograph_formats.ts";

export type { ConvertedMicrograph, FoundGroup };

/** What {@linkcode convertCoordinates} may be told. */
export interface ConvertOptions {
  /** Name of the format to write, one of `coordinateFormats`. */
  to: string;
  /** Folder for the results; made when missing. */
  out: string;
  /** Name of the format to read; by default the files' extensions tell. */
  from?: string;
  /** Folder of the micrographs, for their names, sizes and pixel sizes. */
  micrographs?: string;
  /** Å per pixel of the micrographs; what the files say by default. */
  pixelSizeA?: number;
  /** Mirrors y; needs the height of the micrograph from the file or from `micrographs`. */
  flipY?: boolean;
  /** Pixels of the micrograph per pixel of the image that was picked. @default {1} */
  scale?: number;
  /** Whether that image was shrunk by averaging blocks, not by Fourier cropping. @default {false} */
  averaged?: boolean;
  /**
   * Moves picks by the offsets of RELION's refinement; needs the pixel size of the micrograph from
   * the file or from `micrographs`. RELION does the same when it is asked to recentre.
   */
  recentre?: boolean;
  /** Side of the boxes in micrograph pixels, for picks without a diameter. */
  boxSize?: number;
  /** Writes one file `particles` about all micrographs instead of one for each. */
  joint?: boolean;
  /** Reports after every file. */
  onProgress?: OnProgress;
  /** Receives sentences about what was left out: folders within folders. */
  onWarning?: (text: string) => void;
}

/** What became of one coordinate file. */
export interface ConvertedFile {
  /** Path that was read. */
  path: string;
  /** The micrographs whose picks were written. */
  written: ConvertedMicrograph[];
  /** Why some or all of it was not written. */
  error?: string;
}

/**
 * Reads coordinate files of any format and writes them in another, one file for each micrograph.
 *
 * Files about many micrographs are split. A result is called after its micrograph, with folders
 * where a file has two of one base name; of a file that names none, after the file. What programs
 * add to a name (`_autopick`, `_extract`, cryoSPARC's number before it, …) is left out where a
 * micrograph of the name without it is in `micrographs`. STAR files get an index `autopick.star`
 * beside them, which names micrographs as `micrographs` has them. A file that fails is reported and
 * the rest goes on. Of a folder that was picked, its summary and candidates are left out.
 *
 * @throws {EPickerError} `missing-file` for an input that is not there, `bad-option` for an unknown
 * format or a format that cannot be joint, `write-failed` when the folder cannot be written.
 *
 * @example
 * ```ts
 * import { convertCoordinates, readCoordinates, writeCoordinates } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await writeCoordinates(`${folder}/a.box`, [{ x: 50, y: 60, diameter: 20 }]);
 * const [file] = await convertCoordinates([`${folder}/a.box`], { to: "star", out: `${folder}/out` });
 * assertEquals(await readCoordinates(file.written[0].path), [{ x: 50, y: 60 }]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function convertCoordinates(
  inputs: readonly string[],
  options: ConvertOptions,
): Promise<ConvertedFile[]> {
  return await convertGroups(inputs, options, (group) => movedPicks(group, options));
}

/**
 * Reads the groups of coordinate files, makes other picks of them and writes those: what
 * {@linkcode convertCoordinates} does, with whatever change between.
 *
 * @param change The picks to write instead of those of a micrograph.
 * @param pointsOf Reads the points of an image, where images are inputs as well; else they are not.
 * @throws {EPickerError} As {@linkcode convertCoordinates}.
 */
export async function convertGroups(
  inputs: readonly string[],
  options: ConvertOptions,
  change: (group: FoundGroup) => Pick[],
  pointsOf?: (image: Micrograph) => Pick[],
): Promise<ConvertedFile[]> {
  checkConversion(options);
  const reading = { ...options, pointsOf };
  const read = await groupReader(reading, INDEX);
  const { write, finish } = groupWriter(options);
  const accepts = (path: string) =>
    coordinateFileOf(path) !== undefined || (pointsOf !== undefined && hasMicrographName(path));
  const found = await findFiles(inputs, { accepts, title: "coordinate files" }, options);
  const paths = await withoutPickRecords([...found.values()].sort(), inputs);
  const files: ConvertedFile[] = [];
  for (const path of paths) {
    const { done: written, error } = await eachOf(parseGroups(path, reading), async (named) => {
      const group = await read(named);
      return group && await write(group, change(group));
    });
    files.push({ path, written, error });
    options.onProgress?.({ stage: "convert", done: files.length, total: paths.length, note: path });
  }
  await finish();
  return files;
}

function checkConversion(options: ConvertOptions): void {
  checkArgument(options, z.object({ to: noun.path, out: noun.path }, "an object of options"));
  const format = formatOf("to", options.to);
  if (options.from !== undefined) formatOf("from", options.from);
  checkScale(options.scale ?? 1);
  const { boxSize, pixelSizeA } = options;
  checkOptions({ boxSize, pixelSizeA }, {
    boxSize: option.above(0, 1e6),
    pixelSizeA: option.above(0, 1000),
  });
  if (!options.joint || format.formatJoint) return;
  const joint = coordinateFormats.filter(({ formatJoint }) => formatJoint !== undefined);
  throw new EPickerError("bad-option", {
    file: "joint",
    found: `the format ${format.name}`,
    expected: joint.map(({ name }) => name).join(", "),
    remedy: "Write one file for each micrograph.",
  });
}

/** Works on the groups of a file; one that fails is told and the rest goes on. */
async function eachOf<T>(
  groups: Promise<NamedGroup[]>,
  work: (group: NamedGroup) => Promise<T | undefined>,
): Promise<{ done: T[]; error?: string }> {
  const done: T[] = [];
  const errors: string[] = [];
  const keep = (error: unknown) => {
    if (error instanceof EPickerError && error.code === "write-failed") throw error;
    errors.push(messageOfError(error));
  };
  for (const group of await groups.catch(keep) ?? []) {
    const result = await work(group).catch(keep);
    if (result) done.push(result);
  }
  if (errors.length === 0) return { done };
  const more = errors.length > 3 ? ` And ${errors.length - 3} more of this kind.` : "";
  return { done, error: errors.slice(0, 3).join(" ") + more };
}
