import type { Random } from "../core/mod.ts";

/**
 * Smooth noise of several scales: normal numbers on lattices of 2, 4, 8 … pixels, each of them
 * spread to a cubic B-spline, which is nearly a Gaussian of standard deviation spacing / √3.
 *
 * Made from the coarsest lattice on by doubling (the subdivision of B-splines, Lane and Riesenfeld
 * 1980). The image wraps around at its borders.
 *
 * @param size Columns and rows, a power of two.
 * @param deviations Standard deviation of the numbers on each lattice, the finest first.
 * @returns `size²` values, row-major.
 */
export function smoothNoise(
  size: number,
  deviations: readonly number[],
  draw: Random,
): Float32Array {
  const coarsest = size >> deviations.length;
  let image = new Float32Array(coarsest * coarsest);
  for (const [i, deviation] of [...deviations].reverse().entries()) {
    for (let j = 0; j < image.length; j++) image[j] += deviation * draw.normal();
    image = doubled(image, coarsest << i);
  }
  return image;
}

/** An image of twice the size through the same B-splines: rows, then columns. */
function doubled(image: Float32Array, size: number): Float32Array<ArrayBuffer> {
  const wide = new Float32Array(2 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const at = y * size + x;
      const before = image[x === 0 ? at + size - 1 : at - 1];
      const behind = image[x === size - 1 ? at - size + 1 : at + 1];
      wide[2 * at] = (before + 6 * image[at] + behind) / 8;
      wide[2 * at + 1] = (image[at] + behind) / 2;
    }
  }
  const width = 2 * size;
  const high = new Float32Array(width * width);
  for (let y = 0; y < size; y++) {
    const [above, here, below] = [(y + size - 1) % size, y, (y + 1) % size].map((r) => r * width);
    for (let x = 0, at = 2 * y * width; x < width; x++, at++) {
      high[at] = (wide[above + x] + 6 * wide[here + x] + wide[below + x]) / 8;
      high[at + width] = (wide[here + x] + wide[below + x]) / 2;
    }
  }
  return high;
}
