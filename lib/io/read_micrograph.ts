import { defined, type Micrograph } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import { bytesAtHand, type ByteSource, openBytes } from "./_byte_source.ts";
import { HEAD_BYTES, type MicrographFormat, type MicrographHeader } from "./micrograph_format.ts";
import { micrographFormats, micrographName } from "./micrograph_formats.ts";

/**
 * Reads a micrograph: MRC (also within gzip, bzip2 or xz), TIFF, PNG or JPEG, recognized by
 * content.
 *
 * Pixels are as stored, not normalized, not-a-number included; the frames of a stack are averaged.
 * The first stored row is y = 0, of TIFF the last one, as RELION, IMOD and EMAN2 have it.
 * Besides the decoded image, reading takes a few MB of memory for MRC and for TIFF in strips or
 * tiles, within bzip2 some 80 MB; PNG and JPEG take two to six times the image.
 *
 * @throws {EPickerError} `missing-file` when the file cannot be opened; `bad-file` when it is
 * empty, cut off, damaged or of an unknown kind.
 *
 * @example
 * ```ts
 * import { readMicrograph, writeMrc } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const path = await Deno.makeTempFile({ suffix: ".mrc" });
 * await writeMrc(path, { width: 3, height: 2, pixels: [1, 2, 3, 4, 5, 6] });
 * const { width, height, pixels } = await readMicrograph(path);
 * assertEquals([width, height, pixels[5]], [3, 2, 6]);
 * await Deno.remove(path);
 * ```
 */
export async function readMicrograph(path: string): Promise<Micrograph> {
  await using source = await openBytes(path);
  return await micrographFrom(source);
}

/**
 * Reads a micrograph that is at hand, as {@linkcode readMicrograph} reads a file, but not one that is
 * compressed as a whole.
 *
 * @param file Name of the file, of which the micrograph's is made.
 * @throws {EPickerError} `bad-file`.
 */
export async function decodeMicrograph(bytes: Uint8Array, file: string): Promise<Micrograph> {
  if (bytes.length === 0) throw badFile(file, "an empty file", "an image", "Copy it again.");
  return await micrographFrom(bytesAtHand(bytes, file));
}

async function micrographFrom(source: ByteSource): Promise<Micrograph> {
  const { head, format } = await recognize(source);
  const { frames: _, ...image } = await format.read(head, source);
  return defined({ name: micrographName(source.file), ...image });
}

/**
 * Reads what a micrograph file says about itself, without its pixels.
 *
 * @throws {EPickerError} As {@linkcode readMicrograph}, except for damage behind the header.
 */
export async function readMicrographHeader(path: string): Promise<MicrographHeader> {
  await using source = await openBytes(path);
  const { head, format } = await recognize(source);
  return defined(await format.readHeader(head, source));
}

/**
 * Reads a mask so that its first stored row lies on the first stored row of its micrograph, which
 * is where programs that draw masks have it, whatever the kinds of the two files.
 *
 * @throws {EPickerError} As {@linkcode readMicrograph}, for both files.
 */
export async function readMask(maskPath: string, micrographPath: string): Promise<Micrograph> {
  const mask = await readMicrograph(maskPath);
  if (await turnsRows(maskPath) === await turnsRows(micrographPath)) return mask;
  const { width, height, pixels } = mask;
  const turned = pixels.slice();
  for (let y = 0; y < height; y++) {
    turned.set(pixels.subarray(y * width, (y + 1) * width), (height - 1 - y) * width);
  }
  return { ...mask, pixels: turned };
}

async function turnsRows(path: string): Promise<boolean> {
  await using source = await openBytes(path);
  const { format } = await recognize(source);
  return format.turnsRows ?? false;
}

async function recognize(
  source: ByteSource,
): Promise<{ head: Uint8Array; format: MicrographFormat }> {
  const buffer = new Uint8Array(HEAD_BYTES);
  const head = buffer.subarray(0, await source.fill(buffer));
  const format = micrographFormats.find((format) => format.matches(head, source.file));
  if (format) return { head, format };
  const start = [...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0"));
  const names = micrographFormats.map(({ name }) => name).join(", ");
  throw badFile(
    source.file,
    `an unknown kind of file, starting with the bytes ${start.join(" ")}`,
    `${names}, plain or compressed with gzip, bzip2 or xz`,
    "Convert it to MRC, for example with IMOD or EMAN2.",
  );
}
