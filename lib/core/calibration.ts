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

/** ln(p / (1 − p)), of scores at least 0.0001 from 0 and 1. */
export function logit(score: number): number {
  const p = Math.max(MARGIN, Math.min(1 - MARGIN, score));
  return Math.log(p / (1 - p));
}

/** 1 / (1 + e^−x). */
export function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
