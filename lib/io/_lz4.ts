/** Most bytes that a byte of an LZ4 block can stand for. */
export const LZ4_RATIO = 255;

/**
 * Unpacks an LZ4 block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md) of known
 * length: sequences of bytes as they are and of repeats of bytes before.
 *
 * @throws {RangeError} For damage, and where it holds more or fewer bytes.
 */
export function unpackLz4(packed: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  if (packed.length * LZ4_RATIO < length) throw new RangeError(`${packed.length} packed bytes`);
  const target = new Uint8Array(length);
  let [from, at] = [0, 0];
  const lengthOf = (nibble: number): number => {
    let sum = nibble;
    for (let more = nibble === 15 ? 255 : 0; more === 255; sum += more) {
      more = packed[from++] ?? NaN;
    }
    if (sum <= length - at) return sum;
    throw new RangeError(`a sequence of ${sum} bytes`);
  };
  while (from < packed.length) {
    const token = packed[from++];
    const count = lengthOf(token >> 4);
    const plain = packed.subarray(from, from + count);
    target.set(plain, at);
    [from, at] = [from + plain.length, at + plain.length];
    if (from >= packed.length) break; // the last sequence repeats nothing
    const back = packed[from++] | (packed[from++] << 8);
    if (back === 0 || back > at) throw new RangeError(`a repeat from ${back} bytes before`);
    const end = at + lengthOf(token & 15) + 4;
    if (end > length) throw new RangeError(`${end} bytes`);
    for (; at < end; at++) target[at] = target[at - back];
  }
  if (at === length) return target;
  throw new RangeError(`${at} bytes`);
}
