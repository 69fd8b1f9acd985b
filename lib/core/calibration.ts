import { divide } from "./divide.ts";

/** The two numbers that make probabilities of scores: logistic(slope · logit(score) + shift). */
export interface Calibration {
  /** Factor on the score's logit. */
  slope: number;
  /** What is added. */
  shift: number;
}

/** Scores are kept this far from 0 and 1, whose logits are infinite. */
const MARGIN = 1e-4;

/** The probability of a score (Platt, Probabilistic outputs for support vector machines, 1999). */
export function calibrated(score: number, { slope, shift }: Calibration): number {
  return logistic(slope * logit(score) + shift);
}

/** Scores of noise fall off exponentially: two groups explain 0.65 of their variance, of a mixture more. */
const PARTED = 0.69;

/** Between groups of noise the division lies lower than this. */
const LEAST_DIVISION = 0.12;

/** A kind is known where this part of the upper group reaches the threshold. */
const KNOWN = 0.5;

/**
 * The probabilities of the scores of one micrograph, as many.
 *
 * A network scores kinds that it has not learned lower throughout. So where the scores fall into two
 * groups (Otsu) and most of the upper one would be lost, all logits are raised until the division lies
 * at the threshold. Micrographs with nothing to pick have but one group.
 *
 * @param threshold The model's, a probability.
 */
export function probabilities(
  scores: readonly number[],
  calibration: Calibration,
  threshold: number,
): number[] {
  const { slope, shift } = calibration;
  const own = slope > 0 ? (logit(threshold) - shift) / slope : Infinity; // as the network scores
  const division = divide(scores);
  const upper = scores.filter((score) => score >= division.threshold);
  const known = upper.filter((score) => logit(score) >= own).length;
  const isWeak = slope > 0 && division.explained > PARTED &&
    division.threshold >= LEAST_DIVISION && known < KNOWN * upper.length;
  const raise = isWeak ? own - logit(division.threshold) : 0;
  return scores.map((score) => logistic(slope * (logit(score) + raise) + shift));
}

/** ln(p / (1 − p)), of scores at least 0.0001 from 0 and 1. */
export function logit(score: number): number {
  const p = Math.max(MARGIN, Math.min(1 - MARGIN, score));
  return Math.log(p / (1 - p));
}

/** 1 / (1 + e^−x). */
export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
