import Flatbush from "flatbush";
import type { Point } from "../core/mod.ts";
import { lengthOfLine, lengthsOfPixels, pointsAlong, traceFibers } from "../tracing/mod.ts";

/** Farthest that a traced line may lie from a true centre line, in micrograph pixels. */
export const FIBER_TOLERANCE = 6;

/** A short piece of a true centre line. */
export interface TruthPiece extends Point {
  /** Its length. */
  length: number;
  /** Number of its fiber, from 0; absent where the pixels belong to none that can be traced. */
  fiber?: number;
}

/** Cuts the true fibers' polylines into pieces of at most a pixel. */
export function truthOfLines(lines: readonly (readonly Point[])[]): TruthPiece[] {
  return lines.flatMap((line, fiber) =>
    piecesOf(line).map(({ point, length }) => ({ ...point, length, fiber }))
  );
}

/**
 * The true centre lines that pixels in any order show.
 *
 * A pixel's length is that of {@linkcode lengthsOfPixels}. Which pixels are one fiber is not known
 * where lines cross: the fibers are those that tracing the pixels gives, and a pixel belongs to the
 * nearest one within the tolerance.
 *
 * @param reach Neighbour radius of the tracing.
 */
export function truthOfPixels(
  pixels: readonly Point[],
  reach: number,
  tolerance: number = FIBER_TOLERANCE,
): TruthPiece[] {
  const fibers = traceFibers(pixels, { reach, sigma: 1 });
  const nearest = nearestIn(truthOfLines(fibers.map(({ line }) => line)), tolerance);
  const lengths = lengthsOfPixels(pixels);
  return pixels.map(({ x, y }, i) => {
    const fiber = nearest({ x, y })?.fiber;
    return { x, y, length: lengths[i], fiber };
  });
}

/** Pieces of a line of at most a pixel: their middles and their length. */
export function piecesOf(line: readonly Point[]): { point: Point; length: number }[] {
  const whole = lengthOfLine(line);
  if (whole === 0) return [];
  const points = pointsAlong(line, (1 - 1e-9) * whole / Math.ceil(whole));
  return points.map((point) => ({ point, length: whole / points.length }));
}

/** A search for the nearest of some points within a distance. */
export function nearestIn<P extends Point>(points: readonly P[], distance: number) {
  if (points.length === 0) return (): P | undefined => undefined;
  const index = new Flatbush(points.length);
  for (const { x, y } of points) index.add(x, y);
  index.finish();
  return ({ x, y }: Point): P | undefined => points[index.neighbors(x, y, 1, distance)[0]];
}
