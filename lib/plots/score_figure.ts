import type { Pick } from "../core/mod.ts";
import { matchByDistance, RADIUS_DIAMETERS, UNMATCHED } from "../evaluation/mod.ts";
import { chartFigure } from "./chart_figure.ts";
import type { Figure } from "./figure.ts";

/** Candidates of one micrograph, with labels or without. */
export interface ScoredMicrograph {
  /** Candidates; one without a score counts as 1. */
  picks: readonly Pick[];
  /** Labels. */
  truth?: readonly Pick[];
  /** Diameter of the particles, in the same pixels. */
  diameter: number;
}

/** What {@linkcode scoreFigure} may be told. */
export interface ScoreFigureOptions {
  /** Least score of a pick, marked by a line. */
  threshold?: number;
  /** Number of bars. @default {20} */
  bins?: number;
  /** Text above. @default {"Scores of the candidates"} */
  title?: string;
}

/**
 * How many candidates have which score: right and wrong ones on one another where there are labels.
 *
 * A candidate is right within half a diameter of a particle, one to one, best first.
 */
export function scoreFigure(
  micrographs: readonly ScoredMicrograph[],
  { threshold = NaN, bins = 20, title = "Scores of the candidates" }: ScoreFigureOptions = {},
): Figure {
  const labelled = micrographs.some(({ truth }) => truth !== undefined);
  const scored = micrographs.flatMap(scoresOf);
  const series = labelled
    ? [
      { name: "on a labelled particle", scores: scored.filter(({ right }) => right) },
      { name: "elsewhere", scores: scored.filter(({ right }) => !right) },
    ]
    : [{ name: "candidates", scores: scored }];
  return chartFigure(title, {
    x: "score",
    y: "candidates",
    xRange: [0, 1],
    bars: "stacked",
    barWidth: 1 / bins,
    marks: Number.isNaN(threshold) ? [] : [{ x: threshold, name: `threshold ${threshold}` }],
    series: series.map(({ name, scores }) => ({ name, points: histogram(scores, bins) })),
  });
}

function scoresOf({ picks, truth = [], diameter }: ScoredMicrograph) {
  const matches = matchByDistance(picks, truth, RADIUS_DIAMETERS * diameter);
  return picks.map(({ score = 1 }, i) => ({ score, right: matches[i] !== UNMATCHED }));
}

/** Middles of the bins and how many scores lie in each; a score of 1 counts in the last. */
function histogram(scores: readonly { score: number }[], bins: number): [number, number][] {
  const counts = new Array<number>(bins).fill(0);
  for (const { score } of scores) {
    counts[Math.min(bins - 1, Math.max(0, Math.floor(score * bins)))]++;
  }
  return counts.map((count, i) => [(i + 0.5) / bins, count]);
}
