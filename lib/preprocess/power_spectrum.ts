import FFT from "fft.js";
import { checkArgument, EPickerError, type Micrograph, noun } from "../core/mod.ts";

/** The power of an image by spatial frequency, the frequency 0 in the middle. */
export interface PowerSpectrum {
  /** Columns: the frequency u of column i is (i − width / 2) / width cycles per pixel. */
  width: number;
  /** Rows, as many as columns. */
  height: number;
  /** Power, row-major; white noise of variance 1 has 1 everywhere. */
  pixels: Float32Array;
}

/** Side of a tile by default: fine enough to see the Thon rings of a usual defocus. */
const TILE = 256;

/**
 * Power spectrum of a micrograph: mean over tiles that overlap by half (Welch 1967), each without
 * its mean and under a Hann window, so that gradients and borders do not show as a cross.
 *
 * The rings in it (Thon rings) are those of the microscope's contrast transfer function.
 *
 * @param tile Columns and rows of a tile, a power of two.
 * @throws {EPickerError} `bad-option` for a tile that is none, or larger than the micrograph.
 *
 * @example
 * ```ts
 * import { powerSpectrum, radialMean, random } from "@epicker/epicker";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const stream = random(1);
 * const pixels = Float32Array.from({ length: 256 * 256 }, () => 3 * stream.normal());
 * const spectrum = powerSpectrum({ name: "noise", width: 256, height: 256, pixels }, 64);
 * for (const [, power] of radialMean(spectrum).slice(2)) assertAlmostEquals(power, 9, 2);
 * ```
 */
export function powerSpectrum(micrograph: Micrograph, tile: number = TILE): PowerSpectrum {
  checkArgument(micrograph, noun.micrograph, "micrograph");
  assertTile(micrograph, tile);
  const window = hannWindow(tile);
  const fft = new FFT(tile);
  const sum = new Float64Array(tile * tile);
  let tiles = 0;
  for (let top = 0; top + tile <= micrograph.height; top += tile / 2) {
    for (let left = 0; left + tile <= micrograph.width; left += tile / 2) {
      addPower(sum, cutTile(micrograph, left, top, tile, window), fft);
      tiles++;
    }
  }
  const weight = tiles * window.reduce((total, value) => total + value * value, 0) ** 2;
  const pixels = new Float32Array(tile * tile);
  const half = tile / 2;
  for (let row = 0; row < tile; row++) {
    for (let column = 0; column < tile; column++) {
      const at = ((row + half) % tile) * tile + (column + half) % tile;
      pixels[at] = sum[row * tile + column] / weight;
    }
  }
  return { width: tile, height: tile, pixels };
}

/**
 * Means over rings: pairs of the frequency in cycles per pixel, up to ½, and the mean power there.
 */
export function radialMean({ width, pixels }: PowerSpectrum): [frequency: number, mean: number][] {
  const half = width / 2;
  const sums = new Float64Array(half + 1);
  const counts = new Uint32Array(half + 1);
  for (const [i, value] of pixels.entries()) {
    const radius = Math.round(Math.hypot(i % width - half, Math.floor(i / width) - half));
    if (radius > half) continue;
    sums[radius] += value;
    counts[radius]++;
  }
  return Array.from(sums, (sum, radius) => [radius / width, sum / counts[radius]]);
}

function hannWindow(size: number): Float64Array {
  return Float64Array.from(
    { length: size },
    (_, i) => 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / size),
  );
}

/** A tile without its mean, under the window, as complex rows. */
function cutTile(
  { width, pixels }: Micrograph,
  left: number,
  top: number,
  size: number,
  window: Float64Array,
): Float64Array[] {
  const start = (row: number) => (top + row) * width + left;
  let mean = 0;
  for (let row = 0; row < size; row++) {
    for (let at = start(row); at < start(row) + size; at++) mean += pixels[at] / (size * size);
  }
  return Array.from({ length: size }, (_, row) => {
    const line = new Float64Array(2 * size);
    for (let column = 0; column < size; column++) {
      line[2 * column] = (pixels[start(row) + column] - mean) * window[row] * window[column];
    }
    return line;
  });
}

/** Adds |F|² of an image given as complex rows. */
function addPower(sum: Float64Array, rows: Float64Array[], fft: FFT): void {
  const size = rows.length;
  const transformed = rows.map((row) => {
    const line = new Float64Array(2 * size);
    fft.transform(line, row);
    return line;
  });
  const [column, line] = [new Float64Array(2 * size), new Float64Array(2 * size)];
  for (let x = 0; x < size; x++) {
    for (let y = 0; y < size; y++) {
      column[2 * y] = transformed[y][2 * x];
      column[2 * y + 1] = transformed[y][2 * x + 1];
    }
    fft.transform(line, column);
    for (let y = 0; y < size; y++) {
      sum[y * size + x] += line[2 * y] ** 2 + line[2 * y + 1] ** 2;
    }
  }
}

function assertTile({ name, width, height }: Micrograph, tile: number): void {
  const isPower = Number.isInteger(Math.log2(tile)) && tile >= 2;
  if (isPower && tile <= Math.min(width, height)) return;
  throw new EPickerError("bad-option", {
    file: name,
    found: `tiles of ${tile} pixels in ${width} × ${height}`,
    expected: "a power of two that fits in",
  });
}
