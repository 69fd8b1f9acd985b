import { join, relative, resolve } from "@std/path";
import { z } from "zod";
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
  writeFileAtomic,
} from "../core/mod.ts";
import { describeGroup, micrographOf } from "./_described_group.ts";
import { listFiles } from "./_folders.ts";
import { movedPicks } from "./_moved_picks.ts";
import { withoutPickRecords } from "./_pick_records.ts";
import { resultNames } from "./_result_names.ts";
import { formatCoordinateIndex } from "./_star_write.ts";
import type { MicrographInfo, MicrographPicks, PickGroup } from "./coordinate_format.ts";
import { coordinateFileOf, coordinateFormats } from "./coordinate_formats.ts";
import {
  checkPicks,
  checkScale,
  followReference,
  formatOf,
  parsePickGroups,
  writeCoordinates,
} from "./coordinates.ts";
import { findFiles } from "./inputs.ts";
import { hasMicrographName, micrographName } from "./micrograph_formats.ts";
import { readMicrograph } from "./read_micrograph.ts";

/** RELION's index of the STAR files of all micrographs. */
const INDEX = "autopick.star";

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
  /** Reads the points of an image, where images are inputs as well; else they are not. */
  pointsOf?: (image: Micrograph) => Pick[];
  /** Makes other picks of those of a micrograph before they are written. */
  change?: (picks: Pick[], micrograph: Partial<MicrographInfo> & { name: string }) => Pick[];
  /** Writes one file `particles` about all micrographs instead of one for each. */
  joint?: boolean;
  /** Reports after every file. */
  onProgress?: OnProgress;
  /** Receives sentences about what was left out: folders within folders. */
  onWarning?: (text: string) => void;
}

/** One file that was written, or for a joint file the part of one micrograph. */
export interface ConvertedMicrograph {
  /** Base name of the result. */
  name: string;
  /** Path of the micrograph in `micrographs` where it is there, else its name in the file. */
  micrograph: string;
  /** Path of the written file. */
  path: string;
  /** Number of picks. */
  picks: number;
  /** Number of fibers that they lie on, where they lie on fibers. */
  fibers?: number;
  /** Sentences about what is doubtful in the micrograph, such as its pixel size. */
  warnings?: string[];
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
  const conversion = await startConversion(options);
  const title = "coordinate files";
  const isImage = (path: string) => options.pointsOf !== undefined && hasMicrographName(path);
  const accepts = (path: string) => coordinateFileOf(path) !== undefined || isImage(path);
  const found = await findFiles(inputs, { accepts, title }, options);
  const files: ConvertedFile[] = [];
  const paths = await withoutPickRecords([...found.values()].sort(), inputs);
  for (const path of paths) {
    files.push(await convertFile(path, conversion));
    const progress = { stage: "convert", done: files.length, total: paths.length, note: path };
    options.onProgress?.(progress);
  }
  await finishConversion(conversion, files);
  return files;
}

/** What the conversion of a file needs to know, and what it leaves for the end. */
interface Conversion {
  options: ConvertOptions;
  /** Ending of the written files. */
  extension: string;
  /** Paths of the micrographs by base name. */
  micrographs: Map<string, string>;
  /** Names of results that are taken, in lower case, and where they came from. */
  taken: Map<string, Origin>;
  /** The picks for a joint file. */
  all: MicrographPicks[];
}

/** Where the picks of a micrograph came from. */
interface Origin {
  /** The file that holds them. */
  source: string;
  /** The input that led there: the same file or an index. */
  input: string;
}

async function startConversion(options: ConvertOptions): Promise<Conversion> {
  checkArgument(options, z.object({ to: noun.path, out: noun.path }, "an object of options"));
  const format = formatOf("--to", options.to);
  if (options.from !== undefined) formatOf("--from", options.from);
  checkScale(options.scale ?? 1);
  const { boxSize, pixelSizeA } = options;
  checkOptions({ boxSize, pixelSizeA }, {
    boxSize: option.above(0, 1e6),
    pixelSizeA: option.above(0, 1000),
  });
  if (options.joint && !format.formatJoint) {
    const joint = coordinateFormats.filter(({ formatJoint }) => formatJoint !== undefined);
    throw new EPickerError("bad-option", {
      file: "--joint",
      found: `the format ${format.name}`,
      expected: joint.map(({ name }) => name).join(", "),
      remedy: "Write one file for each micrograph.",
    });
  }
  const files = options.micrographs === undefined ? [] : await listFiles(options.micrographs);
  const paths = files.filter(hasMicrographName).map((file) => join(options.micrographs!, file));
  const micrographs = new Map(paths.map((path) => [micrographName(path), path]));
  const index = { source: INDEX, input: INDEX };
  const taken = new Map([[micrographName(INDEX), index]]);
  return { options, extension: format.extensions[0], micrographs, taken, all: [] };
}

