import { DEFLATE_RATIO } from "./_byte_source.ts";

/** Codes of TIFF's LZW that are no strings. */
const CLEAR = 256;
const END = 257;

/**
 * Unpacks a strip or tile to exactly as many bytes as `target` has, whatever more it holds.
 *
 * @param compression TIFF's number: 5 LZW, 8 or 32946 deflate, 32773 PackBits.
 * @throws {RangeError} Where the data end before, or for another compression.
 */
export async function unpackTiff(
  target: Uint8Array,
  packed: Uint8Array<ArrayBuffer>,
  compression: number,
): Promise<void> {
  const written = await unpackInto(target, packed, compression);
  if (written >= target.length) return;
  throw new RangeError(`${written} bytes in a strip of ${target.length}`);
}

/** Most bytes that a byte can stand for, by TIFF's number of the compression. */
export const TIFF_RATIOS: Record<number, number> = {
  1: 1,
  5: 2600,
  8: DEFLATE_RATIO,
  32946: DEFLATE_RATIO,
  32773: 64,
};

function unpackInto(
  target: Uint8Array,
  packed: Uint8Array<ArrayBuffer>,
  compression: number,
): number | Promise<number> {
  switch (compression) {
    case 5:
      return unpackLzw(target, packed);
    case 8:
    case 32946:
      return inflate(target, packed);
    case 32773:
      return unpackBits(target, packed);
    default:
      throw new RangeError(`compression ${compression}`);
  }
}

async function inflate(target: Uint8Array, packed: Uint8Array<ArrayBuffer>): Promise<number> {
  const inflated = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  let at = 0;
  for await (const piece of inflated) {
    const part = piece.subarray(0, target.length - at);
    target.set(part, at);
    at += part.length;
    if (at === target.length) break;
  }
  return at;
}

/**
 * LZW as TIFF 6.0, section 13, has it: codes of 9 to 12 bits, most significant bit first, one code
 * earlier than needed. A string is kept as the place where it was written last and its length.
 */
function unpackLzw(target: Uint8Array, packed: Uint8Array): number {
  const starts = new Int32Array(4096);
  const lengths = new Int32Array(4096);
  let [at, next, width, bit] = [0, END + 1, 9, 0];
  let [last, lastLength] = [-1, 0]; // the string before; none behind a clear code
  while (bit + width <= 8 * packed.length && at < target.length) {
    const code = bitsAt(packed, bit, width);
    bit += width;
    if (code === END) break;
    if (code === CLEAR) {
      [next, width, last] = [END + 1, 9, -1];
      continue;
    }
    if (last >= 0 && next < 4096) {
      [starts[next], lengths[next]] = [last, lastLength + 1];
      next++;
    }
    if (code >= next) throw new RangeError("an LZW code before its string");
    [last, lastLength] = [at, code < CLEAR ? 1 : lengths[code]];
    if (code < CLEAR) target[at] = code;
    else copyWithin(target, at, starts[code], lastLength);
    at += lastLength;
    width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9;
  }
  return Math.min(at, target.length);
}

/** Up to 12 bits from a place, most significant first. */
function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  const byte = bit >> 3;
  const window = (bytes[byte] << 16) | ((bytes[byte + 1] ?? 0) << 8) | (bytes[byte + 2] ?? 0);
  return (window >> (24 - (bit & 7) - width)) & ((1 << width) - 1);
}

/** Repeats bytes from before; a string may reach into its own copy. */
function copyWithin(target: Uint8Array, at: number, from: number, length: number): void {
  const end = Math.min(at + length, target.length);
  while (at < end) target[at++] = target[from++];
}

/** PackBits, TIFF 6.0, section 9. */
function unpackBits(target: Uint8Array, packed: Uint8Array): number {
  let at = 0;
  for (let i = 0; i < packed.length && at < target.length;) {
    const code = (packed[i++] << 24) >> 24;
    if (code === -128) continue;
    const count = Math.min((code < 0 ? -code : code) + 1, target.length - at);
    if (code < 0) target.fill(packed[i++], at, at + count);
    else {
      const part = packed.subarray(i, i + count);
      target.set(part, at);
      i += code + 1;
    }
    at += count;
  }
  return at;
}
