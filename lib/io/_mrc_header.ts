import { badFile } from "./_bad_file.ts";
import { type ByteSource } from "./_byte_source.ts";
import { mrcPixelSize } from "./_mrc_pixel_size.ts";
import type { SamplesOf } from "./_samples.ts";
import {
  HEAD_BYTES,
  MAX_PIXELS,
  MAX_SIDE,
  MAX_UNPACKED_BYTES,
  type MicrographHeader,
} from "./micrograph_format.ts";

/** An MRC mode that this project writes: 0 int8, 1 int16, 2 float32, 6 uint16, 12 float16. */
export type MrcMode = 0 | 1 | 2 | 6 | 12;

/** An MRC mode that this project reads: 101 holds two 4-bit samples in a byte. */
export type MrcReadMode = MrcMode | 101;

/** Bytes per sample of each mode. */
export const MRC_SAMPLE_BYTES: Record<MrcReadMode, number> = {
  0: 1,
  1: 2,
  2: 4,
  6: 2,
  12: 2,
  101: 0.5,
};

/** Arrays of the samples of each mode, bytes of mode 0 as signed ones. */
export const MRC_SAMPLES: Record<MrcMode, SamplesOf> = {
  0: Int8Array,
  1: Int16Array,
  2: Float32Array,
  6: Uint16Array,
  12: Float16Array,
};

/** Bytes of a stored row; in mode 101 the last byte of an odd row is half empty. */
export function mrcRowBytes(width: number, mode: MrcReadMode): number {
  return Math.ceil(width * MRC_SAMPLE_BYTES[mode]);
}

/** Most bytes of an extended header: 1 kB for each of as many frames as there can be. */
const MAX_EXTENDED_BYTES = 2 ** 26;

/** `imodStamp` of files written by IMOD: the letters "IMOD" as a number. */
const IMOD_STAMP = 1146047817;

/** What the 1024-byte MRC2014 header says, as far as it is needed to read the pixels. */
export interface MrcHeader extends MicrographHeader {
  /** Kind of samples. */
  mode: MrcReadMode;
  /** Byte order of header and samples. */
  littleEndian: boolean;
  /** Whether the bytes of mode 0 run from 0 to 255. */
  unsignedBytes: boolean;
  /** Bytes of the extended header between this header and the samples. */
  extendedBytes: number;
}

/** Whether the bytes carry the word `MAP` of an MRC2014 header or make sense as an older one. */
export function looksLikeMrc(head: Uint8Array): boolean {
  if (head.length < HEAD_BYTES) return false;
  const view = viewOf(head);
  return hasMapWord(head) || [true, false].some((order) => isSane(view, order));
}

/**
 * Reads and checks an MRC2014 header (https://www.ccpem.ac.uk/mrc-format/mrc2014).
 *
 * @throws {EPickerError} `bad-file` for a short header, an unknown mode, sizes out of range, or a
 * file that is too small for what its header promises.
 */
export function parseMrcHeader(head: Uint8Array, source: ByteSource): MrcHeader {
  const { file } = source;
  if (head.length < HEAD_BYTES) {
    const found = `${head.length} bytes`;
    throw badFile(file, found, "at least the 1024-byte MRC header", "Copy the file again.");
  }
  const view = viewOf(head);
  const littleEndian = byteOrder(view);
  const int = (at: number) => view.getInt32(at, littleEndian);
  const [width, height, frames, extendedBytes] = [int(0), int(4), int(8), int(92)];
  checkSizes(width, height, frames, extendedBytes, file);
  const header: MrcHeader = {
    width,
    height,
    frames,
    extendedBytes,
    littleEndian,
    mode: knownMode(int(12), file),
    unsignedBytes: hasUnsignedBytes(view, littleEndian),
  };
  checkRoom(header, source);
  const sampling = { x: int(28), y: int(32) };
  const cell = { x: view.getFloat32(40, littleEndian), y: view.getFloat32(44, littleEndian) };
  const { pixelSizeA, warnings } = mrcPixelSize({ width, height }, sampling, cell);
  if (pixelSizeA !== undefined) header.pixelSizeA = pixelSizeA;
  warnings.push(...stackDoubts(header, int(88)));
  if (warnings.length > 0) header.warnings = warnings;
  return header;
}

/** Largest side of a particle's box; frames of a movie are larger. */
const MAX_BOX = 1024;

/** Space group of a volume; that of images is 0, that of a stack of volumes from 401. */
const VOLUME = 1;

