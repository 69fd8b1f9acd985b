import { mean, median } from "../core/mod.ts";
import { averagePrecision, type AveragePrecisionOptions } from "./average_precision.ts";
import {
  bestPoint,
  type Counts,
  type DistanceOptions,
  hitsOf,
  pointOf,
  type ScoredHit,
  sweep,
} from "./precision_recall.ts";
import { calibrationError, reliability, type ReliabilityBin } from "./calibration.ts";
import { checkImages, type EvaluationImage } from "./types.ts";

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions extends AveragePrecisionOptions, DistanceOptions {}

/** The scores of one micrograph; undefined ones are NaN, which JSON writes as `null`. */
export interface ImageScores {
  /** Base name of the micrograph. */
  name: string;
  /** True particles. */
  truth: number;
  /** Picks, whatever their score, without those in ignore regions. */
  picks: number;
  /** Picks that score the dataset's best threshold or more. */
  kept: number;
  /** Average precision (IoU 0.5); NaN without truth. */
  ap: number;
  /** Average recall (IoU 0.5); NaN without truth. */
  ar: number;
  /** F1 of the kept picks; NaN without truth and kept picks. */
  f1: number;
  /** Correct share of the kept picks; NaN without them. */
  precision: number;
  /** Share of the particles that the kept picks find; NaN without truth. */
  recall: number;
  /** F1 at this micrograph's own best threshold. */
  bestF1: number;
  /** Median of |radius / true radius − 1| of the correct kept picks; NaN without known sizes. */
  radiusError: number;
}

/** The scores of a dataset; undefined ones are NaN, which JSON writes as `null`. */
export interface DatasetScores {
  /** True particles. */
  truth: number;
  /** Picks, whatever their score, without those in ignore regions. */
  picks: number;
  /** Picks that score the threshold or more. */
  kept: number;
  /** Average precision (IoU 0.5) of all micrographs' picks pooled. */
  ap: number;
  /** Average recall (IoU 0.5). */
  ar: number;
  /** The highest F1 over all thresholds, picks pooled. */
  f1: number;
  /** Correct share of the kept picks. */
  precision: number;
  /** Share of the particles that the kept picks find. */
  recall: number;
  /** The threshold of the highest F1; NaN without picks. */
  threshold: number;
  /** Median of |radius / true radius − 1| of the correct kept picks; NaN without known sizes. */
  radiusError: number;
  /** Mean of the micrographs' F1 at that threshold, over those where it is defined. */
  meanF1: number;
  /** The picks at the picker's own threshold, which no truth has chosen. */
  own: OwnScores;
  /** How far scores are from the share of picks that is right; NaN without picks. */
  calibrationError: number;
  /** That share in tenths of the scores. */
  reliability: ReliabilityBin[];
}

/** Scores of the picks as a picker hands them out. */
export interface OwnScores {
  /** Picks that reach the picker's own threshold, or all where it has none. */
  picks: number;
  /** Correct share of them; NaN without them. */
  precision: number;
  /** Share of the particles that they find; NaN without truth. */
  recall: number;
  /** Their F1; NaN without truth and picks. */
  f1: number;
}

/** What {@linkcode evaluate} finds. */
export interface Evaluation {
  /** Scores of each micrograph, in the order given. */
  perImage: ImageScores[];
  /** Scores of all of them together. */
  overall: DatasetScores;
}

/**
 * Scores picks against the truth, per micrograph and for the dataset.
 *
 * AP and AR match squares of the true diameter at an intersection over union of 0.5 (COCO);
 * precision, recall and F1 match centres within half a diameter, at the one threshold that is best
 * for the dataset (`own`: at the picker's own). With `sized` (vesicles) all of them match squares of every object's own diameter.
 * A micrograph without truth counts: its picks are wrong. Whatever has no meaning (recall without
 * particles, precision without picks) is NaN, `null` in JSON.
 *
 * @example
 * ```ts
 * import { evaluate } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = [{ x: 50, y: 50 }, { x: 150, y: 50 }];
 * const picks = [{ x: 52, y: 50, score: 0.9 }, { x: 149, y: 51, score: 0.5 }];
 * const { overall, perImage } = evaluate([{ name: "a", picks, truth, diameter: 40 }]);
 * assertEquals([overall.ap, overall.f1, overall.threshold], [1, 1, 0.5]);
 * assertEquals(perImage[0].f1, 1);
 * ```
 */
export function evaluate(
  images: readonly EvaluationImage[],
  options: EvaluateOptions = {},
): Evaluation {
  checkImages(images);
  const hits = images.map((image) => hitsOf(image, options));
  const all = hits.flat();
  const truth = images.reduce((sum, image) => sum + image.truth.length, 0);
  const best = bestPoint(sweep(all, truth), truth);
  const perImage = images.map((image, i) => scoreImage(image, hits[i], best.threshold, options));
  return {
    perImage,
    overall: {
      truth,
      picks: all.length,
      kept: perImage.reduce((sum, { kept }) => sum + kept, 0),
      ...averagePrecision(images, options),
      ...best,
      radiusError: radiusErrorAt(all, best.threshold),
      meanF1: mean(perImage.map(({ f1 }) => f1).filter((f1) => !Number.isNaN(f1))),
      own: ownScores(images, hits, truth),
      calibrationError: calibrationError(all),
      reliability: reliability(all),
    },
  };
}

function ownScores(
  images: readonly EvaluationImage[],
  hits: readonly ScoredHit[][],
  truth: number,
): OwnScores {
  const own = images.flatMap(({ threshold = -Infinity }, i) =>
    hits[i].filter(({ score }) => score >= threshold)
  );
  const counts = countAt(own, -Infinity, truth);
  const { threshold: _, ...scores } = pointOf(NaN, counts);
  return { picks: counts.kept, ...scores };
}

function scoreImage(
  image: EvaluationImage,
  hits: ScoredHit[],
  threshold: number,
  options: EvaluateOptions,
): ImageScores {
  const truth = image.truth.length;
  const counts = countAt(hits, threshold, truth);
  const { threshold: _, ...scores } = pointOf(threshold, counts);
  return {
    name: image.name,
    truth,
    picks: hits.length,
    kept: counts.kept,
    ...averagePrecision([image], options),
    ...scores,
    bestF1: bestPoint(sweep(hits, truth), truth).f1,
    radiusError: radiusErrorAt(hits, threshold),
  };
}

function countAt(picks: readonly ScoredHit[], threshold: number, truth: number): Counts {
  const kept = picks.filter(({ score }) => score >= threshold);
  return { hits: kept.filter(({ hit }) => hit).length, kept: kept.length, truth };
}

function radiusErrorAt(picks: readonly ScoredHit[], threshold: number): number {
  const errors = picks.flatMap(({ score, radiusError }) => {
    return score >= threshold && radiusError !== undefined ? [radiusError] : [];
  });
  return median(errors);
}
