import { IGNORED, matchByOverlap, setIgnoredAside, UNMATCHED } from "./match.ts";
import {
  checkImages,
  type EvaluationImage,
  scoreOf,
  scoreOrder,
  type SizeOptions,
  squaresOf,
} from "./types.ts";

/** Picks per micrograph that average precision looks at, best first. */
export const MAX_DETECTIONS = 2000;

/** Recalls at which the interpolated precision is averaged: 0, 0.01, … 1. */
const RECALL_POINTS = 101;

/** Options of {@linkcode averagePrecision}. */
export interface AveragePrecisionOptions extends SizeOptions {
  /** Picks per micrograph, best first; {@linkcode MAX_DETECTIONS} by default. */
  maxDetections?: number;
}

/** Average precision and recall of a dataset. */
export interface AveragePrecision {
  /** Average precision in 0…1; NaN (`null` in JSON) where there is no true particle. */
  ap: number;
  /** Average recall: the recall of all picks, in 0…1; NaN where there is no true particle. */
  ar: number;
}

/**
 * Average precision and recall over the micrographs of a dataset, as pycocotools computes them.
 *
 * Squares of the true diameter around picks and particles match one to one, in descending score, at
 * an intersection over union of at least 0.5. AP is the mean of the interpolated precision at 101
 * recalls, AR the recall of at most `maxDetections` picks per micrograph (bbox evaluation at one
 * IoU and one area range). Picks in ignore regions do not count (`iscrowd` there). Picks of all
 * micrographs compete by score; of equal scores the earlier micrograph's come first.
 *
 * @example
 * ```ts
 * import { averagePrecision } from "@epicker/epicker";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const truth = [{ x: 50, y: 50 }, { x: 150, y: 50 }];
 * const picks = [{ x: 52, y: 50, score: 0.9 }, { x: 300, y: 300, score: 0.5 }];
 * const { ap, ar } = averagePrecision([{ name: "a", picks, truth, diameter: 40 }]);
 * assertAlmostEquals(ap, 51 / 101); // precision 1 up to recall 0.5, then 0
 * assertAlmostEquals(ar, 0.5);
 * ```
 */
export function averagePrecision(
  images: readonly EvaluationImage[],
  options: AveragePrecisionOptions = {},
): AveragePrecision {
  checkImages(images);
  const total = images.reduce((sum, { truth }) => sum + truth.length, 0);
  if (total === 0) return { ap: NaN, ar: NaN };
  const detections = images.flatMap((image) => detectionsOf(image, options));
  detections.sort((a, b) => b.score - a.score);
  const recalls: number[] = [];
  const precisions: number[] = [];
  let hits = 0;
  detections.forEach(({ hit }, i) => {
    if (hit) hits++;
    recalls.push(hits / total);
    precisions.push(hits / (i + 1));
  });
  return { ap: interpolatedMean(recalls, precisions), ar: hits / total };
}

function detectionsOf(
  image: EvaluationImage,
  { maxDetections = MAX_DETECTIONS, ...sizes }: AveragePrecisionOptions,
): { score: number; hit: boolean }[] {
  const { picks, truth } = image;
  const squares = squaresOf(image, sizes);
  const order = scoreOrder(picks).slice(0, maxDetections);
  const matches = setIgnoredAside(
    matchByOverlap(picks, truth, order, squares),
    picks,
    image,
    squares,
  );
  return order.filter((i) => matches[i] !== IGNORED)
    .map((i) => ({ score: scoreOf(picks[i]), hit: matches[i] !== UNMATCHED }));
}

/**
 * Mean over 101 recalls of the best precision at that recall or beyond; 0 past the last.
 *
 * @param recalls Ascending; `precisions` beside them is changed in place.
 */
export function interpolatedMean(recalls: readonly number[], precisions: number[]): number {
  for (let i = precisions.length - 1; i > 0; i--) {
    precisions[i - 1] = Math.max(precisions[i - 1], precisions[i]);
  }
  let sum = 0;
  for (let point = 0, i = 0; point < RECALL_POINTS; point++) {
    const recall = point === RECALL_POINTS - 1 ? 1 : point * 0.01; // as np.linspace rounds them
    while (i < recalls.length && recalls[i] < recall) i++;
    sum += precisions[i] ?? 0;
  }
  return sum / RECALL_POINTS;
}
