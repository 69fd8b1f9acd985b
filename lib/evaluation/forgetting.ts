import { mean } from "../core/mod.ts";

/** Scores of one model on one dataset, 0…1. */
export interface Score {
  /** Average precision (IoU 0.5). */
  ap: number;
  /** Average recall (IoU 0.5). */
  ar: number;
}

/** Scores of a model that learns datasets in stages; stage 0 is the base model. */
export interface ResultMatrix {
  /** The datasets, in the order of learning. */
  datasets: string[];
  /** The stage in which each dataset was learned. */
  learnedAt: number[];
  /** Row i: scores on every dataset after stage i, also on those not yet learned. */
  scores: Score[][];
}

/** A model's record over all stages, AP and AR in 0…1. */
export interface ContinualScores {
  /** Mean of the last row: how good the final model is on everything. */
  average: Score;
  /**
   * Backward transfer: mean over the datasets of earlier stages of R[last][j] − R[learned][j]
   * (Lopez-Paz and Ranzato, 2017). Below 0 is forgetting; its negative is what avalanche reports.
   */
  backward: Score;
  /** Forgetting: mean of max over the stages before the last − last (Chaudhry et al., 2018). */
  forgetting: Score;
  /** Forgetting as the paper has it: drop on what was learned before, by one step, mean over steps. */
  stepForgetting: Score;
  /**
   * Forward transfer without its baseline: mean of R[learned − 1][j], what the model knows of a
   * dataset before learning it. Subtract an untrained network's scores (about 0) for FWT.
   */
  forward: Score;
  /** Learning accuracy: mean of R[learned][j], how well each dataset is learned when it comes. */
  learning: Score;
}

/**
 * Complexity of new data for a model that has not learned them: 100 / (AP + AR), both in percent
 * (Zhang et al., Nat. Commun. 2022). 0.5 is a dataset without any difficulty, ∞ one without a hit.
 */
export function complexity({ ap, ar }: Score): number {
  return 1 / (ap + ar);
}

/**
 * Drop of the scores of one dataset by one stage: R[stage − 1][j] − R[stage][j].
 *
 * @param stage From 1.
 */
export function dropOf({ scores }: ResultMatrix, stage: number, dataset: number): Score {
  return combine(scores[stage - 1][dataset], scores[stage][dataset], (before, now) => before - now);
}

/**
 * Averages over a results matrix; NaN where there is nothing to average.
 *
 * @example
 * ```ts
 * import { continualScores } from "@epicker/epicker";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const at = (ap: number) => ({ ap, ar: ap });
 * const { backward, learning } = continualScores({
 *   datasets: ["old", "new"],
 *   learnedAt: [0, 1],
 *   scores: [[at(0.9), at(0.2)], [at(0.7), at(0.8)]],
 * });
 * assertAlmostEquals(backward.ap, -0.2);
 * assertAlmostEquals(learning.ap, 0.85);
 * ```
 */
export function continualScores(matrix: ResultMatrix): ContinualScores {
  const { datasets, learnedAt, scores } = matrix;
  const last = scores.length - 1;
  const all = [...datasets.keys()];
  const earlier = all.filter((j) => learnedAt[j] < last);
  const later = all.filter((j) => learnedAt[j] > 0);
  const drops = scores.keys().drop(1).toArray().flatMap((stage) =>
    all.filter((j) => learnedAt[j] < stage).map((j) => dropOf(matrix, stage, j))
  );
  return {
    average: meanOf(all.map((j) => scores[last][j])),
    backward: meanOf(
      earlier.map((j) => combine(scores[last][j], scores[learnedAt[j]][j], (a, b) => a - b)),
    ),
    forgetting: meanOf(earlier.map((j) => {
      const known = scores.slice(learnedAt[j], last).map((row) => row[j]);
      const best = known.reduce((a, b) => combine(a, b, Math.max));
      return combine(best, scores[last][j], (a, b) => a - b);
    })),
    stepForgetting: meanOf(drops),
    forward: meanOf(later.map((j) => scores[learnedAt[j] - 1][j])),
    learning: meanOf(all.map((j) => scores[learnedAt[j]][j])),
  };
}

function combine(a: Score, b: Score, of: (a: number, b: number) => number): Score {
  return { ap: of(a.ap, b.ap), ar: of(a.ar, b.ar) };
}

function meanOf(scores: Score[]): Score {
  return { ap: mean(scores.map(({ ap }) => ap)), ar: mean(scores.map(({ ar }) => ar)) };
}
