/** Samples of an image, of whatever kind. */
export type Samples =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float16Array
  | Float32Array;

/** Makes samples of the bytes of a buffer. */
export type SamplesOf = new (buffer: ArrayBufferLike, from?: number, count?: number) => Samples;

/** Turns the byte order of samples of 2 or 4 bytes around, in place; the bytes start their buffer. */
export function swapBytes({ buffer, length }: Uint8Array, size: number): void {
  if (size === 2) {
    const words = new Uint16Array(buffer, 0, length / 2);
    for (let i = 0; i < words.length; i++) words[i] = (words[i] << 8) | (words[i] >>> 8);
  } else if (size === 4) {
    const words = new Uint32Array(buffer, 0, length / 4);
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      words[i] = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
    }
  }
}

/** Luminance of a colour (ITU-R BT.601). */
export function luminance(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
