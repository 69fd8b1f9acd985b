import { IGNORED, matchByDistance, matchByOverlap, setIgnoredAside, UNMATCHED } from "./match.ts";
import {
  checkImages,
  type EvaluationImage,
  scoreOf,
  scoreOrder,
  type SizeOptions,
  squaresOf,
} from "./types.ts";

/** Largest distance of a correct pick from its particle, in particle diameters. */
export const RADIUS_DIAMETERS = 0.5;

/** Options of the scores that match by distance, or with `sized` by overlap. */
export interface DistanceOptions extends SizeOptions {
  /** Matching radius of a micrograph, in its pixels; half of the diameter by default. */
  radiusOf?: (image: EvaluationImage) => number;
}

/** Precision, recall and F1 of the picks that score `threshold` or more. */
export interface PrecisionRecallPoint {
  /** Least score of the picks that count; NaN where there is none. */
  threshold: number;
  /** Share of the picks that are correct; NaN (`null` in JSON) where there are none. */
  precision: number;
  /** Share of the particles that are found; NaN where there are none. */
  recall: number;
  /** 2 · correct / (picks + particles), the harmonic mean; NaN where there are neither. */
  f1: number;
}

/** How many of a number of picks are correct, and of how many particles. */
export interface Counts {
  /** Picks that match a particle. */
  hits: number;
  /** Picks that count. */
  kept: number;
  /** True particles. */
  truth: number;
}

/** Precision, recall and F1 from counts; 0 / 0 is NaN. */
export function pointOf(threshold: number, { hits, kept, truth }: Counts): PrecisionRecallPoint {
  return {
    threshold,
    precision: hits / kept,
    recall: hits / truth,
    f1: 2 * hits / (kept + truth),
  };
}

/** A pick's score and whether it matches a particle. */
export interface ScoredHit {
  /** The pick's score; 1 where it has none. */
  score: number;
  /** Whether it matches a particle. */
  hit: boolean;
  /** |radius / true radius − 1|, where it matches and both have one. */
  radiusError?: number;
}

/**
 * Scores and hits of a micrograph's picks, in their order, matched by distance or, with `sized`, by
 * overlap; without those in ignore regions.
 */
export function hitsOf(
  image: EvaluationImage,
  { radiusOf = ({ diameter }) => RADIUS_DIAMETERS * diameter, ...sizes }: DistanceOptions = {},
): ScoredHit[] {
  const { picks, truth } = image;
  const squares = squaresOf(image, sizes);
  const matches = setIgnoredAside(
    sizes.sized
      ? matchByOverlap(picks, truth, scoreOrder(picks), squares)
      : matchByDistance(picks, truth, radiusOf(image)),
    picks,
    image,
    squares,
  );
  return picks.flatMap((pick, i): ScoredHit[] => {
    if (matches[i] === IGNORED) return [];
    const [score, hit] = [scoreOf(pick), matches[i] !== UNMATCHED];
    const [own, right] = [pick.diameter, truth[matches[i]]?.diameter];
    return [own && right ? { score, hit, radiusError: Math.abs(own / right - 1) } : { score, hit }];
  });
}

/** One point per distinct score of the picks, from the highest threshold down. */
export function sweep(picks: readonly ScoredHit[], truth: number): PrecisionRecallPoint[] {
  const sorted = picks.toSorted((a, b) => b.score - a.score);
  const points: PrecisionRecallPoint[] = [];
  let hits = 0;
  sorted.forEach(({ score, hit }, i) => {
    if (hit) hits++;
    if (sorted[i + 1]?.score !== score) points.push(pointOf(score, { hits, kept: i + 1, truth }));
  });
  return points;
}

/** The point of the highest F1 (of equals the highest threshold); without points, no picks'. */
export function bestPoint(
  points: readonly PrecisionRecallPoint[],
  truth: number,
): PrecisionRecallPoint {
  const none = pointOf(NaN, { hits: 0, kept: 0, truth });
  return points.reduce((best, point) => point.f1 > best.f1 ? point : best, points[0] ?? none);
}

/**
 * The precision–recall curve of a dataset: one point per distinct score, highest threshold first.
 *
 * Picks are matched within each micrograph by {@linkcode matchByDistance} and pooled.
 */
export function precisionRecall(
  images: readonly EvaluationImage[],
  options: DistanceOptions = {},
): PrecisionRecallPoint[] {
  checkImages(images);
  return sweep(images.flatMap((image) => hitsOf(image, options)), truthCount(images));
}

/**
 * The highest F1 over all thresholds, of all micrographs together, and where it is.
 *
 * Picks count as correct within half a diameter of a particle, one to one. Without picks F1 is 0
 * and the threshold NaN.
 *
 * @example
 * ```ts
 * import { bestF1 } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = [{ x: 50, y: 50 }];
 * const picks = [{ x: 52, y: 50, score: 0.9 }, { x: 300, y: 300, score: 0.5 }];
 * const best = bestF1([{ name: "a", picks, truth, diameter: 40 }]);
 * assertEquals(best, { threshold: 0.9, precision: 1, recall: 1, f1: 1 });
 * ```
 */
export function bestF1(
  images: readonly EvaluationImage[],
  options: DistanceOptions = {},
): PrecisionRecallPoint {
  return bestPoint(precisionRecall(images, options), truthCount(images));
}

function truthCount(images: readonly EvaluationImage[]): number {
  return images.reduce((sum, { truth }) => sum + truth.length, 0);
}
