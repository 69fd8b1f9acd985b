import { EPickerError } from "../core/mod.ts";
import { PointField, thinned } from "./field.ts";
import { followAll, type Limits } from "./follow.ts";
import { joinPieces } from "./join.ts";
import { lengthOfLine, type Point, withoutSmallTurns } from "./polyline.ts";
import { smoothed } from "./smooth.ts";

/** A point with a score, as detection gives it. */
export interface ScoredPoint extends Point {
  /** Confidence; 1 where it is absent. */
  score?: number;
}

/** A fiber as a polyline. */
export interface TracedFiber {
  /** Its nodes from end to end, in the points' pixels. */
  line: Point[];
  /** Length along it. */
  length: number;
  /** Mean score of the points that it was traced through. */
  score: number;
  /** How many points it was traced through. */
  points: number;
}

/** What {@linkcode traceFibers} may be told; lengths are in the points' pixels. */
export interface TraceOptions {
  /** Neighbour radius: how far the next point of a fiber may be. */
  reach: number;
  /** Most that a fiber turns over one reach, in radians. @default {0.5} */
  maxTurn?: number;
  /** Standard deviation of the points across a fiber. @default {reach / 50} */
  sigma?: number;
  /**
   * Distance up to which a next point is always allowed; a farther one is, up to the reach, only to a
   * line as long as the step. Random points so give no fibers. @default {reach / 4}
   */
  step?: number;
  /** Turn below which a node is dropped, in radians. @default {0.1} */
  smoothing?: number;
  /** Fewest points of a fiber. @default {5} */
  minPoints?: number;
  /** Least length of a fiber. @default {reach / 2} */
  minLength?: number;
}

/** Neighbour radius in pixels of an image that is {@linkcode REACH_WIDTH} wide (the paper's). */
export const REACH = 100;

/** Longer side of the image that {@linkcode REACH} belongs to. */
export const REACH_WIDTH = 1024;

/** Defaults of {@linkcode traceFibers}: turn limit, smoothing and point count. */
export const TRACING = { maxTurn: 0.5, smoothing: 0.1, minPoints: 5 };

/** The neighbour radius in a micrograph of that size, in its pixels. */
export function reachIn({ width, height }: { width: number; height: number }): number {
  return REACH * Math.max(width, height) / REACH_WIDTH;
}

/**
 * Options for points that a detector of fibers of that width has found: the wider a fiber, the
 * farther its points may lie apart and beside its centre line.
 *
 * @param width Width of the fibers, in the points' pixels as all else.
 */
export function detectionTracing(reach: number, width: number): TraceOptions {
  return { reach, step: Math.max(reach / 4, width), sigma: Math.max(reach / 50, width / 16) };
}

/**
 * Options for points of unknown origin: as far as most of them lie from their nearest neighbour, with
 * a fifth to spare, a step is always allowed, up to half of the reach.
 */
export function looseTracing(reach: number, points: readonly Point[]): TraceOptions {
  const nearest = new PointField(points).nearestDistances().sort((a, b) => a - b);
  const typical = nearest[nearest.length >> 1] ?? 0;
  return { reach, step: Math.min(reach / 2, Math.max(reach / 4, 1.2 * typical)) };
}

/**
 * Traces fibers through points: polylines, longest first.
 *
 * From each seed, those in straight and lonely places first, a line is followed to both sides
 * through the points that lie where its last reach and the curvature limit let it go on; pieces that
 * go on in each other are joined; the lines are smoothed. A point belongs to one fiber, and other
 * fibers pass over it. Takes O(n log n) for a bounded number of points per reach, which thinning
 * ensures; does not depend on the order of the points.
 *
 * @throws {EPickerError} `bad-option` for a reach or curvature that is not above 0.
 *
 * @example
 * ```ts
 * import { traceFibers } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const row = (y: number) => Array.from({ length: 30 }, (_, i) => ({ x: 10 * i, y }));
 * const fibers = traceFibers([...row(0), ...row(200)], { reach: 100 });
 * assertEquals(fibers.map(({ length }) => length), [290, 290]);
 * ```
 */
export function traceFibers(
  points: readonly ScoredPoint[],
  options: TraceOptions,
): TracedFiber[] {
  const { reach, maxTurn, smoothing, minPoints } = { ...TRACING, ...options };
  const { sigma = reach / 50, step = reach / 4, minLength = reach / 2 } = options;
  assertPositive({ reach, maxTurn, sigma, step });
  const limits: Limits = { reach, sigma, curvature: maxTurn / reach, freeStep: step };
  const field = new PointField(thinned(points, 2 * sigma));
  const pieces = followAll(field, limits);
  return joinPieces(pieces, limits).flatMap((piece): TracedFiber[] => {
    if (piece.length < minPoints) return [];
    const line = withoutSmallTurns(smoothed(piece, limits), smoothing);
    const length = lengthOfLine(line);
    if (length < minLength) return [];
    const score = piece.reduce((sum, point) => sum + (point.score ?? 1), 0) / piece.length;
    return [{ line, length, score, points: piece.length }];
  }).sort((a, b) => b.length - a.length);
}

function assertPositive(values: Record<string, number>): void {
  for (const [file, value] of Object.entries(values)) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new EPickerError("bad-option", { file, found: String(value), expected: "above 0" });
  }
}
