import { badFile } from "./_bad_file.ts";
import type { ByteSource } from "./_byte_source.ts";
import {
  looksLikeMrc,
  MRC_SAMPLE_BYTES,
  type MrcHeader,
  type MrcMode,
  parseMrcHeader,
} from "./_mrc_header.ts";
import type { DecodedImage, MicrographFormat } from "./micrograph_format.ts";

/** Bytes read at once. */
const CHUNK_BYTES = 1 << 22;

const EXTENSIONS = [".mrc", ".mrcs", ".map"] as const;

/**
 * MRC2014: modes 0, 1, 2, 6 and 12, both byte orders, extended headers, stacks (averaged).
 *
 * Memory: the decoded image and one chunk of 4 MB.
 */
export const mrcFormat: MicrographFormat = {
  name: "MRC",
  extensions: EXTENSIONS,
  matches: (head, file) => looksLikeMrc(head) || hasMrcName(file),
  readHeader: parseMrcHeader,
  read: readMrc,
};

function hasMrcName(file: string): boolean {
  const name = file.toLowerCase().replace(/\.gz$/, "");
  return EXTENSIONS.some((extension) => name.endsWith(extension));
}

async function readMrc(head: Uint8Array, source: ByteSource): Promise<DecodedImage> {
  const header = parseMrcHeader(head, source);
  await skip(source, header.extendedBytes);
  const pixels = new Float32Array(header.width * header.height);
  const isPlain = header.mode === 2 && header.littleEndian && header.frames === 1;
  if (isPlain) await fillWhole(source, new Uint8Array(pixels.buffer));
  else await convertFrames(source, header, pixels);
  await source.finish();
  const { width, height, frames, pixelSizeA } = header;
  return { width, height, frames, pixels, ...(pixelSizeA !== undefined && { pixelSizeA }) };
}

/** Reads all frames chunk by chunk and leaves their mean in `pixels`. */
async function convertFrames(
  source: ByteSource,
  header: MrcHeader,
  pixels: Float32Array,
): Promise<void> {
  const size = MRC_SAMPLE_BYTES[header.mode];
  const chunk = new Uint8Array(Math.min(CHUNK_BYTES, pixels.length * size));
  for (let frame = 0; frame < header.frames; frame++) {
    for (let at = 0; at < pixels.length; at += chunk.length / size) {
      const bytes = chunk.subarray(0, (pixels.length - at) * size);
      await fillWhole(source, bytes);
      if (!header.littleEndian) swapBytes(bytes, size);
      const samples = samplesOf(bytes, header.mode, header.unsignedBytes);
      if (frame === 0) pixels.set(samples, at);
      else addAt(pixels, samples, at);
    }
  }
  if (header.frames > 1) divide(pixels, header.frames);
}

type Samples = Int8Array | Uint8Array | Int16Array | Uint16Array | Float16Array | Float32Array;

/** The bytes, which start their buffer, as samples of the mode. */
function samplesOf({ buffer, length }: Uint8Array, mode: MrcMode, unsigned: boolean): Samples {
  switch (mode) {
    case 0:
      return unsigned ? new Uint8Array(buffer, 0, length) : new Int8Array(buffer, 0, length);
    case 1:
      return new Int16Array(buffer, 0, length / 2);
    case 2:
      return new Float32Array(buffer, 0, length / 4);
    case 6:
      return new Uint16Array(buffer, 0, length / 2);
    case 12:
      return new Float16Array(buffer, 0, length / 2);
  }
}

function addAt(pixels: Float32Array, samples: Samples, at: number): void {
  for (let i = 0; i < samples.length; i++) pixels[at + i] += samples[i];
}

function divide(pixels: Float32Array, by: number): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] /= by;
}

/** Turns the byte order of samples of 2 or 4 bytes around, in place. */
function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 2) {
    const words = new Uint16Array(bytes.buffer, 0, bytes.length / 2);
    for (let i = 0; i < words.length; i++) words[i] = (words[i] << 8) | (words[i] >>> 8);
  } else if (size === 4) {
    const words = new Uint32Array(bytes.buffer, 0, bytes.length / 4);
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      words[i] = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
    }
  }
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
