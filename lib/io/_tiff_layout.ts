import { badFile } from "./_bad_file.ts";
import { readTiffTags } from "./_tiff_tags.ts";
import { TIFF_RATIOS } from "./_tiff_unpack.ts";
import {
  MAX_DECODE_BYTES,
  MAX_PIXELS,
  MAX_SIDE,
  type MicrographHeader,
} from "./micrograph_format.ts";
import type { ByteSource } from "./_byte_source.ts";

/** Numbers of the tags that are read. */
const TAG = {
  ...{ width: 256, height: 257, bits: 258, compression: 259, colours: 262, stripOffsets: 273 },
  ...{ channels: 277, stripHeight: 278, stripBytes: 279, resolutionX: 282, resolutionY: 283 },
  ...{ planes: 284, resolutionUnit: 296, predictor: 317, tileWidth: 322, tileHeight: 323 },
  ...{ tileOffsets: 324, tileBytes: 325, kind: 339 },
} as const;

/** What to do about a TIFF file that is not read. */
export const TIFF_REMEDY = "Export the image again, or use MRC.";

/** Most columns or rows by which a tile may reach beyond the image. */
const MAX_TILE = 1024;

/** Bytes of rows of a plain strip that are read at once. */
const CHUNK_BYTES = 1 << 20;

/** Å per unit of the resolution, by TIFF's number of the unit: inch and centimetre. */
const UNIT_A: Record<number, number> = { 2: 2.54e8, 3: 1e8 };

/** How the image lies in the file. */
export interface TiffLayout extends MicrographHeader {
  /** Byte order of the samples. */
  littleEndian: boolean;
  /** Bits of a sample. */
  bits: number;
  /** 1 unsigned, 2 signed, 3 float. */
  kind: number;
  /** Samples of a pixel. */
  channels: number;
  /** TIFF's number of what the samples mean: 0 white is zero, 1 black is zero, 2 colour. */
  colours: number;
  /** TIFF's number of the compression. */
  compression: number;
  /** TIFF's number of how samples are stored: 1 as they are, 2 and 3 as differences. */
  predictor: number;
  /** Columns and rows of a tile, or of a strip. */
  tile: { width: number; height: number };
  /** Where the strips or tiles begin. */
  offsets: number[];
  /** Their packed bytes. */
  counts: number[];
}

/** A part of the image: a tile, a strip or some rows of a plain strip. */
export interface TiffPiece {
  /** First column. */
  left: number;
  /** First row. */
  top: number;
  /** Columns, some of them perhaps beyond the image. */
  width: number;
  /** Rows, some of them perhaps beyond the image. */
  height: number;
  /** Where its bytes begin. */
  offset: number;
  /** Its packed bytes. */
  count: number;
}

/** Reads how the first image lies in the file and holds that against what can be read. */
export async function readTiffLayout(
  { file, fileBytes, fillAt }: ByteSource,
): Promise<TiffLayout> {
  const { littleEndian, hasMore, values } = await readTiffTags(fillAt!, Object.values(TAG));
  const value = (tag: number, otherwise: number) => values.get(tag)?.[0] ?? otherwise;
  const [width, height] = [value(TAG.width, 0), value(TAG.height, 0)];
  const isTiled = values.has(TAG.tileWidth);
  const pixelSizeA = pixelSizeOf(
    value(TAG.resolutionX, 0),
    value(TAG.resolutionY, 0),
    value(TAG.resolutionUnit, 2),
  );
  const layout: TiffLayout = {
    ...{ littleEndian, width, height, frames: 1 },
    bits: value(TAG.bits, 1),
    kind: value(TAG.kind, 1),
    channels: value(TAG.channels, 1),
    colours: value(TAG.colours, 1),
    compression: value(TAG.compression, 1),
    predictor: value(TAG.predictor, 1),
    tile: isTiled
      ? { width: value(TAG.tileWidth, 0), height: value(TAG.tileHeight, 0) }
      : { width, height: Math.min(value(TAG.stripHeight, height), height) },
    offsets: values.get(isTiled ? TAG.tileOffsets : TAG.stripOffsets) ?? [],
    counts: values.get(isTiled ? TAG.tileBytes : TAG.stripBytes) ?? [],
    pixelSizeA,
    warnings: hasMore ? ["Only the first image of the TIFF file is read."] : undefined,
  };
  checkSamples(layout, value(TAG.planes, 1), file);
  checkSizes(layout, fileBytes, file);
  return layout;
}

