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
export function calibrated(score: number, calibration: Calibration): number {
  return raised(score, calibration, 0);
}

/** Scores of noise fall off exponentially: two groups explain 0.65 of their variance, of a mixture more. */
const PARTED = { perhaps: 0.69, surely: 0.77 };

/** Between groups of noise the division lies lower than this. */
const LEAST_DIVISION = 0.12;

/** A kind is known where this part of the upper group reaches the threshold. */
const KNOWN = 0.5;

/** Scores of one micrograph that fall into two groups, most of the upper one below the threshold. */
export interface Weakness {
  /** The score between the groups. */
  division: number;
  /** What is to be added to the logits for the division to lie at the threshold. */
  raise: number;
  /** Whether the groups lie so far apart that noise has no such scores. */
  isSure: boolean;
}

/**
 * What is weak in the scores of a micrograph: a network scores kinds that it has not learned lower
 * throughout.
 *
 * @param threshold The model's, a probability.
 */
export function weaknessOf(
  scores: readonly number[],
  { slope, shift }: Calibration,
  threshold: number,
): Weakness | undefined {
  if (slope <= 0) return undefined;
  const own = (logit(threshold) - shift) / slope; // as the network scores
  const { threshold: division, explained } = divide(scores);
  const upper = scores.filter((score) => score >= division);
  const known = upper.filter((score) => logit(score) >= own).length;
  const isWeak = explained > PARTED.perhaps && division >= LEAST_DIVISION &&
    known < KNOWN * upper.length;
  if (!isWeak) return undefined;
  return { division, raise: own - logit(division), isSure: explained > PARTED.surely };
}

/** The probability of a score whose logit was raised (Platt, as {@linkcode calibrated}). */
export function raised(score: number, { slope, shift }: Calibration, raise: number): number {
  return logistic(slope * (logit(score) + raise) + shift);
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
