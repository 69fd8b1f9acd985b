import { defined } from "../core/mod.ts";
import {
  barsOf,
  type ChartOptions,
  hasLegend,
  isFinitePoint,
  rangesOf,
  type Series,
} from "./chart.ts";
import { type PlotlyFigure, plotlyText } from "./figure.ts";
import { colourOf, GRID_OPACITY, INK } from "./ink.ts";

/** Grid lines. */
const GRID = `rgba(117, 123, 131, ${GRID_OPACITY})`;

/** Height of a figure in pixels; its width is that of the page. */
const HEIGHT = 400;

/** Share of the width between two charts. */
const GAP = 0.1;

/** What all figures share: no colour behind, grey ink, no logo. */
export const LAYOUT = {
  height: HEIGHT,
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  font: { color: INK, family: "system-ui, sans-serif", size: 12 },
  margin: { l: 64, r: 16, t: 48, b: 56 },
  hovermode: "closest",
};

/** A title at the left, as the SVGs have it, with a line below it where there is one. */
export function titleLayout(title: string, below = ""): Record<string, unknown> {
  const text = `<b>${plotlyText(title)}</b>${below === "" ? "" : `<br>${plotlyText(below)}`}`;
  return { text, font: { size: 14 }, x: 0.02, xanchor: "left" };
}

/** How all figures behave. */
export const CONFIG = { responsive: true, displaylogo: false };

/** Charts side by side as one plotly figure; what {@linkcode chartRow} draws as an SVG. */
export function chartPlotly(charts: readonly ChartOptions[]): PlotlyFigure {
  const named = new Set<string>();
  const data = charts.flatMap((options, panel) =>
    options.series.map((series, i) => {
      const showlegend = hasLegend(options) && !named.has(series.name);
      if (showlegend) named.add(series.name);
      return { ...traceOf(options, series, i), ...axesOf(panel), showlegend };
    })
  );
  const layout = {
    ...LAYOUT,
    ...Object.assign({}, ...charts.map((options, i) => axisLayout(options, i, charts.length))),
    annotations: charts.flatMap(titlesAndNames),
    shapes: charts.flatMap(markShapes),
    barmode: "overlay",
    legend: { orientation: "h", y: -0.22 },
  };
  return { data, layout, config: CONFIG };
}

function axesOf(panel: number): { xaxis: string; yaxis: string } {
  const suffix = panel === 0 ? "" : String(panel + 1);
  return { xaxis: `x${suffix}`, yaxis: `y${suffix}` };
}

/** A series as a trace; points that are not finite are left out, as in the SVG. */
function traceOf(options: ChartOptions, series: Series, index: number): Record<string, unknown> {
  const { line = true, dots = true, dashed = false, errors, labels } = series;
  const drawn = series.points.flatMap((point, i) => isFinitePoint(point) ? [{ point, i }] : []);
  const colour = series.colour ?? colourOf(index);
  const name = plotlyText(series.name);
  const common = defined({
    name,
    legendgroup: name,
    x: drawn.map(({ point: [x] }) => x),
    y: drawn.map(({ point: [, y] }) => y),
    hovertext: labels && drawn.map(({ i }) => plotlyText(labels[i] ?? "")),
    error_y: errors && { type: "data", array: drawn.map(({ i }) => errors[i] || 0) },
  });
  if (options.bars) {
    return { type: "bar", ...common, marker: { color: colour }, ...barPlaces(options, index) };
  }
  return {
    type: "scatter",
    mode: [line && "lines", dots && "markers"].filter(Boolean).join("+") || "none",
    ...common,
    line: { color: colour, width: 2, dash: dashed ? "dash" : "solid" },
    marker: { color: colour, size: 7 },
  };
}

/** Where the bars stand: as the SVG has them, whatever plotly would choose. */
function barPlaces(options: ChartOptions, index: number): Record<string, unknown> {
  const xs = options.series[index].points.filter(isFinitePoint).map(([x]) => x);
  const bars = barsOf(options)[index];
  return {
    base: bars.map(({ from }) => from),
    width: bars.map(({ width }) => width),
    offset: bars.map(({ left }, i) => +(left - xs[i]).toFixed(9)),
  };
}

function axisLayout(options: ChartOptions, panel: number, count: number) {
  const { xaxis, yaxis } = axesOf(panel);
  const { xs, ys } = rangesOf(options);
  const width = (1 - GAP * (count - 1)) / count;
  const left = panel * (width + GAP);
  const style = { gridcolor: GRID, zeroline: false, automargin: true };
  const ticks = options.categories && {
    tickvals: options.categories.map((_, i) => i),
    ticktext: options.categories.map(plotlyText),
  };
  return {
    [xaxis.replace("x", "xaxis")]: {
      ...style,
      showgrid: false,
      domain: [left, left + width],
      anchor: yaxis,
      range: xs,
      title: { text: plotlyText(options.x) },
      ...ticks,
    },
    [yaxis.replace("y", "yaxis")]: {
      ...style,
      anchor: xaxis,
      range: ys,
      title: { text: plotlyText(options.y) },
    },
  };
}

function titlesAndNames({ title, marks = [] }: ChartOptions, panel: number) {
  const { xaxis, yaxis } = axesOf(panel);
  const common = { showarrow: false, xanchor: "left", yanchor: "bottom" };
  const [xref, yref] = [`${xaxis} domain`, `${yaxis} domain`];
  return [
    {
      ...common,
      xref,
      yref,
      x: 0,
      y: 1.02,
      font: { size: 15 },
      text: `<b>${plotlyText(title)}</b>`,
    },
    ...marks.filter(({ x }) => Number.isFinite(x)).map(({ x, name }) => ({
      ...common,
      xref: xaxis,
      yref,
      x,
      y: 0.94,
      xshift: 4,
      text: plotlyText(name),
    })),
  ];
}

function markShapes({ marks = [] }: ChartOptions, panel: number) {
  const { xaxis, yaxis } = axesOf(panel);
  return marks.filter(({ x }) => Number.isFinite(x)).map(({ x }) => ({
    type: "line",
    xref: xaxis,
    yref: `${yaxis} domain`,
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    line: { color: INK, dash: "dash", width: 1 },
  }));
}
