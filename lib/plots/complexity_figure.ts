import { type ExperimentResult, experimentSteps } from "../experiments/mod.ts";
import { chartFigure } from "./chart_figure.ts";
import type { Figure } from "./figure.ts";

/** What a step cost on old data against how unlike them the new data were: a point per step. */
export function complexityFigure(result: ExperimentResult): Figure {
  const steps = experimentSteps(result).filter(({ complexity }) => Number.isFinite(complexity));
  return chartFigure("Complexity against forgetting", {
    x: "complexity of the new data, 100 / (AP + AR)",
    y: "AP lost on old data (%)",
    series: [...Map.groupBy(steps, ({ strategy }) => strategy)].map(([name, group]) => ({
      name,
      line: false,
      points: group.map(({ complexity, dropAp }) => [complexity, dropAp] as const),
      labels: group.map(({ added, seed }) => `${name} + ${added}, seed ${seed}`),
    })),
  });
}
