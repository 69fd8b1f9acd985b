import type { Pick } from "../core/mod.ts";

/** One micrograph's picks and its true particles, as the scores take them. */
export interface EvaluationImage {
  /** Base name of the micrograph. */
  name: string;
  /** What was picked, in micrograph pixels; a missing score counts as 1, ties keep their order. */
  picks: readonly Pick[];
  /** The labels, in micrograph pixels. */
  truth: readonly Pick[];
  /** True diameter of the particles, in micrograph pixels. */
  diameter: number;
}

/** The score of a pick; 1 where it has none (or NaN), as picks of programs without scores. */
export function scoreOf(pick: Pick): number {
  return pick.score === undefined || Number.isNaN(pick.score) ? 1 : pick.score;
}

/** Indices of the picks in descending score; equal scores keep their order. */
export function scoreOrder(picks: readonly Pick[]): number[] {
  const scores = picks.map(scoreOf);
  return scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a]);
}
