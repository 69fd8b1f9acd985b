import FFT from "fft.js";

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
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < y; x++) {
      const [a, b] = [2 * (y * size + x), 2 * (x * size + y)];
      const [real, imaginary] = [values[a], values[a + 1]];
      values[a] = values[b];
      values[a + 1] = values[b + 1];
      values[b] = real;
      values[b + 1] = imaginary;
    }
  }
}

/** Multiplies a spectrum by the filter, evaluated in one octant for all eight. */
function multiply(values: Float64Array, size: number, filter: (frequency: number) => number) {
  const half = size / 2;
  const octant = Array.from(
    { length: half + 1 },
    (_, v) => Float64Array.from({ length: v + 1 }, (_, u) => filter(Math.hypot(u, v) / size)),
  );
  for (let row = 0, at = 0; row < size; row++) {
    const v = Math.min(row, size - row);
    for (let column = 0; column < size; column++, at += 2) {
      const u = Math.min(column, size - column);
      const factor = u < v ? octant[v][u] : octant[u][v];
      values[at] *= factor;
      values[at + 1] *= factor;
    }
  }
}
