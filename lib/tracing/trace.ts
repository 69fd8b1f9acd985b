import {
  checkArgument,
  defined,
  EPickerError,
  mean,
  noun,
  type Point,
  quantile,
} from "../core/mod.ts";
import { PointField, type ScoredPoint, thinned } from "./field.ts";
import { followAll } from "./follow.ts";
import { joinPieces } from "./join.ts";
import { lengthOfLine, withoutSmallTurns } from "./polyline.ts";
import { smoothed } from "./smooth.ts";

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
  /**
   * Turn below which a node is dropped, in radians, where the line moves by less than a `sigma`.
   *
   * @default {0.1}
   */
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

/** Points down to this part of the threshold continue detected fibers. */
export const WEAK_PART = 1 / 3;

/** Longest stretch of points below the threshold within a fiber, in reaches. */
const FAINT_REACHES = 1.5;

/** Defaults of {@linkcode traceFibers}: turn limit, smoothing and point count. */
export const TRACING = { maxTurn: 0.5, smoothing: 0.1, minPoints: 5 };

/** The neighbour radius in a micrograph of that size, in its pixels. */
export function reachIn({ width, height }: { width: number; height: number }): number {
  return REACH * Math.max(width, height) / REACH_WIDTH;
}

/**
 * Options for points of unknown origin: as far as most of them lie from their nearest neighbour, with
 * a fifth to spare, a step is always allowed, up to half of the reach.
 */
export function looseTracing(reach: number, points: readonly Point[]): TraceOptions {
  const typical = quantile(new PointField(points).nearestDistances(), 0.5) || 0;
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
  return longestFirst(piecesThrough(points, options), options);
}

/** The points of each fiber from end to end. */
function piecesThrough(
  points: readonly ScoredPoint[],
  options: TraceOptions & { threshold?: number },
): ScoredPoint[][] {
  checkArgument(points, noun.points, "points");
  const { reach, maxTurn, sigma, step } = withDefaults(options);
  assertPositive({ reach, maxTurn, sigma, step });
  const { threshold } = options;
  const limits = { reach, sigma, curvature: maxTurn / reach, freeStep: step, threshold };
  return joinPieces(followAll(new PointField(thinned(points, 2 * sigma)), limits), limits);
}

/** Smooth lines through the points of fibers that are long enough. */
function longestFirst(pieces: ScoredPoint[][], options: TraceOptions): TracedFiber[] {
  const { reach, maxTurn, sigma, smoothing, minPoints, minLength } = withDefaults(options);
  const limits = { reach, sigma, curvature: maxTurn / reach };
  return pieces.flatMap((piece): TracedFiber[] => {
    if (piece.length < minPoints) return [];
    const line = withoutSmallTurns(smoothed(piece, limits), smoothing, sigma);
    const length = lengthOfLine(line);
    if (length < minLength) return [];
    return [{ line, length, score: meanScore(piece), points: piece.length }];
  }).sort((a, b) => b.length - a.length);
}

function withDefaults(options: TraceOptions): Required<TraceOptions> {
  const { reach } = options;
  return {
    ...TRACING,
    sigma: reach / 50,
    step: reach / 4,
    minLength: reach / 2,
    ...defined(options),
  };
}

function meanScore(points: readonly ScoredPoint[]): number {
  return mean(points.map(({ score = 1 }) => score));
}

/**
 * Traces fibers through detected points, with hysteresis (Canny, A computational approach to edge
 * detection, 1986): lines start and end at points that reach the threshold and run on through those
 * that reach {@linkcode WEAK_PART} of it, strong ones first. A stretch of points below the threshold
 * stays where it is no longer than one and a half reaches, so that it does not cut a fiber; of the
 * fibers those are kept whose mean score reaches the threshold.
 *
 * The wider a fiber, the farther its points may lie apart and beside its centre line.
 *
 * @param points All that was detected.
 * @param options.width Width of the fibers, in the points' pixels as the reach.
 */
export function traceDetected(
  points: readonly ScoredPoint[],
  { threshold, reach, width }: { threshold: number; reach: number; width: number },
): TracedFiber[] {
  const chosen = points.filter(({ score = 1 }) => score >= WEAK_PART * threshold);
  const [step, sigma] = [Math.max(reach / 4, width), Math.max(reach / 50, width / 16)];
  const options = { reach, step, sigma };
  const pieces = piecesThrough(chosen, { ...options, threshold })
    .flatMap((piece) => betweenFaintRuns(piece, threshold, FAINT_REACHES * reach));
  return longestFirst(pieces, options).filter(({ score }) => score >= threshold);
}

/** The parts of a line from sure point to sure point, between faint runs longer than `longest`. */
function betweenFaintRuns(
  line: ScoredPoint[],
  threshold: number,
  longest: number,
): ScoredPoint[][] {
  const sure = [...line.keys()].filter((i) => (line[i].score ?? 1) >= threshold);
  const goesOn = (i: number, next: number) =>
    next === i + 1 || lengthOfLine(line.slice(i, next + 1)) <= longest;
  const parts: ScoredPoint[][] = [];
  let from = sure[0];
  for (const [n, i] of sure.entries()) {
    const next = sure[n + 1];
    if (next !== undefined && goesOn(i, next)) continue;
    parts.push(line.slice(from, i + 1));
    from = next;
  }
  return parts;
}

function assertPositive(values: Record<string, number>): void {
  for (const [file, value] of Object.entries(values)) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new EPickerError("bad-option", { file, found: String(value), expected: "above 0" });
  }
}
