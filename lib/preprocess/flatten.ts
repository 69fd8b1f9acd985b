import { quantile } from "../core/mod.ts";
import { PARTICLE_SIZE } from "./view.ts";

/** Edge of the squares in which background and spread are measured, in network pixels. */
const CELL = 8;

/** Standard deviation of the Gaussian that is the background, in network pixels. */
const BACKGROUND = 1.5 * PARTICLE_SIZE;

/** Standard deviation of the Gaussian over which the spread is measured, in network pixels. */
const SPREAD = 3 * PARTICLE_SIZE;

/** Grey levels span this many local standard deviations to either side of the background. */
export const GREY_SIGMAS = 4.5;

/** Deviations count in the spread up to this many times the typical one, so that ice does not. */
const MOST_DEVIATION = 3;

/** A spread narrower than this share of the values is rounding, not contrast (float32). */
const ROUNDING = 2e-6;

/** An image with the pixels that say something about it. */
export interface FlatSource {
  /** Row-major values, all finite; changed in place. */
  values: Float32Array;
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** Whether the pixel at a column and row is known; all are by default. */
  isKnown?: (x: number, y: number) => boolean;
}

/** Sums over squares of {@linkcode CELL} pixels. */
interface Grid {
  columns: number;
  rows: number;
  /** Mean of each cell's known pixels. */
  means: Float64Array;
  /** Their number. */
  counts: Float64Array;
}

/**
 * Takes slow background and contrast out of an image: minus a plane and a Gaussian mean over 1.5
 * particle diameters, over the spread within 3 diameters; {@linkcode GREY_SIGMAS} standard deviations
 * to either side become 8 bits.
 *
 * A change of gain, offset or linear ramp of the values changes nothing. Unknown pixels are kept out
 * of all means (normalised convolution, Knutsson and Westin 1993) and become 0.
 *
 * @returns As many grey values; 128 is the background.
 */
export function flatten(source: FlatSource): Uint8Array<ArrayBuffer> {
  const { values, width, height, isKnown = () => true } = source;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  subtractPlane(values, width, gridOf(source, (value) => value));
  const background = blurred(gridOf(source, (value) => value), BACKGROUND / CELL);
  eachPixel(width, height, background, (at, mean) => values[at] -= mean);
  const squares = gridOf(source, (value) => value * value);
  const known = squares.means.filter((_, i) => squares.counts[i] > 0);
  const most = (MOST_DEVIATION ** 2) * (quantile(known, 0.5) || 0);
  const power = blurred(gridOf(source, (value) => Math.min(value * value, most)), SPREAD / CELL);
  const grey = new Uint8Array(values.length);
  const least = (ROUNDING * largest) ** 2;
  eachPixel(width, height, power, (at, variance) => {
    const sigmas = variance > least ? values[at] / Math.sqrt(variance) : 0;
    const level = 128 + 127.5 * Math.max(-1, Math.min(1, sigmas / GREY_SIGMAS));
    grey[at] = isKnown(at % width, Math.floor(at / width)) ? Math.min(255, Math.round(level)) : 0;
  });
  return grey;
}

function gridOf(
  { values, width, height, isKnown }: FlatSource,
  of: (value: number) => number,
): Grid {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const [means, counts] = [new Float64Array(columns * rows), new Float64Array(columns * rows)];
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / CELL) * columns;
    for (let x = 0; x < width; x++) {
      if (isKnown !== undefined && !isKnown(x, y)) continue;
      const cell = row + Math.floor(x / CELL);
      means[cell] += of(values[y * width + x]);
      counts[cell]++;
    }
  }
  for (let i = 0; i < means.length; i++) means[i] /= Math.max(1, counts[i]);
  return { columns, rows, means, counts };
}

