import FFT from "npm:fft.js@^4.0.4";

/**
 * Filters two square images at once by a real filter that depends on the frequency's length only.
 *
 * One is the real and one the imaginary part of a complex image: such a filter keeps them apart.
 * The images are changed in place and wrap around at their borders.
 *
 * @param size Columns and rows, a power of two.
 * @param filter The factor for a frequency in cycles per pixel, 0…√½.
 */
export function filterPair(
  real: Float32Array,
  imaginary: Float32Array,
  size: number,
  filter: (frequency: number) => number,
): void {
  const values = new Float64Array(2 * size * size);
  for (let i = 0; i < size * size; i++) {
    values[2 * i] = real[i];
    values[2 * i + 1] = imaginary[i];
  }
  const fft = new FFT(size);
  transformRows(values, size, (out, row) => fft.transform(out, row));
  transpose(values, size);
  transformRows(values, size, (out, column) => fft.transform(out, column));
  multiply(values, size, filter);
  transformRows(values, size, (out, column) => fft.inverseTransform(out, column));
  transpose(values, size);
  transformRows(values, size, (out, row) => fft.inverseTransform(out, row));
  for (let i = 0; i < size * size; i++) {
    real[i] = values[2 * i];
    imaginary[i] = values[2 * i + 1];
  }
}

function transformRows(
  values: Float64Array,
  size: number,
  transform: (out: Float64Array, row: Float64Array) => void,
): void {
  const out = new Float64Array(2 * size);
  for (let at = 0; at < values.length; at += 2 * size) {
    const row = values.subarray(at, at + 2 * size);
    transform(out, row);
    row.set(out);
  }
}

function transpose(values: Float64Array, size: number): void {
  const swap = (a: number, b: number) => [values[a], values[b]] = [values[b], values[a]];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < y; x++) {
      swap(2 * (y * size + x), 2 * (x * size + y));
      swap(2 * (y * size + x) + 1, 2 * (x * size + y) + 1);
    }
  }
}

/** Multiplies a spectrum by the filter, one quadrant evaluated for all four. */
function multiply(values: Float64Array, size: number, filter: (frequency: number) => number) {
  const half = size / 2;
  for (let v = 0; v <= half; v++) {
    for (let u = 0; u <= half; u++) {
      const factor = filter(Math.hypot(u, v) / size);
      for (const row of new Set([v, (size - v) % size])) {
        for (const column of new Set([u, (size - u) % size])) {
          values[2 * (row * size + column)] *= factor;
          values[2 * (row * size + column) + 1] *= factor;
        }
      }
    }
  }
}
