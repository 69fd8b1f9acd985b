import { mean } from "../core/mod.ts";
import { evaluateFibers, type EvaluationImage, type FiberScores } from "../evaluation/mod.ts";
import { LABEL_SPACING, REACH, traceDetected } from "../tracing/mod.ts";

/** Thresholds among which the best is chosen: tracing takes longer than counting points. */
const THRESHOLDS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** How well one dataset's fibers are traced from points at a number of thresholds. */
export interface FiberCurve {
  /** Area under precision (1 − share of the length that is false) over recall (share found). */
  ap: number;
  /** F1 of precision and recall at each of the thresholds. */
  f1: { threshold: number; f1: number }[];
}

/**
 * Scores detected points of fibers by the lengths of what is traced through them, all in network
 * pixels; lines may lie half a fiber width apart.
 */
export function fiberCurve(images: readonly EvaluationImage[]): FiberCurve {
  const scores = THRESHOLDS.map((threshold) => scoresAt(images, threshold));
  return {
    ap: areaUnder(scores.toReversed()),
    f1: scores.map(({ f1 }, i) => ({ threshold: THRESHOLDS[i], f1 })),
  };
}

function scoresAt(images: readonly EvaluationImage[], threshold: number): FiberScores {
  const traced = images.map(({ name, picks, truth, diameter }) => {
    const lines = traceDetected(picks, { threshold, reach: REACH, width: diameter })
      .map(({ line }) => line);
    const pieces = truth.map(({ x, y }) => ({ x, y, length: LABEL_SPACING * diameter }));
    return { name, traced: lines, truth: pieces };
  });
  const tolerance = mean(images.map(({ diameter }) => diameter)) / 2;
  return evaluateFibers(traced, tolerance).overall;
}

/** Area under precision over recall, thresholds falling; precision is made to fall with recall. */
function areaUnder(scores: FiberScores[]): number {
  let [area, recall] = [0, 0];
  for (const [i, { found }] of scores.entries()) {
    if (!(found > recall)) continue;
    const best = Math.max(...scores.slice(i).map(({ false: wrong }) => 1 - (wrong || 0)));
    area += (found - recall) * best;
    recall = found;
  }
  return scores.some(({ length }) => length > 0) ? area : NaN;
}
