import { divide } from "../evaluation/mod.ts";

/** A least score of picks; `auto` takes one from the scores themselves. */
export type Threshold = number | "auto";

/**
 * Scores fall into two groups where these explain more than this part of their variance; of noise,
 * whose scores fall off exponentially, they explain 0.65.
 */
const PARTED = 0.69;

/** A kind is known where this part of the upper group reaches the model's own threshold. */
const KNOWN = 0.5;

/** Thresholds this far apart are worth a word. */
const FAR = 0.2;

/**
 * The threshold that is given, or the model's; `auto` lowers the model's for particles that it scores
 * weakly: to where the scores fall into two groups (Otsu), if most of the upper one would be lost else.
 */
export function thresholdOf(
  wanted: Threshold | undefined,
  scores: readonly number[],
  own: number,
): number {
  if (wanted !== "auto") return wanted ?? own;
  const { threshold, explained } = divide(scores);
  if (!(explained > PARTED)) return own;
  const upper = scores.filter((score) => score >= threshold);
  const known = upper.filter((score) => score >= own).length;
  return known < KNOWN * upper.length ? +threshold.toFixed(2) : own;
}

/** A sentence where a threshold lies far from the model's own. */
export function farFrom(own: number, threshold: number): string | undefined {
  if (Math.abs(threshold - own) < FAR) return undefined;
  return `the threshold ${threshold} of the scores lies far from the model's ${own}: look at some picks`;
}
