import { divide } from "./divide.ts";

/** The two numbers that make probabilities of scores: logistic(slope · logit(score) + shift). */
export interface Calibration {
  /** Factor on the score's logit. */
  slope: number;
  /** What is added. */
  shift: number;
}

/** Scores as they are; probabilities of them are yet to be fitted. */
export const UNCALIBRATED: Calibration = { slope: 1, shift: 0 };

/** Least probability of a pick: the threshold of the model that ships, and where weak kinds are raised to. */
export const LEAST_PROBABILITY = 0.55;

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

/** A kind is known where this part of the upper group reaches the score of a pick. */
const KNOWN = 0.7;

/** Scores of one micrograph that fall into two groups, too many of the upper one below that of a pick. */
export interface Weakness {
  /** The score between the groups. */
  division: number;
  /** What is to be added to the logits for the division to lie at the score of a pick. */
  raise: number;
  /** Whether the groups lie so far apart that noise has no such scores. */
  isSure: boolean;
}

/**
 * What is weak in the scores of a micrograph: a network scores kinds that it has not learned lower
 * throughout.
 *
 * @param least The score of a pick of a known kind.
 */
export function weaknessOf(scores: readonly number[], least: number): Weakness | undefined {
  const { threshold: division, explained } = divide(scores);
  const upper = scores.filter((score) => score >= division);
  const known = upper.filter((score) => score >= least).length;
  const isWeak = explained > PARTED.perhaps && division >= LEAST_DIVISION &&
    known < KNOWN * upper.length;
  if (!isWeak) return undefined;
  return { division, raise: logit(least) - logit(division), isSure: explained > PARTED.surely };
}

/** The score that has a probability; undefined where the calibration does not rise. */
export function scoreOf(probability: number, { slope, shift }: Calibration): number | undefined {
  return slope > 0 ? logistic((logit(probability) - shift) / slope) : undefined;
}

/** The probability of a score whose logit was raised (Platt, as {@linkcode calibrated}). */
export function raised(score: number, { slope, shift }: Calibration, raise: number): number {
  return logistic(slope * (logit(score) + raise) + shift);
}

/**
 * The highest F1 that may be expected of picks where scores are probabilities: that of the picks from
 * a score on is 2 Σ p / (picks + particles), and Σ p of all candidates are the particles.
 *
 * @param probabilities Of all candidates, in any order; of none it is 0.
 */
export function highestExpectedF1(probabilities: readonly number[]): number {
  const sorted = [...probabilities].sort((a, b) => b - a);
  const particles = sorted.reduce((sum, probability) => sum + probability, 0);
  let [hits, best] = [0, 0];
  sorted.forEach((probability, i) => {
    hits += probability;
    best = Math.max(best, 2 * hits / (i + 1 + particles));
  });
  return best;
}

/** Highest expected F1 of a micrograph in which there may be nothing, and of one in which there is. */
const FILLED = { hardly: 0.45, surely: 0.55 };

/** A probability that is as good as even in a micrograph in which there may be nothing. */
const SURE = 0.8;

/**
 * The probabilities of the candidates of one micrograph, lowered where there may be nothing: where
 * even the best choice of picks would be wrong in about half of them.
 *
 * @param probabilities Of all candidates, each as if the others were not known.
 */
export function loweredWhereEmpty(probabilities: readonly number[]): number[] {
  const f1 = highestExpectedF1(probabilities);
  const share = (FILLED.surely - f1) / (FILLED.surely - FILLED.hardly);
  const lower = logit(SURE) * Math.max(0, Math.min(1, share));
  if (lower === 0) return [...probabilities];
  return probabilities.map((probability) => logistic(logit(probability) - lower));
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
