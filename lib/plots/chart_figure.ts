import { type ChartOptions, chartRow } from "./chart.ts";
import { chartPlotly } from "./chart_plotly.ts";
import { Figure } from "./figure.ts";

/** A chart of a figure; its title is the figure's where it has none. */
export type Panel = Omit<ChartOptions, "title"> & { title?: string };

/** A figure of charts side by side: lines, points or bars, drawn twice from one description. */
export function chartFigure(title: string, ...panels: [Panel, ...Panel[]]): Figure {
  const charts = panels.map((panel) => ({ title, ...panel }));
  return new Figure(title, chartPlotly(charts), chartRow(title, charts));
}
