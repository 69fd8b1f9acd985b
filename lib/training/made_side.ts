/** Columns and rows at which crops and noise are made up: a power of two, no less than is wanted. */
export function madeSide(size: number): number {
  return Math.max(64, 2 ** Math.ceil(Math.log2(size)));
}

/** The first `size` rows and columns of an image of `side` rows and columns. */
export function cornerOf(image: Float32Array, side: number, size: number): Float32Array {
  const corner = new Float32Array(size * size);
  for (let y = 0; y < size; y++) corner.set(image.subarray(y * side, y * side + size), y * size);
  return corner;
}
