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
  /** 1 for every pixel that is known, else 0; all are by default. */
  known?: Uint8Array;
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
  const { values, width, known } = source;
  const largest = largestOf(values);
  subtractPlane(values, width, gridOf(source));
  const background = blurred(gridOf(source), BACKGROUND / CELL);
  eachRow(source, background, (start, means) => {
    for (let x = 0; x < width; x++) values[start + x] -= means[x];
  });
  const power = gridOf(source, Infinity);
  const most = (MOST_DEVIATION ** 2) *
    (quantile(power.means.filter((_, i) => power.counts[i] > 0), 0.5) || 0);
  const spread = blurred(gridOf(source, most), SPREAD / CELL);
  const grey = new Uint8Array(values.length);
  const least = (ROUNDING * largest) ** 2;
  eachRow(source, spread, (start, variances) => {
    for (let x = 0, at = start; x < width; x++, at++) {
      if (known?.[at] === 0) continue; // stays black
      const sigmas = variances[x] > least ? values[at] / Math.sqrt(variances[x]) : 0;
      const part = sigmas / GREY_SIGMAS;
      const level = part >= 1 ? 255 : 128 + 127.5 * (part > -1 ? part : -1);
      grey[at] = level + 0.5; // a byte cuts off: together this rounds
    }
  });
  return grey;
}

/** The largest magnitude. */
function largestOf(values: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]));
  return largest;
}

/** Means of the cells' values or, with a most, of their squares up to that. */
function gridOf({ values, width, height, known }: FlatSource, most?: number): Grid {
  const [columns, rows] = [Math.ceil(width / CELL), Math.ceil(height / CELL)];
  const [means, counts] = [new Float64Array(columns * rows), new Float64Array(columns * rows)];
  for (let y = 0, at = 0; y < height; y++) {
    let cell = Math.floor(y / CELL) * columns;
    for (let left = 0; left < width; left += CELL, cell++) {
      let [sum, count] = [means[cell], counts[cell]];
      for (const end = at + Math.min(CELL, width - left); at < end; at++) {
        if (known !== undefined && known[at] === 0) continue;
        const value = values[at];
        sum += most === undefined ? value : Math.min(value * value, most);
        count++;
      }
      means[cell] = sum;
      counts[cell] = count;
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
  const [wide, both] = [new Float64Array(values.length), new Float64Array(values.length)];
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) {
      const end = Math.min(columns - 1, i + reach);
      let sum = 0;
      for (let j = Math.max(0, i - reach); j <= end; j++) {
        sum += values[row * columns + j] * taps[j - i + reach];
      }
      wide[row * columns + i] = sum;
    }
  }
  for (let i = 0; i < rows; i++) {
    const end = Math.min(rows - 1, i + reach);
    for (let j = Math.max(0, i - reach); j <= end; j++) {
      const tap = taps[j - i + reach];
      for (let column = 0; column < columns; column++) {
        both[i * columns + column] += wide[j * columns + column] * tap;
      }
    }
  }
  return both;
}

/** Visits every row, from its first pixel on, with the grid bilinear between the cells' centres. */
function eachRow(
  { width, height }: FlatSource,
  { columns, rows, means }: Grid,
  visit: (start: number, line: Float64Array) => void,
): void {
  const place = (pixel: number, count: number) => {
    const cell = Math.max(0, Math.min(count - 1, (pixel + 0.5) / CELL - 0.5));
    const before = Math.min(Math.floor(cell), Math.max(0, count - 2));
    return { before, behind: Math.min(count - 1, before + 1), part: cell - before };
  };
  const across = Array.from({ length: width }, (_, x) => place(x, columns));
  const [lefts, rights] = [
    Int32Array.from(across, ({ before }) => before),
    Int32Array.from(across, ({ behind }) => behind),
  ];
  const parts = Float64Array.from(across, ({ part }) => part);
  const line = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const { before, behind, part } = place(y, rows);
    const row = means.subarray(before * columns, (before + 1) * columns).map((value, i) => {
      return (1 - part) * value + part * means[behind * columns + i];
    });
    for (let x = 0; x < width; x++) {
      line[x] = (1 - parts[x]) * row[lefts[x]] + parts[x] * row[rights[x]];
    }
    visit(y * width, line);
  }
}
