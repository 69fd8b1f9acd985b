import { basename } from "@std/path";
import type { MicrographFormat } from "./micrograph_format.ts";
import { jpegFormat } from "./jpeg.ts";
import { mrcFormat } from "./mrc.ts";
import { pngFormat } from "./png.ts";
import { tiffFormat } from "./tiff.ts";

/**
 * The micrograph formats, in the order in which they are tried.
 *
 * A new format is one file that exports a {@linkcode MicrographFormat} and one line here.
 */
export const micrographFormats: readonly MicrographFormat[] = [
  pngFormat,
  tiffFormat,
  jpegFormat,
  mrcFormat,
];

/** Whether a file's name ends like a micrograph's, with or without `.gz`, `.bz2` or `.xz`. */
export function hasMicrographName(path: string): boolean {
  return extensionOf(path) !== undefined;
}

/**
 * The base name of a file: no folder, no extension, no `.gz`, `.bz2` or `.xz`; dots within the name stay.
 *
 * @example
 * ```ts
 * import { micrographName } from "@epicker/epicker/io";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(micrographName("data/run1.frames.mrc.gz"), "run1.frames");
 * ```
 */
export function micrographName(path: string): string {
  const name = basename(path);
  const extension = extensionOf(name) ?? /(?<=.)\.[^.]*$/.exec(name)?.[0] ?? "";
  return name.slice(0, name.length - extension.length);
}

/** Endings of images that are not read here but named in coordinate files. */
const FOREIGN = /(?<=.)\.(eer|dm3|dm4|ser|hdf5?|h5|st|rec|tomostar)$/i;

/**
 * The base name of a micrograph as a coordinate file names it, perhaps without an extension: only
 * that of an image is taken for one, what follows another dot is part of the name (`a.frames`).
 */
export function namedMicrograph(name: string): string {
  const base = basename(name.replaceAll("\\", "/"));
  const extension = extensionOf(base) ?? FOREIGN.exec(base)?.[0] ?? "";
  return base.slice(0, base.length - extension.length);
}

/** The known extension that the name ends with, as written there, with its `.gz` and the like. */
function extensionOf(path: string): string | undefined {
  const name = basename(path);
  const plain = name.replace(/\.(gz|bz2|xz)$/i, "");
  const known = micrographFormats.flatMap((format) => format.extensions);
  const extension = known.find((end) => plain.toLowerCase().endsWith(end) && plain !== end);
  return extension && name.slice(plain.length - extension.length);
}
