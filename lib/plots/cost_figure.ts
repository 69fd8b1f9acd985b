import { type ExperimentResult, type StrategySummary, summarise } from "../experiments/mod.ts";
import type { Panel } from "./chart_figure.ts";
import { chartFigure } from "./chart_figure.ts";
import type { Figure } from "./figure.ts";
import { colourOf } from "./ink.ts";

/** What each strategy costs: AP lost on old data, seconds per added dataset, megabytes kept. */
export function costFigure(result: ExperimentResult): Figure {
  const lines = summarise(result);
  return chartFigure(
    "What a strategy costs",
    barsOf(lines, "Forgetting", "AP lost on old data per step (%)", ({ dropAp }) => dropAp),
    barsOf(lines, "Time", "seconds per added dataset", ({ seconds }) => seconds),
    barsOf(lines, "Storage", "MB kept at the end", ({ megabytes }) => megabytes),
  );
}

/** A bar per strategy. */
function barsOf(
  lines: readonly StrategySummary[],
  title: string,
  y: string,
  of: (line: StrategySummary) => number,
): Panel {
  return {
    title,
    x: "",
    y,
    bars: "stacked",
    legend: false,
    categories: lines.map(({ strategy }) => strategy),
    series: lines.map((line, i) => ({
      name: line.strategy,
      colour: colourOf(i),
      points: [[i, of(line)]],
      labels: [line.strategy],
    })),
  };
}
