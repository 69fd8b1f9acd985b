import { EPickerError, messageOfError } from "../core/mod.ts";
import { badFile } from "./_bad_file.ts";
import type { ByteSource } from "./_byte_source.ts";
import { parseTiffTags } from "./_tiff_tags.ts";
import { TIFF_RATIOS, unpackTiff } from "./_tiff_unpack.ts";
import {
  type DecodedImage,
  MAX_PIXELS,
  MAX_SIDE,
  type MicrographFormat,
  type MicrographHeader,
} from "./micrograph_format.ts";

const EXPECTED = "a whole TIFF image";
const REMEDY = "Export the image again, or use MRC.";

/** Most columns or rows by which a tile may reach beyond the image. */
const MAX_TILE = 1024;

/** Å per unit of the resolution, by TIFF's number of the unit: inch and centimetre. */
const UNIT_A: Record<number, number> = { 2: 2.54e8, 3: 1e8 };

/**
 * TIFF: grey or colour of 8, 16 or 32 bits, signed, unsigned or float; strips or tiles; plain, LZW,
 * deflate or PackBits, with or without differences. Colour becomes luminance (ITU-R BT.601), alpha
 * is left out, "white is zero" is turned around.
 *
 * Of several images only the first is read: movies are out of scope. The pixel size is read where
 * the resolution gives 0.05 to 100 Å, equal in x and y: others are the resolution of a print.
 *
 * Memory: the bytes of the file, the decoded image and one row, strip or tile; for the usual
 * strips 1.8 to 3.1 times the image.
 */
export const tiffFormat: MicrographFormat = {
  name: "TIFF",
  extensions: [".tif", ".tiff"],
  matches: (head) => {
    const [a, b, c, d] = head;
    return (a === 0x49 && b === 0x49 && c === 42 && d === 0) ||
      (a === 0x4d && b === 0x4d && c === 0 && d === 42);
  },
  readHeader: async (head, source) => headerOf(await readLayout(head, source)),
  read: readTiff,
};

/** How the image lies in the file. */
interface Layout extends MicrographHeader {
  bytes: Uint8Array<ArrayBuffer>;
  littleEndian: boolean;
  /** Bits of a sample. */
  bits: number;
  /** 1 unsigned, 2 signed, 3 float. */
  kind: number;
  /** Samples of a pixel. */
  channels: number;
  isWhiteZero: boolean;
  compression: number;
  hasDifferences: boolean;
  /** Columns and rows of a tile, or of a strip. */
  tile: { width: number; height: number };
  offsets: number[];
  counts: number[];
}

function headerOf({ width, height, frames, pixelSizeA, warnings }: Layout): MicrographHeader {
  return {
    ...{ width, height, frames },
    ...(pixelSizeA !== undefined && { pixelSizeA }),
    ...(warnings !== undefined && { warnings }),
  };
}

async function readTiff(head: Uint8Array, source: ByteSource): Promise<DecodedImage> {
  const layout = await readLayout(head, source);
  return await refuseDamage(source.file, async () => {
    const pixels = new Float32Array(layout.width * layout.height);
    const across = Math.ceil(layout.width / layout.tile.width);
    for (const [i, offset] of layout.offsets.entries()) {
      const [left, top] = [
        i % across * layout.tile.width,
        Math.floor(i / across) * layout.tile.height,
      ];
      if (top >= layout.height) break;
      const packed = layout.bytes.subarray(offset, offset + layout.counts[i]);
      await decodeTile(packed, left, top, layout, pixels);
    }
    return { ...headerOf(layout), pixels };
  });
}

/** Turns whatever a damaged file leads to into the one kind of error. */
async function refuseDamage<T>(file: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EPickerError) throw error;
    const found = `a damaged TIFF image (${messageOfError(error)})`;
    throw badFile(file, found, EXPECTED, REMEDY, error);
  }
}

async function readLayout(head: Uint8Array, source: ByteSource): Promise<Layout> {
  const { file, fileBytes, compression } = source;
  if (compression) {
    throw badFile(file, `a TIFF within ${compression}`, "a plain TIFF", "Unpack it first.");
  }
  const bytes = new Uint8Array(fileBytes);
  bytes.set(head);
  await source.fill(bytes.subarray(head.length));
  return await refuseDamage(file, () => inRows(checked(layoutOf(bytes), file)));
}

function layoutOf(bytes: Uint8Array<ArrayBuffer>): Layout {
  const { littleEndian, hasMore, values } = parseTiffTags(bytes);
  const value = (tag: number, otherwise: number) => values(tag)[0] ?? otherwise;
  const [width, height] = [value(256, 0), value(257, 0)];
  const isTiled = values(322).length > 0;
  const pixelSizeA = pixelSizeOf(value(282, 0), value(283, 0), value(296, 2));
  return {
    ...{ bytes, littleEndian, width, height, frames: 1 },
    bits: value(258, 1),
    kind: value(339, 1),
    channels: value(277, 1),
    isWhiteZero: value(262, 1) === 0,
    compression: value(259, 1),
    hasDifferences: value(317, 1) === 2,
    tile: isTiled
      ? { width: value(322, 0), height: value(323, 0) }
      : { width, height: Math.min(value(278, height), height) },
    offsets: values(isTiled ? 324 : 273),
    counts: values(isTiled ? 325 : 279),
    ...(pixelSizeA !== undefined && { pixelSizeA }),
    ...(hasMore && { warnings: ["Only the first image of the TIFF file is read."] }),
  };
}

