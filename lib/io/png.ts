import { decode, type DecodedPng } from "fast-png";
import { badFile } from "./_bad_file.ts";
import { type ByteSource, DEFLATE_RATIO } from "./_byte_source.ts";
import { readPlain, restOf } from "./_read_plain.ts";
import { luminance } from "./_samples.ts";
import {
  type DecodedImage,
  MAX_DECODE_BYTES,
  MAX_PIXELS,
  MAX_SIDE,
  type MicrographFormat,
  type MicrographHeader,
} from "./micrograph_format.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Chunks that the pixels need; all others are left out before the library sees the file. */
const PIXEL_CHUNKS = new Set(["IHDR", "PLTE", "IDAT", "IEND"]);

/** Channels by PNG colour type. */
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Copies of the image that the library makes at once: pieces, the whole, the samples. */
const COPIES = 3;

const EXPECTED = "a whole PNG image";
const REMEDY = "Export the image again, or use MRC.";

/**
 * PNG of 1 to 16 bits: grey, grey with alpha, colour and palette; colour becomes luminance
 * (ITU-R BT.601) in the stored range 0…255 or 0…65535; alpha is left out.
 */
export const pngFormat: MicrographFormat = {
  name: "PNG",
  extensions: [".png"],
  matches: (head) => SIGNATURE.every((byte, i) => head[i] === byte),
  readHeader: (head, source) => {
    return readPlain("PNG", source, REMEDY, () => sizeOf(readIhdr(head, source)));
  },
  read: (head, source) => readPlain("PNG", source, REMEDY, () => readPng(head, source)),
};

async function readPng(head: Uint8Array, source: ByteSource): Promise<DecodedImage> {
  const header = readIhdr(head, source);
  const bytes = await restOf(head, source);
  const chunks = pixelChunks(bytes);
  await checkInflatedSize(chunks, header.imageBytes);
  const png = decode(joined(chunks, bytes), { checkCrc: true });
  return { ...sizeOf(header), pixels: pixelsOf(png) };
}

interface PngHeader extends MicrographHeader {
  /** Bytes of the inflated image, one filter byte in each row included; exact without interlace. */
  imageBytes: number;
}

function sizeOf({ width, height, frames }: MicrographHeader): MicrographHeader {
  return { width, height, frames };
}

/** Reads the IHDR chunk and holds its sizes against the file's, before anything is allocated. */
function readIhdr(head: Uint8Array, { file, fileBytes }: ByteSource): PngHeader {
  if (head.length < 33) throw badFile(file, `${head.length} bytes`, EXPECTED, REMEDY);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const size = `a PNG image of ${width} × ${height} pixels`;
  if (Math.min(width, height) < 1 || Math.max(width, height) > MAX_SIDE) {
    throw badFile(file, size, `1 to ${MAX_SIDE} columns and rows`, REMEDY);
  }
  if (width * height > MAX_PIXELS) throw badFile(file, size, `at most ${MAX_PIXELS}`, REMEDY);
  const bits = (CHANNELS[head[25]] ?? 1) * head[24];
  const imageBytes = height * (1 + Math.ceil(width * bits / 8));
  if (fileBytes * DEFLATE_RATIO < imageBytes) {
    const least = `at least ${Math.ceil(imageBytes / DEFLATE_RATIO)} bytes`;
    throw badFile(file, `${fileBytes} bytes for ${size}`, least, REMEDY);
  }
  const decodeBytes = COPIES * imageBytes + 4 * width * height + 2 * fileBytes;
  if (decodeBytes > MAX_DECODE_BYTES) {
    const found = `${size} of ${bits} bits, which take ${decodeBytes} bytes to decode`;
    throw badFile(file, found, `at most ${MAX_DECODE_BYTES}`, "Convert it to MRC.");
  }
  return { width, height, frames: 1, imageBytes };
}

/** The signature and the chunks that the pixels need, as views of the file's bytes. */
function pixelChunks(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer);
  const chunks = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const end = at + 12 + view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (end > bytes.length) throw new RangeError(`chunk ${type} is cut off`);
    if (PIXEL_CHUNKS.has(type)) chunks.push(bytes.subarray(at, end));
    if (type === "IEND") return chunks;
    at = end;
  }
  throw new RangeError("chunk IEND is missing");
}

/** Inflates the image data once without keeping them: a file must not unpack to more than it says. */
async function checkInflatedSize(chunks: Uint8Array[], imageBytes: number): Promise<void> {
  const data = chunks.filter((chunk) => chunk[4] === 0x49 && chunk[5] === 0x44);
  const pieces = data.flatMap((chunk) => slices(chunk.subarray(8, -4), 1 << 14));
  const inflated = ReadableStream.from(pieces).pipeThrough(new DecompressionStream("deflate"));
  // Interlacing adds filter bytes: seven passes instead of one.
  const limit = 2 * imageBytes + 1024;
  let total = 0;
  for await (const piece of inflated) {
    total += piece.length;
    if (total > limit) throw new RangeError(`more than ${limit} bytes of image data`);
  }
}

function slices(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer>[] {
  const count = Math.ceil(bytes.length / length);
  return Array.from({ length: count }, (_, i) => bytes.slice(i * length, (i + 1) * length));
}

/** The chunks one behind the other: the file itself where they are all of it. */
function joined(parts: Uint8Array[], file: Uint8Array): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length === file.length) return file;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function pixelsOf(png: DecodedPng): Float32Array {
  return png.palette || png.depth < 8 ? lookedUp(png) : greyOf(png);
}

/** Whole samples: grey as it is, colour weighted, alpha left out. */
function greyOf({ width, height, channels, data }: DecodedPng): Float32Array {
  const count = width * height;
  if (data.length !== count * channels) throw new RangeError(`${data.length} samples`);
  const grey = new Float32Array(count);
  if (channels === 1) grey.set(data);
  for (let i = 0, at = 0; channels > 1 && i < count; i++, at += channels) {
    grey[i] = channels === 2 ? data[at] : luminance(data[at], data[at + 1], data[at + 2]);
  }
  return grey;
}

/** Samples of 1 to 8 bits, rows beginning with a byte, through a table of grey values. */
function lookedUp({ width, height, depth, palette, data }: DecodedPng): Float32Array {
  const rowBytes = Math.ceil(width * depth / 8);
  if (data.length !== rowBytes * height) throw new RangeError(`${data.length} bytes`);
  const table = palette
    ? palette.map(([red, green, blue]) => luminance(red, green, blue))
    : Array.from({ length: 1 << depth }, (_, grey) => grey);
  const [grey, mask] = [new Float32Array(width * height), (1 << depth) - 1];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const bit = x * depth;
      const index = (data[y * rowBytes + (bit >> 3)] >> (8 - depth - (bit & 7))) & mask;
      if (index >= table.length) throw new RangeError(`colour ${index} of ${table.length}`);
      grey[i] = table[index];
    }
  }
  return grey;
}
