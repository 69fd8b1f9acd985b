import { type Calibration, logistic, logit, UNCALIBRATED } from "../core/mod.ts";
import { hitsOf, type ScoredHit } from "./precision_recall.ts";
import type { EvaluationImage } from "./types.ts";

/** A bin of the reliability diagram. */
export interface ReliabilityBin {
  /** Mean score of its picks. */
  score: number;
  /** Share of them that is right. */
  right: number;
  /** How many picks. */
  count: number;
}

/** Rounds of Newton's method; it converges in about ten. */
const ROUNDS = 50;

/**
 * Fits the probability that a pick is right to picks that are known to be right or wrong (Platt,
 * Probabilistic outputs for support vector machines, 1999; with his targets, by Newton's method).
 *
 * @returns A slope of at least 0; {@linkcode UNCALIBRATED} where all picks are right or all are wrong.
 */
export function fitCalibration(hits: readonly ScoredHit[]): Calibration {
  const right = hits.filter(({ hit }) => hit).length;
  const wrong = hits.length - right;
  if (right === 0 || wrong === 0) return UNCALIBRATED;
  const target = [1 / (wrong + 2), (right + 1) / (right + 2)];
  const data = hits.map(({ score, hit }) => ({ z: logit(score), t: target[+hit] }));
  let { slope, shift } = UNCALIBRATED;
  let loss = lossOf(data, slope, shift);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = { a: 0, b: 0, aa: 1e-9, ab: 0, bb: 1e-9 };
    for (const { z, t } of data) {
      const p = logistic(slope * z + shift);
      const [error, weight] = [p - t, p * (1 - p)];
      sums.a += error * z;
      sums.b += error;
      sums.aa += weight * z * z;
      sums.ab += weight * z;
      sums.bb += weight;
    }
    const determinant = sums.aa * sums.bb - sums.ab ** 2;
    const da = (sums.bb * sums.a - sums.ab * sums.b) / determinant;
    const db = (sums.aa * sums.b - sums.ab * sums.a) / determinant;
    let step = 1;
    while (step > 1e-6 && lossOf(data, slope - step * da, shift - step * db) > loss) step /= 2;
    [slope, shift] = [slope - step * da, shift - step * db];
    const next = lossOf(data, slope, shift);
    if (loss - next < 1e-9 * loss) break;
    loss = next;
  }
  return slope >= 0 ? { slope, shift } : { slope: 0, shift: logit(right / hits.length) };
}

/**
 * Scores in bins of equal width and what share of their picks is right; empty bins are left out. There
 * are none where scores are no probabilities: other pickers have log-odds and figures of merit.
 *
 * @param count Number of bins between 0 and 1.
 */
export function reliability(hits: readonly ScoredHit[], count = 10): ReliabilityBin[] {
  if (!hits.every(({ score }) => score >= 0 && score <= 1)) return [];
  const bins = Array.from({ length: count }, () => ({ score: 0, right: 0, count: 0 }));
  for (const { score, hit } of hits) {
    const bin = bins[Math.min(count - 1, Math.floor(score * count))];
    bin.score += score;
    bin.right += +hit;
    bin.count++;
  }
  return bins.filter(({ count }) => count > 0).map((bin) => ({
    score: bin.score / bin.count,
    right: bin.right / bin.count,
    count: bin.count,
  }));
}

/**
 * Expected calibration error: |share right − mean score| of the bins, weighted by their picks; NaN
 * where there are no bins.
 */
export function calibrationError(hits: readonly ScoredHit[], count = 10): number {
  const bins = reliability(hits, count);
  if (bins.length === 0) return NaN;
  const sum = bins.reduce(
    (total, { score, right, count }) => total + count * Math.abs(score - right),
    0,
  );
  return sum / hits.length;
}

/** The picks of images as scores that are right or wrong. */
export function scoredHits(images: readonly EvaluationImage[]): ScoredHit[] {
  return images.flatMap((image) => hitsOf(image));
}

function lossOf(data: readonly { z: number; t: number }[], slope: number, shift: number): number {
  return data.reduce((sum, { z, t }) => {
    const value = slope * z + shift; // log(1 + e^value) − t · value, without overflow
    return sum + Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))) - t * value;
  }, 0);
}