function pixelSizeOf(perUnitX: number, perUnitY: number, unit: number): number | undefined {
  const [x, y] = [perUnitX, perUnitY].map((resolution) => (UNIT_A[unit] ?? NaN) / resolution);
  return x >= 0.05 && x <= 100 && Math.abs(x - y) <= 0.01 * x ? x : undefined;
}

/** Holds what the tags say against what is read here and what the file can hold. */
function checked(layout: Layout, file: string): Layout {
  const { width, height, bits, kind, channels, compression, tile, offsets, counts } = layout;
  const size = `a TIFF image of ${width} × ${height} pixels`;
  const refuse = (found: string, expected: string) => badFile(file, found, expected, REMEDY);
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_SIDE) {
    throw refuse(size, `1 to ${MAX_SIDE} columns and rows`);
  }
  if (width * height > MAX_PIXELS) throw refuse(size, `at most ${MAX_PIXELS} pixels`);
  if (TIFF_RATIOS[compression] === undefined) {
    throw refuse(`TIFF compression ${compression}`, "none, LZW, deflate or PackBits");
  }
  if (![8, 16, 32].includes(bits) || kind < 1 || kind > 3 || (kind === 3 && bits !== 32)) {
    throw refuse(`samples of ${bits} bits, kind ${kind}`, "8, 16 or 32 bits, float only of 32");
  }
  if (channels < 1 || channels > 4) throw refuse(`${channels} samples a pixel`, "1 to 4");
  if (Math.max(tile.width - width, tile.height - height) >= MAX_TILE) {
    throw refuse(`tiles of ${tile.width} × ${tile.height} pixels`, `tiles that fit ${size}`);
  }
  const rowTiles = Math.ceil(width / tile.width);
  const tiles = rowTiles * Math.ceil(height / tile.height);
  if (!(offsets.length >= tiles && counts.length >= tiles)) {
    throw refuse(`${offsets.length} strips or tiles`, `${tiles} for ${width} × ${height} pixels`);
  }
  if (layout.bytes.length * TIFF_RATIOS[compression] < width * height * channels * bits / 8) {
    throw refuse(`${layout.bytes.length} bytes for ${size}`, "a whole file");
  }
  return layout;
}

/** Parts plain strips into rows, which saves the memory of a strip as large as the image. */
function inRows(layout: Layout): Layout {
  const { width, height, channels, bits, compression, tile, offsets } = layout;
  if (compression !== 1 || tile.width !== width) return layout;
  const rowBytes = width * channels * bits / 8;
  const place = (y: number) => offsets[Math.floor(y / tile.height)] + y % tile.height * rowBytes;
  return {
    ...layout,
    tile: { width, height: 1 },
    offsets: Array.from({ length: height }, (_, y) => place(y)),
    counts: Array.from({ length: height }, () => rowBytes),
  };
}

/** Unpacks one strip or tile and sets its pixels. */
async function decodeTile(
  packed: Uint8Array<ArrayBuffer>,
  left: number,
  top: number,
  layout: Layout,
  pixels: Float32Array,
): Promise<void> {
  const { width, height, tile, channels, bits, compression } = layout;
  const isStrip = tile.width === width;
  const rows = isStrip ? Math.min(tile.height, height - top) : tile.height;
  const rowSamples = tile.width * channels;
  const bytes = await unpackTiff(packed, compression, rows * rowSamples * bits / 8);
  const samples = samplesOf(bytes, layout);
  if (layout.hasDifferences) addDifferences(samples, rowSamples, channels);
  const columns = Math.min(tile.width, width - left);
  for (let y = 0; y < Math.min(rows, height - top); y++) {
    for (let x = 0; x < columns; x++) {
      const at = (y * tile.width + x) * channels;
      pixels[(top + y) * width + left + x] = greyOf(samples, at, layout);
    }
  }
}

type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/** The samples of unpacked bytes, in the machine's order. */
function samplesOf(
  { buffer }: Uint8Array<ArrayBuffer>,
  { bits, kind, littleEndian }: Layout,
): Samples | Float32Array {
  if (bits === 8) return kind === 2 ? new Int8Array(buffer) : new Uint8Array(buffer);
  const view = new DataView(buffer);
  if (!littleEndian && bits === 16) {
    for (let at = 0; at < view.byteLength; at += 2) view.setUint16(at, view.getUint16(at), true);
  } else if (!littleEndian) {
    for (let at = 0; at < view.byteLength; at += 4) view.setUint32(at, view.getUint32(at), true);
  }
  if (bits === 16) return kind === 2 ? new Int16Array(buffer) : new Uint16Array(buffer);
  if (kind === 3) return new Float32Array(buffer);
  return kind === 2 ? new Int32Array(buffer) : new Uint32Array(buffer);
}

/** Undoes TIFF's predictor 2: each sample is stored as its difference from its left neighbour. */
function addDifferences(samples: Samples | Float32Array, row: number, channels: number): void {
  if (samples instanceof Float32Array) throw new RangeError("differences of floats");
  for (let from = 0; from < samples.length; from += row) {
    for (let i = from + channels; i < from + row; i++) samples[i] += samples[i - channels];
  }
}

function greyOf(samples: Samples | Float32Array, at: number, layout: Layout): number {
  const { channels, isWhiteZero, bits, kind } = layout;
  if (channels > 2) {
    return 0.299 * samples[at] + 0.587 * samples[at + 1] + 0.114 * samples[at + 2];
  }
  return isWhiteZero && kind === 1 ? 2 ** bits - 1 - samples[at] : samples[at];
}
