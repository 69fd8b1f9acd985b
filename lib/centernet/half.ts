/**
 * Float32 to the bits of float16 (IEEE 754 binary16), to the nearest, ties to the even one.
 *
 * Integer arithmetic, since not every browser and Node has a `Float16Array`.
 *
 * @returns One 16-bit pattern per value; that of ±infinity or NaN where float16 has no such number.
 */
export function toHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(values.slice().buffer);
  return Uint16Array.from(bits, (value) => value >>> 16 & 0x8000 | halfOf(value & 0x7fffffff));
}

/** The bits of float16 for those of a float32 without its sign. */
function halfOf(bits: number): number {
  const exponent = bits >>> 23;
  if (exponent === 255) return bits > 0x7f800000 ? 0x7e00 : INFINITE;
  if (exponent > 112) return Math.min(INFINITE, withoutLast(13, bits - (112 << 23)));
  const fraction = 0x800000 | bits & 0x7fffff; // below 2^-14 the leading 1 is written out
  return withoutLast(Math.min(126 - exponent, 25), fraction);
}

/** A whole number of at most 31 bits without its last ones, rounded. */
function withoutLast(count: number, value: number): number {
  const kept = value >>> count;
  const [rest, middle] = [value - (kept << count), 1 << count - 1];
  return rest > middle || rest === middle && kept % 2 === 1 ? kept + 1 : kept;
}

/** Bits of float16's infinity; what lies above is NaN. */
const INFINITE = 0x7c00;

/** The bits of float16 to float32, exactly. */
export function fromHalf(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  halves.forEach((half, i) => {
    const [sign, rest] = [half & 0x8000, half & 0x7fff];
    if (rest < 0x400) values[i] = (sign ? -1 : 1) * rest * 2 ** -24;
    else bits[i] = sign << 16 | (rest << 13) + ((rest < INFINITE ? 112 : 224) << 23);
  });
  return values;
}

/** Whether the bits of a float16 are those of a number, neither infinite nor NaN. */
export function isFiniteHalf(half: number): boolean {
  return (half & 0x7fff) < INFINITE;
}
