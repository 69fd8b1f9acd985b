import type { Point } from "../core/mod.ts";
import {
  FIBER_TOLERANCE,
  nearestIn,
  piecesOf,
  truthOfLines,
  type TruthPiece,
} from "./fiber_truth.ts";

/** Part of a fiber's length that must be found for the fiber to count as found. */
const FOUND_PART = 0.5;

/** Traced and true fibers of one micrograph, in its pixels. */
export interface FiberImage {
  /** Base name of the micrograph. */
  name: string;
  /** Nodes of every traced fiber, in their order. */
  traced: readonly (readonly Point[])[];
  /** The true centre lines: {@linkcode truthOfLines} or {@linkcode truthOfPixels}. */
  truth: readonly TruthPiece[];
}

/** How well fibers are traced; shares of nothing are NaN, which JSON writes as `null`. */
export interface FiberScores {
  /** True fibers. */
  fibers: number;
  /** True fibers of which half of the length or more is found. */
  foundFibers: number;
  /** Length of the true centre lines, in micrograph pixels. */
  length: number;
  /** Traced fibers. */
  traced: number;
  /** Their length. */
  tracedLength: number;
  /** Share of the true length within the tolerance of a traced line. */
  found: number;
  /** Share of the traced length that is not within the tolerance of a true one. */
  false: number;
  /** Harmonic mean of `found` and 1 − `false`. */
  f1: number;
  /**
   * Traced fibers for each true fiber that has any; a traced fiber counts for the true one that
   * most of it follows.
   */
  pieces: number;
}

/** What {@linkcode evaluateFibers} finds. */
export interface FiberEvaluation {
  /** Scores of each micrograph, in the order given. */
  perImage: (FiberScores & { name: string })[];
  /** Scores of all of them, lengths and counts added up. */
  overall: FiberScores;
}

/** Lengths and counts of one micrograph, which add up. */
interface Sums {
  fibers: number;
  foundFibers: number;
  length: number;
  foundLength: number;
  traced: number;
  tracedLength: number;
  falseLength: number;
  followed: number;
  following: number;
}

/**
 * Scores traced fibers against true ones: length found, length false, pieces per fiber.
 *
 * @param tolerance Farthest that a traced line may lie from a true one.
 *
 * @example
 * ```ts
 * import { evaluateFibers, truthOfLines } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = truthOfLines([[{ x: 0, y: 50 }, { x: 200, y: 50 }]]);
 * const traced = [[{ x: 0, y: 52 }, { x: 90, y: 52 }], [{ x: 110, y: 49 }, { x: 200, y: 49 }]];
 * const { overall } = evaluateFibers([{ name: "a", traced, truth }]);
 * assertEquals([overall.fibers, overall.pieces, overall.false], [1, 2, 0]);
 * ```
 */
export function evaluateFibers(
  images: readonly FiberImage[],
  tolerance: number = FIBER_TOLERANCE,
): FiberEvaluation {
  const sums = images.map((image) => sumsOf(image, tolerance));
  const total = sums.reduce((all, one) => {
    for (const key of Object.keys(all) as (keyof Sums)[]) all[key] += one[key];
    return all;
  }, noSums());
  return {
    perImage: sums.map((sum, i) => ({ name: images[i].name, ...scoresOf(sum) })),
    overall: scoresOf(total),
  };
}

function noSums(): Sums {
  const [length, foundLength, tracedLength, falseLength] = [0, 0, 0, 0];
  const [fibers, foundFibers, traced, followed, following] = [0, 0, 0, 0, 0];
  const lengths = { length, foundLength, tracedLength, falseLength };
  return { fibers, foundFibers, traced, followed, following, ...lengths };
}

function sumsOf({ traced, truth }: FiberImage, tolerance: number): Sums {
  const sums = { ...noSums(), traced: traced.length };
  const near = nearestIn(truthOfLines(traced), tolerance);
  const [whole, found] = [new Map<number, number>(), new Map<number, number>()];
  for (const piece of truth) {
    const isFound = near(piece) !== undefined;
    sums.length += piece.length;
    if (isFound) sums.foundLength += piece.length;
    if (piece.fiber === undefined) continue;
    add(whole, piece.fiber, piece.length);
    if (isFound) add(found, piece.fiber, piece.length);
  }
  const nearTruth = nearestIn(truth, tolerance);
  const followed = traced.map((line) => {
    const along = new Map<number, number>();
    for (const { point, length } of piecesOf(line)) {
      const piece = nearTruth(point);
      sums.tracedLength += length;
      if (piece === undefined) sums.falseLength += length;
      else if (piece.fiber !== undefined) add(along, piece.fiber, length);
    }
    return [...along].sort(([, a], [, b]) => b - a)[0]?.[0];
  }).filter((fiber) => fiber !== undefined);
  sums.fibers = whole.size;
  sums.foundFibers = [...whole].filter(([fiber, length]) => {
    return (found.get(fiber) ?? 0) >= FOUND_PART * length;
  }).length;
  sums.following = followed.length;
  sums.followed = new Set(followed).size;
  return sums;
}

function scoresOf(sums: Sums): FiberScores {
  const { fibers, foundFibers, length, traced, tracedLength } = sums;
  const found = sums.foundLength / length;
  const isFalse = sums.falseLength / tracedLength;
  const right = 1 - (isFalse || 0);
  const f1 = found + right > 0 ? 2 * found * right / (found + right) : 0;
  const pieces = sums.following / sums.followed;
  return { fibers, foundFibers, length, traced, tracedLength, found, false: isFalse, f1, pieces };
}

function add(sums: Map<number, number>, key: number, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}
