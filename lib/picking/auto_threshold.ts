import { divide } from "../core/mod.ts";

/** A least score of picks; `auto` takes one from the scores themselves. */
export type Threshold = number | "auto";

/** Thresholds this far apart are worth a word. */
const FAR = 0.2;

/** The threshold that is given, or by which the scores fall into two groups (Otsu); else the model's. */
export function thresholdOf(
  wanted: Threshold | undefined,
  scores: readonly number[],
  own: number,
): number {
  if (wanted !== "auto") return wanted ?? own;
  const found = divide(scores).threshold;
  return Number.isNaN(found) ? own : +found.toFixed(2);
}

/** A sentence where a threshold lies far from the model's own. */
export function farFrom(own: number, threshold: number): string | undefined {
  if (Math.abs(threshold - own) < FAR) return undefined;
  return `the threshold ${threshold} of the scores lies far from the model's ${own}: look at some picks`;
}