function pixelSizeOf(perUnitX: number, perUnitY: number, unit: number): number | undefined {
  const [x, y] = [perUnitX, perUnitY].map((resolution) => (UNIT_A[unit] ?? NaN) / resolution);
  return x >= 0.05 && x <= 100 && Math.abs(x - y) <= 0.01 * x ? x : undefined;
}

function checkSamples(layout: TiffLayout, planes: number, file: string): void {
  const { bits, kind, channels, colours, compression, predictor } = layout;
  const refuse = (found: string, expected: string) => badFile(file, found, expected, TIFF_REMEDY);
  if (TIFF_RATIOS[compression] === undefined) {
    throw refuse(`TIFF compression ${compression}`, "none, LZW, deflate or PackBits");
  }
  if (![8, 16, 32].includes(bits) || kind < 1 || kind > 3 || (kind === 3 && bits !== 32)) {
    throw refuse(`samples of ${bits} bits, kind ${kind}`, "8, 16 or 32 bits, float only of 32");
  }
  if (predictor !== 1 && predictor !== 2 && !(predictor === 3 && kind === 3)) {
    throw refuse(`TIFF predictor ${predictor}`, "1 none, 2 differences or, of floats, 3");
  }
  if (channels < 1 || channels > 4) throw refuse(`${channels} samples a pixel`, "1 to 4");
  if (colours > 2) throw refuse(`TIFF colours of kind ${colours}`, "grey or red, green and blue");
  if (planes !== 1 && channels > 1) throw refuse("a TIFF plane for each colour", "one plane");
}

/** Holds sizes and strips against each other and against what the file can hold. */
function checkSizes(layout: TiffLayout, fileBytes: number, file: string): void {
  const { width, height, bits, channels, compression, tile, offsets, counts } = layout;
  const size = `a TIFF image of ${width} × ${height} pixels`;
  const refuse = (found: string, expected: string) => badFile(file, found, expected, TIFF_REMEDY);
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_SIDE) {
    throw refuse(size, `1 to ${MAX_SIDE} columns and rows`);
  }
  if (width * height > MAX_PIXELS) throw refuse(size, `at most ${MAX_PIXELS} pixels`);
  if (Math.max(tile.width - width, tile.height - height) >= MAX_TILE) {
    throw refuse(`tiles of ${tile.width} × ${tile.height} pixels`, `tiles that fit ${size}`);
  }
  const tileBytes = tile.width * tile.height * channels * bits / 8;
  if (compression !== 1 && tileBytes + 4 * width * height > MAX_DECODE_BYTES) {
    throw refuse(`a strip or tile of ${tileBytes} bytes`, "smaller ones");
  }
  const tiles = Math.ceil(width / tile.width) * Math.ceil(height / tile.height);
  if (!(offsets.length >= tiles && counts.length >= tiles)) {
    throw refuse(`${offsets.length} strips or tiles`, `${tiles} for ${width} × ${height} pixels`);
  }
  if (fileBytes * TIFF_RATIOS[compression] < width * height * channels * bits / 8) {
    throw refuse(`${fileBytes} bytes for ${size}`, "a whole file");
  }
}

/** The pieces of the image in their order; plain strips are parted, so that none is large. */
export function* tiffPieces(layout: TiffLayout): Generator<TiffPiece> {
  const { width, height, tile, offsets, counts, compression, channels, bits } = layout;
  const across = Math.ceil(width / tile.width);
  const isStrip = tile.width === width;
  const rowBytes = width * channels * bits / 8;
  const plainRows = Math.max(1, Math.floor(CHUNK_BYTES / rowBytes));
  const step = isStrip && compression === 1 ? Math.min(plainRows, tile.height) : tile.height;
  for (let i = 0; i < across * Math.ceil(height / tile.height); i++) {
    const first = Math.floor(i / across) * tile.height;
    for (let row = 0; row < tile.height && first + row < height; row += step) {
      const top = first + row;
      yield {
        ...{ left: i % across * tile.width, top, width: tile.width },
        height: isStrip ? Math.min(step, tile.height - row, height - top) : tile.height,
        offset: offsets[i] + row * rowBytes,
        count: step === tile.height ? counts[i] : step * rowBytes,
      };
    }
  }
}
