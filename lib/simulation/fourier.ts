import FFT from "fft.js";

/** A real filter: the factor for a frequency in cycles per pixel, the same for its opposite. */
export type Filter = (u: number, v: number) => number;

/**
 * Filters two square images at once.
 *
 * One is the real and one the imaginary part of a complex image: a real filter that treats opposite
 * frequencies alike keeps them apart. The images are changed in place and wrap around at their
 * borders.
 *
 * @param size Columns and rows, a power of two.
 */
export function filterPair(
  real: Float32Array,
  imaginary: Float32Array,
  size: number,
  filter: Filter,
): void {
  const fft = new FFT(size);
  const factors = halfPlane(size, filter);
  const spectrum = new Float64Array(2 * size);
  const pair = { real, imaginary, size };
  eachLine(pair, ROWS, (line) => {
    fft.transform(spectrum, line);
    line.set(spectrum);
  });
  eachLine(pair, COLUMNS, (line, column) => {
    fft.transform(spectrum, line);
    multiply(spectrum, size, column, factors);
    fft.inverseTransform(line, spectrum);
  });
  eachLine(pair, ROWS, (line) => {
    fft.inverseTransform(spectrum, line);
    line.set(spectrum);
  });
}

/** Two images that are one complex image. */
interface Pair {
  real: Float32Array;
  imaginary: Float32Array;
  size: number;
}

/** How lines lie in the memory of an image. */
interface Direction {
  /** Distance from a line to the next one. */
  next: (size: number) => number;
  /** Distance from a value to the next one in the line. */
  step: (size: number) => number;
  /** Lines that are copied together, so that each touch of the memory serves several. */
  block: number;
}

const ROWS: Direction = { next: (size) => size, step: () => 1, block: 1 };
const COLUMNS: Direction = { next: () => 1, step: (size) => size, block: 16 };

/** Lets a function change every row or column, as interleaved real and imaginary parts. */
function eachLine(
  { real, imaginary, size }: Pair,
  direction: Direction,
  change: (line: Float64Array, index: number) => void,
): void {
  const [next, step] = [direction.next(size), direction.step(size)];
  const lines = Math.min(direction.block, size);
  const block = Array.from({ length: lines }, () => new Float64Array(2 * size));
  for (let first = 0; first < size; first += block.length) {
    for (let i = 0; i < size; i++) {
      for (let j = 0, at = first * next + i * step; j < block.length; j++, at += next) {
        block[j][2 * i] = real[at];
        block[j][2 * i + 1] = imaginary[at];
      }
    }
    for (const [j, line] of block.entries()) change(line, first + j);
    for (let i = 0; i < size; i++) {
      for (let j = 0, at = first * next + i * step; j < block.length; j++, at += next) {
        real[at] = block[j][2 * i];
        imaginary[at] = block[j][2 * i + 1];
      }
    }
  }
}

/**
 * The filter for the columns 0 to size / 2 of a spectrum, one after the other; the other half is
 * theirs turned around.
 *
 * ½ and −½ cycles per pixel are one frequency; the mean of both keeps opposite frequencies alike.
 */
function halfPlane(size: number, filter: Filter): Float32Array {
  const half = size / 2;
  const factors = new Float32Array((half + 1) * size);
  for (let column = 0, at = 0; column <= half; column++) {
    const u = column / size;
    for (let row = 0; row < size; row++, at++) {
      const v = (row > half ? row - size : row) / size;
      const isEdge = row === half || column === half;
      factors[at] = isEdge ? (filter(u, v) + filter(u, -v)) / 2 : filter(u, v);
    }
  }
  return factors;
}

/** Multiplies one column of a spectrum. */
function multiply(spectrum: Float64Array, size: number, column: number, factors: Float32Array) {
  const isMirrored = column > size / 2;
  const start = (isMirrored ? size - column : column) * size;
  for (let row = 0; row < size; row++) {
    const factor = factors[start + (isMirrored && row > 0 ? size - row : row)];
    spectrum[2 * row] *= factor;
    spectrum[2 * row + 1] *= factor;
  }
}
