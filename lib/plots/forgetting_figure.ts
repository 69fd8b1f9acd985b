import { mean } from "../core/mod.ts";
import type { ExperimentResult, ExperimentRun, StageResult } from "../experiments/mod.ts";
import type { Series } from "./chart.ts";
import { chartFigure } from "./chart_figure.ts";
import type { Figure } from "./figure.ts";

/** Which lines {@linkcode forgettingFigure} draws. */
export interface ForgettingFigureOptions {
  /** A line per dataset, of this strategy. */
  strategy?: string;
  /** A line per strategy, on this dataset. */
  dataset?: string;
}

/**
 * AP after every stage of an experiment, mean over the seeds with their standard deviation.
 *
 * Of a strategy: a line per dataset. On a dataset: a line per strategy. Of neither: a line per
 * strategy, mean over the datasets learned so far. Runs in the plan's own order are drawn; joint
 * training, which learns everything at once, is the point at the end.
 */
export function forgettingFigure(
  { plan, runs }: ExperimentResult,
  { strategy, dataset }: ForgettingFigureOptions = {},
): Figure {
  const stages = plan.added.length;
  const order = JSON.stringify(plan.added.map((name) => [name]));
  const shown = runs.filter((run) => isAtOnce(run) || JSON.stringify(run.order) === order);
  const known = [...plan.base, ...plan.added];
  const series = strategy !== undefined
    ? known.map((name) =>
      lineOf(name, shown.filter((run) => run.strategy === strategy), stages, apOn(name))
    )
    : [...Map.groupBy(shown, (run) => run.strategy)].map(([name, group]) =>
      lineOf(name, group, stages, dataset === undefined ? apOnLearned : apOn(dataset))
    );
  return chartFigure(titleOf(strategy, dataset), {
    x: "stage",
    y: "AP (%)",
    categories: ["base", ...plan.added.map((name) => `+ ${name}`)],
    series,
  });
}

function titleOf(strategy?: string, dataset?: string): string {
  if (strategy !== undefined) return `${strategy}: AP on every dataset`;
  return dataset === undefined ? "AP on all that was learned" : `AP on ${dataset}`;
}

/** One stage after the base, with all datasets: joint training, which has no order. */
function isAtOnce({ strategy }: ExperimentRun): boolean {
  return strategy === "joint";
}

/** AP in percent after a stage of a run. */
type Measure = (run: ExperimentRun, stage: number) => number;

function apOn(dataset: string): Measure {
  return ({ stages }, stage) => percent(stages[stage], dataset);
}

function apOnLearned({ stages }: ExperimentRun, stage: number): number {
  const learned = stages.slice(0, stage + 1).flatMap((one) => one.learned);
  return mean(learned.map((name) => percent(stages[stage], name)));
}

function percent({ scores }: StageResult, dataset: string): number {
  return 100 * (scores[dataset]?.ap ?? NaN);
}

function lineOf(
  name: string,
  runs: readonly ExperimentRun[],
  last: number,
  measure: Measure,
): Series {
  const stages = runs[0]?.stages ?? [];
  const values = stages.map((_, stage) => runs.map((run) => measure(run, stage)));
  return {
    name,
    points: values.map((row, stage) => [stage === stages.length - 1 ? last : stage, mean(row)]),
    errors: runs.length > 1 ? values.map(deviationOf) : undefined,
  };
}

/** Standard deviation of a sample. */
function deviationOf(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
