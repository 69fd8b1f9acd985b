import type { Doubt } from "../io/mod.ts";
import { isDirty } from "../preprocess/mod.ts";

/** Titles of doubts, for tables. */
export const DOUBT_TITLES: Readonly<Record<Doubt["kind"], string>> = {
  file: "file",
  diameter: "diameter unsure",
  contrast: "contrast inverted",
  dirty: "ice or carbon",
  empty: "nothing here",
  dense: "too dense",
};

/** Picks whose circles cover less than this part of a micrograph, and so few, may be chance. */
const EMPTY = { picks: 5, coverage: 0.005 };

/**
 * Picks whose circles would cover more than this part lie on each other: labels of crowded apoferritin
 * cover up to 0.64, discs that touch all around 0.91.
 */
const DENSE_COVERAGE = 0.75;

/** What is doubtful about a micrograph's image, whatever is picked. */
export function doubtsOfImage({ dirt = 0 }: { dirt?: number }): Doubt[] {
  if (!isDirty({ dirt })) return [];
  const text = `${Math.round(100 * dirt)} % of it is unlike the rest: carbon, ice or an edge`;
  return [{ kind: "dirty", text }];
}

/** What is doubtful about the picks of a micrograph, by their number and the area of their circles. */
export function doubtsOfPicks(
  all: readonly { diameter?: number; fiber?: number }[],
  { width, height }: { width: number; height: number },
): Doubt[] {
  const picks = all.length;
  const area = all.reduce((sum, { diameter = 0 }) => sum + Math.PI / 4 * diameter ** 2, 0);
  const coverage = area / (width * height);
  if (picks === 0) return [{ kind: "empty", text: "nothing here reaches the threshold" }];
  if (picks <= EMPTY.picks && coverage < EMPTY.coverage) {
    return [{ kind: "empty", text: "hardly anything here: the picks may be chance" }];
  }
  const isDense = coverage > DENSE_COVERAGE && all[0].fiber === undefined;
  if (!isDense) return [];
  const text = "the picks lie so dense that they touch: many may be wrong, or the diameter is";
  return [{ kind: "dense", text }];
}

/** Doubts that go with the threshold: a record does not hold them. */
export const OF_PICKS: readonly Doubt["kind"][] = ["empty", "dense"];

/** Titles of doubts in few words, each once. */
export function doubtTitles(doubts: readonly Doubt[]): string {
  return [...new Set(doubts.map(({ kind }) => DOUBT_TITLES[kind]))].join(", ");
}
