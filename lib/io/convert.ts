import { basename, join, relative, resolve } from "@std/path";
import {
  EPickerError,
  messageOfError,
  type OnProgress,
  type Pick,
  writeFileAtomic,
} from "../core/mod.ts";
import { listFiles } from "./_folders.ts";
import type { MicrographInfo, MicrographPicks, PickGroup } from "./coordinate_format.ts";
import { coordinateFileOf, coordinateFormats } from "./coordinate_formats.ts";
import { formatOf, readPickGroups, writeCoordinates } from "./coordinates.ts";
import { findFiles } from "./inputs.ts";
import { hasMicrographName, micrographName } from "./micrograph_formats.ts";
import { readMicrographHeader } from "./read_micrograph.ts";
import { formatCoordinateIndex } from "./star.ts";
import { flipPicks } from "./transform_picks.ts";

/** RELION's index of the STAR files of all micrographs. */
const INDEX = "autopick.star";

/** What RELION puts behind and cryoSPARC before a micrograph's name. */
const ADDED = /_(auto|manual|topaz)pick$|^\d{15,}_/;

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
  /** Mirrors y; needs the height of the micrograph from the file or from `micrographs`. */
  flipY?: boolean;
  /** Pixels of the micrograph per pixel of the image that was picked. @default {1} */
  scale?: number;
  /** Side of the boxes in micrograph pixels, for picks without a diameter. */
  boxSize?: number;
  /** Writes one file `particles` about all micrographs instead of one for each. */
  joint?: boolean;
  /** Reports after every file. */
  onProgress?: OnProgress;
}

/** One file that was written, or for a joint file the part of one micrograph. */
export interface ConvertedMicrograph {
  /** Base name of the result. */
  name: string;
  /** The micrograph as the file names it, or its path. */
  micrograph: string;
  /** Path of the written file. */
  path: string;
  /** Number of picks. */
  picks: number;
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
 * Files about many micrographs are split. A result is called after its micrograph; of a file that
 * names none, after the file. RELION's `_autopick` and cryoSPARC's number before a name are left out
 * where a micrograph of the name without them is in `micrographs`. STAR files get an index `autopick.star` beside them. A file that
 * fails is reported and the rest goes on.
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
  const found = await findFiles(inputs, {
    accepts: (path) => coordinateFileOf(path) !== undefined,
    title: "coordinate files",
  });
  const files: ConvertedFile[] = [];
  for (const path of [...found.values()].sort()) {
    files.push(await convertFile(path, conversion));
    const progress = { stage: "convert", done: files.length, total: found.size, note: path };
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
  const format = formatOf("--to", options.to);
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
  const { from, scale } = conversion.options;
  const file: ConvertedFile = { path, written: [] };
  try {
    const groups = await readPickGroups(path, {
      ...(from !== undefined && { format: from }),
      ...(scale !== undefined && { scale }),
    });
    for (const group of groups.length === 0 ? [{ picks: [] }] : groups) {
      const written = await convertGroup(group, path, conversion);
      if (written) file.written.push(written);
    }
  } catch (error) {
    if (error instanceof EPickerError && error.code === "write-failed") throw error;
    file.error = messageOfError(error);
  }
  return file;
}

/** Writes one micrograph's picks; nothing where another input led to the same file before. */
async function convertGroup(
  group: PickGroup,
  path: string,
  conversion: Conversion,
): Promise<ConvertedMicrograph | undefined> {
  const { to, out, boxSize, joint } = conversion.options;
  const source = group.coordinatesPath ?? path;
  const { name, micrograph, ...info } = await describe(group, source, conversion);
  const origin = { source: resolve(source), input: path };
  if (!takeName(name, origin, conversion.taken)) return undefined;
  const picks = flipped(group.picks, { name, ...info }, path, conversion);
  const done = { name, micrograph, picks: picks.length };
  if (joint) {
    conversion.all.push({ image: { name: micrograph, ...info }, picks });
    return { ...done, path: jointPath(conversion) };
  }
  const target = join(out, name + conversion.extension);
  const { width, height, ...rest } = info;
  await writeCoordinates(target, picks, {
    format: to,
    ...(boxSize !== undefined && { boxSize }),
    ...(width !== undefined && height !== undefined && { image: { name, width, height, ...rest } }),
  });
  return { ...done, path: target };
}

/** The name for the result, the micrograph's own, and what it or the file tells. */
async function describe(
  { micrograph, width, height }: PickGroup,
  source: string,
  { micrographs }: Conversion,
): Promise<Partial<MicrographInfo> & { name: string; micrograph: string }> {
  const base = micrograph ?? coordinateFileOf(source)?.name ?? basename(source);
  const name = micrograph === undefined ? base : micrographName(micrograph);
  const known = [name, name.replace(ADDED, "")].find((name) => micrographs.has(name));
  if (known === undefined) {
    const size = width !== undefined && height !== undefined ? { width, height } : {};
    return { name: safeName(name), micrograph: base, ...size };
  }
  const path = micrographs.get(known)!;
  const { frames: _, warnings: _warnings, ...header } = await readMicrographHeader(path);
  return { name: known, micrograph: micrograph ?? path, ...header };
}

/** A name out of a file as the name of a file in the output folder, whatever it holds. */
function safeName(name: string): string {
  const safe = name.replaceAll(/[^\p{L}\p{N}._+@=, -]/gu, "_").replace(/^\.+/, "_").slice(0, 120);
  return safe === "" ? "_" : safe;
}

function flipped(
  picks: Pick[],
  { name, height }: Partial<MicrographInfo>,
  path: string,
  { options }: Conversion,
): Pick[] {
  if (!options.flipY || picks.length === 0) return picks;
  if (height !== undefined) return flipPicks(picks, height);
  throw new EPickerError("bad-option", {
    file: path,
    found: `no height of the micrograph ${name}`,
    expected: "the micrograph, to mirror its picks",
    remedy: "Name the folder of the micrographs: --micrographs DIR.",
  });
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

function jointPath({ options, extension }: Conversion): string {
  return join(options.out, `particles${extension}`);
}

/** Writes what is about all micrographs: the joint file, or the index of STAR files. */
async function finishConversion(conversion: Conversion, files: ConvertedFile[]): Promise<void> {
  const { options, all } = conversion;
  if (options.joint) {
    const file = jointPath(conversion);
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