async function convertFile(path: string, conversion: Conversion): Promise<ConvertedFile> {
  const written: ConvertedMicrograph[] = [];
  const errors: string[] = [];
  const keep = (error: unknown) => {
    if (error instanceof EPickerError && error.code === "write-failed") throw error;
    errors.push(messageOfError(error));
  };
  const groups = await groupsOf(path, conversion.options).catch(keep) ?? [];
  if (groups.length === 0 && errors.length === 0) groups.push({ picks: [] });
  const names = resultNames(groups.map((group) => micrographOf(group, path)));
  for (const [i, group] of groups.entries()) {
    const done = await convertGroup(group, names[i], path, conversion).catch(keep);
    if (done) written.push(done);
  }
  const more = errors.length > 3 ? ` And ${errors.length - 3} more of this kind.` : "";
  return {
    path,
    written,
    error: errors.length > 0 ? errors.slice(0, 3).join(" ") + more : undefined,
  };
}

/** The picks of a coordinate file, or the points of an image. */
async function groupsOf(path: string, { from, pointsOf }: ConvertOptions): Promise<PickGroup[]> {
  if (pointsOf === undefined || !hasMicrographName(path)) return await parsePickGroups(path, from);
  const image = await readMicrograph(path);
  const { name: micrograph, width, height, pixelSizeA } = image;
  const size = { width, height, pixelSizeA };
  return [{ micrograph, ...size, picks: pointsOf(image) }];
}

/** Writes one micrograph's picks; nothing where another input led to the same file before. */
async function convertGroup(
  reference: PickGroup,
  resultName: string,
  path: string,
  { options, extension, micrographs, taken, all }: Conversion,
): Promise<ConvertedMicrograph | undefined> {
  const group = await followReference(reference, path, options);
  const found = await describeGroup(group, path, { resultName, micrographs });
  const { pixelSizeA } = options;
  const described = { ...found, pixelSizeA: pixelSizeA ?? found.pixelSizeA };
  const { name, micrograph, warnings, ...info } = described;
  const origin = { source: resolve(group.coordinatesPath ?? path), input: path };
  if (!takeName(name, origin, taken)) return undefined;
  const moved = movedPicks(group, described, path, options);
  const picks = options.change?.(moved, { name, ...info }) ?? moved;
  checkPicks(picks, path);
  const fibers = new Set(picks.flatMap(({ fiber }) => fiber ?? [])).size;
  const done = {
    ...{ name, micrograph, picks: picks.length },
    fibers: fibers > 0 ? fibers : undefined,
    warnings: warnings.length > 0 ? warnings : undefined,
  };
  if (options.joint) {
    const file = jointPath(options, extension);
    const part = { image: { name: micrograph, ...info }, picks };
    formatOf("--to", options.to).formatJoint!([part], { file }); // throws what would spoil the whole
    all.push(part);
    return { ...done, path: file };
  }
  const target = join(options.out, name + extension);
  const { width, height, ...rest } = info;
  await writeCoordinates(target, picks, {
    format: options.to,
    boxSize: options.boxSize,
    image: width !== undefined && height !== undefined
      ? { name, width, height, ...rest }
      : undefined,
  });
  return { ...done, path: target };
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

function jointPath({ out }: ConvertOptions, extension: string): string {
  return join(out, `particles${extension}`);
}

/** Writes what is about all micrographs: the joint file, or the index of STAR files. */
async function finishConversion(conversion: Conversion, files: ConvertedFile[]): Promise<void> {
  const { options, extension, all } = conversion;
  if (options.joint) {
    const file = jointPath(options, extension);
    await writeFileAtomic(file, formatOf("--to", options.to).formatJoint!(all, { file }));
  } else if (options.to.startsWith("star")) {
    const entries = files.flatMap(({ written }) => written).map(({ micrograph, path }) => {
      return { micrograph, coordinatesPath: fromHere(path) };
    });
    await writeFileAtomic(join(options.out, INDEX), formatCoordinateIndex(entries));
  }
}

/** A path from the working folder, as RELION wants it; absolute where it lies outside. */
function fromHere(path: string): string {
  const here = relative(resolve("."), resolve(path));
  return here.startsWith("..") ? resolve(path) : here;
}
