import { badFile } from "./_bad_file.ts";
import type { ByteSource } from "./_byte_source.ts";
import {
  looksLikeMrc,
  MRC_SAMPLE_BYTES,
  MRC_SAMPLES,
  type MrcHeader,
  type MrcMode,
  mrcRowBytes,
  parseMrcHeader,
} from "./_mrc_header.ts";
import { unsignedByHistogram } from "./_mrc_bytes.ts";
import { type Samples, swapBytes } from "./_samples.ts";
import type { DecodedImage, MicrographFormat, MicrographHeader } from "./micrograph_format.ts";

/** Bytes read at once. */
const CHUNK_BYTES = 1 << 22;

const EXTENSIONS = [".mrc", ".mrcs", ".map"] as const;

/**
 * MRC2014: modes 0, 1, 2, 6, 12 and 101 (4-bit), both byte orders, extended headers, stacks (averaged).
 * Bytes of mode 0 are signed or unsigned as the header says; where those of the first frame pile up at
 * both ends of that range with a gap in the middle, they are read the other way and a warning says so.
 *
 * Memory: the decoded image and one chunk of 4 MB.
 */
export const mrcFormat: MicrographFormat = {
  name: "MRC",
  extensions: EXTENSIONS,
  matches: (head, file) => looksLikeMrc(head) || hasMrcName(file),
  readHeader: (head, source) => headerOf(parseMrcHeader(head, source)),
  read: readMrc,
};

function hasMrcName(file: string): boolean {
  const name = file.toLowerCase().replace(/\.(gz|bz2|xz)$/, "");
  return EXTENSIONS.some((extension) => name.endsWith(extension));
}

/** What is told to others. */
function headerOf({ width, height, frames, pixelSizeA, warnings }: MrcHeader): MicrographHeader {
  return { width, height, frames, pixelSizeA, warnings };
}

async function readMrc(head: Uint8Array, source: ByteSource): Promise<DecodedImage> {
  const header = parseMrcHeader(head, source);
  await skip(source, header.extendedBytes);
  const pixels = new Float32Array(header.width * header.height);
  const isPlain = header.mode === 2 && header.littleEndian && header.frames === 1;
  const doubts = isPlain
    ? await fillWhole(source, new Uint8Array(pixels.buffer))
    : await convertFrames(source, header, pixels);
  await source.finish();
  const warnings = [...header.warnings ?? [], ...doubts ?? []];
  return { ...headerOf(header), warnings: warnings.length > 0 ? warnings : undefined, pixels };
}

/** Reads all frames chunk by chunk, leaves their mean in `pixels` and tells what is doubtful. */
async function convertFrames(
  source: ByteSource,
  header: MrcHeader,
  pixels: Float32Array,
): Promise<string[]> {
  const { mode, littleEndian, frames } = header;
  let { unsignedBytes } = header;
  const histogram = new Uint32Array(256);
  const chunk = new Uint8Array(chunkBytes(header));
  for (let frame = 0; frame < frames; frame++) {
    for (let at = 0; at < pixels.length;) {
      const bytes = chunk.subarray(0, bytesOf(pixels.length - at, header));
      await fillWhole(source, bytes);
      if (mode === 0 && frame === 0) { for (const byte of bytes) histogram[byte]++; }
      if (!littleEndian) swapBytes(bytes, MRC_SAMPLE_BYTES[mode]);
      const samples = mode === 101
        ? nibbles(bytes, header.width)
        : samplesOf(bytes, mode, unsignedBytes);
      if (frame === 0) pixels.set(samples, at);
      else addAt(pixels, samples, at);
      at += samples.length;
    }
    if (mode === 0 && frame === 0) {
      unsignedBytes = unsignedByHistogram(histogram) ?? unsignedBytes;
      if (unsignedBytes !== header.unsignedBytes) wrapBytes(pixels, unsignedBytes);
    }
  }
  if (frames > 1) divide(pixels, frames);
  if (unsignedBytes === header.unsignedBytes) return [];
  const kind = unsignedBytes ? "unsigned" : "signed";
  return [`The bytes pile up as ${kind} ones do, against the header, and are read as ${kind}.`];
}

/** Brings bytes that were read as signed or unsigned to the other range. */
function wrapBytes(pixels: Float32Array, unsigned: boolean): void {
  for (let i = 0; i < pixels.length; i++) {
    if (unsigned && pixels[i] < 0) pixels[i] += 256;
    else if (!unsigned && pixels[i] > 127) pixels[i] -= 256;
  }
}

/** Bytes of a chunk: whole samples, in mode 101 whole rows that unpack to twice as much. */
function chunkBytes({ width, height, mode }: MrcHeader): number {
  const row = mrcRowBytes(width, mode);
  if (mode !== 101) return Math.min(CHUNK_BYTES, row * height);
  return row * Math.min(height, Math.ceil(CHUNK_BYTES / 4 / row));
}

function bytesOf(pixels: number, { width, mode }: MrcHeader): number {
  return mode === 101
    ? mrcRowBytes(width, mode) * (pixels / width)
    : pixels * MRC_SAMPLE_BYTES[mode];
}

/** Unpacks rows of 4-bit samples, the low half of a byte first, rows beginning with a byte. */
function nibbles(bytes: Uint8Array, width: number): Uint8Array {
  const row = mrcRowBytes(width, 101);
  const samples = new Uint8Array(bytes.length / row * width);
  for (let i = 0, from = 0; i < samples.length; from += row) {
    for (let x = 0; x < width; x++) samples[i++] = (bytes[from + (x >> 1)] >> 4 * (x & 1)) & 15;
  }
  return samples;
}

/** The bytes, which start their buffer, as samples of the mode. */
function samplesOf({ buffer, length }: Uint8Array, mode: MrcMode, unsigned: boolean): Samples {
  const Kind = mode === 0 && unsigned ? Uint8Array : MRC_SAMPLES[mode];
  return new Kind(buffer, 0, length / MRC_SAMPLE_BYTES[mode]);
}

function addAt(pixels: Float32Array, samples: Samples, at: number): void {
  for (let i = 0; i < samples.length; i++) pixels[at + i] += samples[i];
}

function divide(pixels: Float32Array, by: number): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] /= by;
}

async function skip(source: ByteSource, count: number): Promise<void> {
  const scratch = new Uint8Array(Math.min(count, CHUNK_BYTES));
  for (let left = count; left > 0; left -= scratch.length) {
    await fillWhole(source, scratch.subarray(0, left));
  }
}

/** Fills `target`, chunk by chunk, and throws where the data end before. */
async function fillWhole(source: ByteSource, target: Uint8Array): Promise<void> {
  for (let at = 0; at < target.length; at += CHUNK_BYTES) {
    const part = target.subarray(at, at + CHUNK_BYTES);
    const missing = part.length - await source.fill(part);
    if (missing === 0) continue;
    const found = `that the data end ${missing} bytes before the end of a block`;
    const expected = "all pixels that the header promises";
    throw badFile(source.file, found, expected, "The file is cut off: copy it again.");
  }
}
