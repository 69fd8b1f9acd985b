import type { Facts, Marks } from "../wire.ts";
import { scoresOf } from "./scores.ts";

/** Facts as the list counts them. */
export interface ListedFacts extends Omit<Facts, "scores" | "diameters"> {
  /** In ten-thousandths, least first; of vesicles those within the range of diameters. */
  scores: Uint16Array;
  /** What was measured of vesicles, of any diameter. */
  vesicles?: { scores: number[]; diameters: number[] };
}

/** Facts as the list counts them, of vesicles within a range of diameters. */
export function listed(
  { scores, diameters, ...facts }: Facts,
  [least, most]: readonly [number, number] = [0, Infinity],
): ListedFacts {
  const fitting = diameters === undefined
    ? scores
    : scores.filter((_, i) =>
      diameters[i] === 0 || (diameters[i] >= least && diameters[i] <= most)
    );
  return {
    ...facts,
    scores: Uint16Array.from(fitting).sort(),
    vesicles: diameters && { scores, diameters },
  };
}

/** What edits change in the list. */
export function factsOf(marks: Marks) {
  const all = Object.values(marks.edits);
  return {
    ...scoresOf(marks),
    edits: all.length,
    done: all.some(({ kind }) => kind === "done"),
  };
}

/** How many scores reach a threshold. */
export function countFrom(scores: Uint16Array, threshold: number): number {
  const least = Math.ceil(threshold * 1e4 - 1e-6);
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[middle] < least) low = middle + 1;
    else high = middle;
  }
  return scores.length - low;
}

/** Mean of the scores that reach a threshold, 0…1; 0 of none. */
export function meanFrom(scores: Uint16Array, threshold: number): number {
  const count = countFrom(scores, threshold);
  const sum = scores.subarray(scores.length - count).reduce((a, b) => a + b, 0);
  return count === 0 ? 0 : sum / count / 1e4;
}
