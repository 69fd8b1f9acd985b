/** Values in [−1, 1) without visible order: a hash of their index, much faster than drawn ones. */
export function noise(length: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const h = Math.imul(i + 1, 0x9e3779b1);
    values[i] = Math.imul(h ^ (h >>> 15), 0x85ebca6b) / 2 ** 31;
  }
  return values;
}