/** What a stack may be that is no micrograph, by the space group or by its shape. */
function stackDoubts({ width, height, frames }: MrcHeader, spaceGroup: number): string[] {
  if (frames === 1) return [];
  const size = `${frames} images of ${width} × ${height} pixels`;
  const isCube = width === height && height === frames;
  if (isCube || spaceGroup === VOLUME || spaceGroup > 400) {
    return [`The file looks like a volume (${size}), not a micrograph; their mean is read.`];
  }
  if (width !== height || width > MAX_BOX) return [];
  return [
    `The file looks like a stack of particles (${size}), not a micrograph; their mean is read.`,
  ];
}

function viewOf(head: Uint8Array): DataView {
  return new DataView(head.buffer, head.byteOffset, head.byteLength);
}

function hasMapWord(head: Uint8Array): boolean {
  return head[208] === 0x4d && head[209] === 0x41 && head[210] === 0x50;
}

/** True for little-endian: by the machine stamp if the sizes then make sense, else by the sizes. */
function byteOrder(view: DataView): boolean {
  const stamped = view.getUint8(212) !== 0x11;
  return isSane(view, stamped) || !isSane(view, !stamped) ? stamped : !stamped;
}

function isSane(view: DataView, littleEndian: boolean): boolean {
  const [width, height, frames, mode] = [0, 4, 8, 12].map((at) => view.getInt32(at, littleEndian));
  const isCount = (n: number) => n > 0 && n <= MAX_SIDE;
  return isCount(width) && isCount(height) && isCount(frames) && mode >= 0 && mode < 128;
}

/**
 * Mode 0 is int8 by MRC2014, and so are the real files this was checked on (EMPIAR-10017, -10028,
 * -10059): read as signed their histogram is one smooth peak across 0 and neighbouring pixels
 * differ by at most some 20 grey levels; read as unsigned it falls apart at 0/255 and neighbours
 * differ by 255. Unsigned are files that say so, by IMOD's stamp without the "signed" flag (bit 0)
 * or by statistics that no int8 can have, and those whose pixels show it: see `unsignedByHistogram`.
 */
function hasUnsignedBytes(view: DataView, littleEndian: boolean): boolean {
  if (view.getInt32(152, littleEndian) === IMOD_STAMP) {
    return (view.getInt32(156, littleEndian) & 1) === 0;
  }
  const [min, max] = [view.getFloat32(76, littleEndian), view.getFloat32(80, littleEndian)];
  return min >= 0 && max > 127 && max <= 255;
}

function checkSizes(
  width: number,
  height: number,
  frames: number,
  extended: number,
  file: string,
): void {
  const remedy = "Check that this is an MRC file and copy it again.";
  if (Math.min(width, height, frames) <= 0 || Math.max(width, height, frames) > MAX_SIDE) {
    const found = `an image of ${width} × ${height} pixels, ${frames} frames`;
    throw badFile(file, found, `1 to ${MAX_SIDE} columns, rows and frames`, remedy);
  }
  if (width * height > MAX_PIXELS) {
    const found = `an image of ${width} × ${height} pixels`;
    throw badFile(file, found, `at most ${MAX_PIXELS} pixels`, remedy);
  }
  if (extended < 0 || extended > MAX_EXTENDED_BYTES) {
    const found = `an extended header of ${extended} bytes`;
    throw badFile(file, found, `0 to ${MAX_EXTENDED_BYTES} bytes`, remedy);
  }
}

function knownMode(mode: number, file: string): MrcReadMode {
  if (Object.hasOwn(MRC_SAMPLE_BYTES, mode)) return mode as MrcReadMode;
  const expected = "0 (int8), 1 (int16), 2 (float32), 6 (uint16), 12 (float16) or 101 (4-bit)";
  const remedy = "Convert the file to mode 2, for example with IMOD's newstack -mode 2.";
  throw badFile(file, `MRC mode ${mode}`, expected, remedy);
}

/** Holds the size that the header promises against what the file can hold, before any allocation. */
function checkRoom(header: MrcHeader, source: ByteSource): void {
  const { file, fileBytes, compression, ratio } = source;
  const { width, height, frames, mode, extendedBytes } = header;
  const bytes = HEAD_BYTES + extendedBytes + mrcRowBytes(width, mode) * height * frames;
  if (compression && bytes > MAX_UNPACKED_BYTES) {
    const found = `${compression} data that unpack to ${bytes} bytes`;
    throw badFile(file, found, `at most ${MAX_UNPACKED_BYTES}`, "Unpack the file first.");
  }
  if (fileBytes * ratio >= bytes) return;
  const kind = compression ? `${compression}-compressed bytes` : "bytes";
  const image = `${width} × ${height} pixels × ${frames} frames of mode ${mode}`;
  const found = `${fileBytes} ${kind} for a header that promises ${image}`;
  const expected = compression
    ? `at least ${Math.ceil(bytes / ratio)} compressed bytes`
    : `${bytes} bytes`;
  throw badFile(file, found, expected, "The file is cut off: copy it again.");
}
