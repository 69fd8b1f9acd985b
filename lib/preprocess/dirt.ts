import { quantile } from "../core/mod.ts";
import type { FlatSource } from "./flatten.ts";
import { bulkOf } from "./robust.ts";

/** Edge of the squares that are judged, in network pixels: most of a particle. */
const CELL = 32;

/** Fewer cells than these do not say what is usual. */
const LEAST_CELLS = 100;

/** Cells from one to another whose difference tells the slope of the background. */
const APART = 4;

/** A mean is far from the bulk's by so many spreads, and so many standard deviations of pixels. */
const FAR_MEAN = { spreads: 6, sigmas: 0.7 };

/** A variance is far from the bulk's by so many spreads of its logarithm, and such a factor. */
const FAR_VARIANCE = { spreads: 6, factor: 2.5 };

/** A square of the image. */
interface Cell {
  row: number;
  column: number;
  mean: number;
  variance: number;
}

/**
 * The part of an image that is unlike the rest: carbon, crystals of ice, the edge of a hole. Squares of
 * most of a particle count whose mean, above a common slope, or whose variance lies far from the bulk's.
 *
 * @returns 0…1, to a few hundredths as a mask drawn by hand or the truth of a simulation has it; NaN
 * for an image that is too small to tell.
 */
export function dirtIn(source: FlatSource): number {
  const cells = cellsOf(source);
  if (cells.length < LEAST_CELLS) return NaN;
  const variances = cells.map(({ variance }) => variance);
  const usual = quantile(variances, 0.5)!;
  const least = usual > 0 ? usual * 1e-6 : 1;
  const { across, down } = slopesOf(cells);
  const levels = cells.map(({ mean, row, column }) => mean - across * column - down * row);
  const hasFarMean = farFromBulk(levels, FAR_MEAN.spreads, FAR_MEAN.sigmas * Math.sqrt(usual));
  const logarithms = variances.map((variance) => Math.log(Math.max(variance, least)));
  const hasFarVariance = farFromBulk(
    logarithms,
    FAR_VARIANCE.spreads,
    Math.log(FAR_VARIANCE.factor),
  );
  return cells.filter((_, i) => hasFarMean[i] || hasFarVariance[i]).length / cells.length;
}

/** The squares of which at least half is known. */
function cellsOf({ values, width, height, known }: FlatSource): Cell[] {
  const [columns, rows] = [Math.floor(width / CELL), Math.floor(height / CELL)];
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let [count, sum, squares] = [0, 0, 0];
    for (let y = CELL * row; y < CELL * (row + 1); y++) {
      const start = y * width + CELL * column;
      for (let at = start; at < start + CELL; at++) {
        if (known?.[at] === 0) continue;
        const value = values[at];
        count++;
        sum += value;
        squares += value * value;
      }
    }
    const mean = sum / count;
    return { row, column, count, mean, variance: Math.max(0, squares / count - mean ** 2) };
  }).filter(({ count }) => count >= CELL ** 2 / 2);
}

/** Median slopes of the means from cell to cell, which the edge of carbon does not move. */
function slopesOf(cells: readonly Cell[]): { across: number; down: number } {
  const name = (row: number, column: number) => `${row} ${column}`;
  const means = new Map(cells.map(({ row, column, mean }) => [name(row, column), mean]));
  const slope = (rows: number, columns: number) => {
    const rises = cells.flatMap(({ row, column, mean }) => {
      const other = means.get(name(row + rows, column + columns));
      return other === undefined ? [] : [(other - mean) / APART];
    });
    return quantile(rises, 0.5) || 0;
  };
  return { across: slope(0, APART), down: slope(APART, 0) };
}

/** Which values lie farther from the bulk than so many of its spreads, and than a least distance. */
function farFromBulk(values: readonly number[], spreads: number, least: number): boolean[] {
  const { centre, sigma } = bulkOf(Float32Array.from(values).sort());
  const limit = Math.max(spreads * sigma, least);
  return values.map((value) => Math.abs(value - centre) > limit);
}

/** An image is dirty of which more than this is unlike the rest; clean ones have up to 0.01. */
const DIRTY = 0.05;

/** Whether carbon, ice or an edge is in an image, as far as that is known. */
export function isDirty({ dirt = 0 }: { dirt?: number }): boolean {
  return dirt > DIRTY;
}