/** Subtracts the plane that fits the cells best (least squares, weighted by known pixels). */
function subtractPlane(values: Float32Array, width: number, grid: Grid): void {
  const { columns, means, counts } = grid;
  const sums = { n: 0, x: 0, y: 0, v: 0, xx: 0, xy: 0, yy: 0, xv: 0, yv: 0 };
  const centre = (i: number) => [i % columns, Math.floor(i / columns)];
  means.forEach((v, i) => {
    const [[x, y], n] = [centre(i), counts[i]];
    sums.n += n;
    sums.x += n * x;
    sums.y += n * y;
    sums.v += n * v;
  });
  const [mx, my, mv] = [sums.x / sums.n, sums.y / sums.n, sums.v / sums.n];
  means.forEach((v, i) => {
    const [[cx, cy], n] = [centre(i), counts[i]];
    const [x, y] = [cx - mx, cy - my];
    sums.xx += n * x * x;
    sums.xy += n * x * y;
    sums.yy += n * y * y;
    sums.xv += n * x * (v - mv);
    sums.yv += n * y * (v - mv);
  });
  const determinant = sums.xx * sums.yy - sums.xy ** 2;
  const isFlat = !(determinant > 1e-9 * sums.xx * sums.yy); // too few cells to tell a slope
  const slopeX = isFlat ? 0 : (sums.xv * sums.yy - sums.yv * sums.xy) / determinant / CELL;
  const slopeY = isFlat ? 0 : (sums.yv * sums.xx - sums.xv * sums.xy) / determinant / CELL;
  const [x0, y0] = [CELL * mx + (CELL - 1) / 2, CELL * my + (CELL - 1) / 2];
  for (let at = 0, y = 0; at < values.length; y++) {
    const left = mv + slopeY * (y - y0) - slopeX * x0;
    for (let x = 0; x < width; x++, at++) values[at] -= left + slopeX * x;
  }
}

/** Means blurred by a Gaussian of `sigma` cells, in which every known pixel weighs the same. */
function blurred(grid: Grid, sigma: number): Grid {
  const { columns, rows, means, counts } = grid;
  const weighted = blur(means.map((mean, i) => mean * counts[i]), columns, rows, sigma);
  const weights = blur(counts, columns, rows, sigma);
  const smooth = weighted.map((sum, i) => weights[i] > 0 ? sum / weights[i] : 0);
  return { ...grid, means: smooth };
}

function blur(values: Float64Array, columns: number, rows: number, sigma: number): Float64Array {
  const reach = Math.ceil(4 * sigma);
  const taps = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => {
    return Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2));
  });
  const along = (
    source: Float64Array,
    count: number,
    step: number,
    start: number,
    to: Float64Array,
  ) => {
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let j = Math.max(0, i - reach); j <= Math.min(count - 1, i + reach); j++) {
        sum += source[start + j * step] * taps[j - i + reach];
      }
      to[start + i * step] = sum;
    }
  };
  const [wide, both] = [new Float64Array(values.length), new Float64Array(values.length)];
  for (let row = 0; row < rows; row++) along(values, columns, 1, row * columns, wide);
  for (let column = 0; column < columns; column++) along(wide, rows, columns, column, both);
  return both;
}

/** Visits every pixel with the value of the grid there, bilinear between the cells' centres. */
function eachPixel(
  width: number,
  height: number,
  { columns, rows, means }: Grid,
  visit: (at: number, value: number) => void,
): void {
  const place = (pixel: number, count: number) => {
    const cell = Math.max(0, Math.min(count - 1, (pixel + 0.5) / CELL - 0.5));
    const before = Math.min(Math.floor(cell), Math.max(0, count - 2));
    return [before, Math.min(count - 1, before + 1), cell - before];
  };
  const across = Array.from({ length: width }, (_, x) => place(x, columns));
  for (let y = 0, at = 0; y < height; y++) {
    const [above, below, v] = place(y, rows);
    const row = means.subarray(above * columns, (above + 1) * columns).map((value, i) => {
      return (1 - v) * value + v * means[below * columns + i];
    });
    for (let x = 0; x < width; x++, at++) {
      const [left, right, u] = across[x];
      visit(at, (1 - u) * row[left] + u * row[right]);
    }
  }
}
