import { escapeHtml } from "./escape.ts";
import { colourOf, GRID_OPACITY, INK } from "./ink.ts";

/** One line, or set of points or bars, of a chart. */
export interface Series {
  /** Name in the legend. */
  name: string;
  /** Points in data units, in the order of drawing; those that are not finite are left out. */
  points: readonly (readonly [x: number, y: number])[];
  /** Whether a line joins the points. @default {true} */
  line?: boolean;
  /** Whether the points are marked. @default {true} */
  dots?: boolean;
  /** Whether the line is dashed. @default {false} */
  dashed?: boolean;
  /** Half lengths of the points' error bars, in units of y. */
  errors?: readonly number[];
  /** What the points are called where one is pointed at. */
  labels?: readonly string[];
  /** Colour; the next of {@linkcode SERIES_COLOURS} by default. */
  colour?: string;
}

/** A vertical line across a chart. */
export interface ChartMark {
  /** Where, in units of x. */
  x: number;
  /** What is there. */
  name: string;
}

/** What {@linkcode chart} draws. */
export interface ChartOptions {
  /** Text above. */
  title: string;
  /** Label of the x axis, with its unit. */
  x: string;
  /** Label of the y axis, with its unit. */
  y: string;
  /** The data. */
  series: readonly Series[];
  /** Names of x = 0, 1, …, instead of numbers. */
  categories?: readonly string[];
  /** Whether bars stand at the points instead of lines: side by side, or on one another. */
  bars?: boolean | "stacked";
  /** Width of the bars at one place, in units of x. @default {0.8} */
  barWidth?: number;
  /** Ends of the x axis; from the data by default. */
  xRange?: readonly [number, number];
  /** Ends of the y axis; from the data by default. */
  yRange?: readonly [number, number];
  /** Whether the series are named below; where there are several by default. */
  legend?: boolean;
  /** Vertical lines. */
  marks?: readonly ChartMark[];
}

/** A bar: its place and width in units of x, its two ends in units of y. */
export interface Bar {
  /** Left side. */
  left: number;
  /** Width. */
  width: number;
  /** Where it begins: 0, or the end of the bar below. */
  from: number;
  /** Where it ends. */
  to: number;
}

/** Width of a chart in its own pixels. */
export const CHART_WIDTH = 520;

const PLOT_HEIGHT = 300;
const MARGIN = { left: 62, right: 12, top: 34, bottom: 58 };
const LEGEND_LINE = 18;
const LEGEND_COLUMNS = 3;

/** Mean width of a letter. */
const LETTER = 6.5;

/** A chart as an SVG that reads well on light and dark; a page may colour its classes. */
export function chart(options: ChartOptions): string {
  return chartRow(options.title, [options]);
}

/** Charts side by side in one SVG. */
export function chartRow(title: string, charts: readonly ChartOptions[]): string {
  const width = CHART_WIDTH * charts.length;
  const height = Math.max(...charts.map(heightOf));
  const parts = charts.map((options, i) =>
    i === 0
      ? chartBody(options)
      : `<g transform="translate(${i * CHART_WIDTH} 0)">${chartBody(options)}</g>`
  );
  return `<svg class="chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" style="max-width:100%;height:auto" ` +
    `role="img" aria-label="${escapeHtml(title)}" fill="${INK}" font-size="11" ` +
    `font-family="system-ui, sans-serif" xmlns="http://www.w3.org/2000/svg">
${parts.join("\n")}
</svg>`;
}

function chartBody(options: ChartOptions): string {
  const { title, x, y, series, categories, marks = [] } = options;
  const { xs, ys } = rangesOf(options);
  const inside = { width: CHART_WIDTH - MARGIN.left - MARGIN.right, height: plotHeight() };
  const toX = (value: number) => MARGIN.left + (value - xs[0]) / (xs[1] - xs[0]) * inside.width;
  const toY = (value: number) =>
    PLOT_HEIGHT - MARGIN.bottom - (value - ys[0]) / (ys[1] - ys[0]) * inside.height;
  const drawn = options.bars
    ? barsOf(options).map((bars, i) => barShapes(bars, series[i], i, toX, toY))
    : series.map((one, i) => lineShapes(one, i, toX, toY));
  return `<text class="title" x="${MARGIN.left}" y="18" font-size="14" font-weight="600">${
    escapeHtml(title)
  }</text>
${yAxis(ys, toY)}
${xAxis(xs, toX, categories)}
<text class="label" x="${(CHART_WIDTH + MARGIN.left) / 2}" y="${PLOT_HEIGHT - 12}" ` +
    `text-anchor="middle">${escapeHtml(x)}</text>
<text class="label" transform="translate(14 ${PLOT_HEIGHT / 2}) rotate(-90)" ` +
    `text-anchor="middle">${escapeHtml(y)}</text>
${drawn.join("\n")}
${marks.map((mark) => markOf(mark, toX)).join("")}
${hasLegend(options) ? legendOf(series) : ""}`;
}

function heightOf(options: ChartOptions): number {
  const lines = Math.ceil(options.series.length / LEGEND_COLUMNS);
  return PLOT_HEIGHT + (hasLegend(options) ? LEGEND_LINE * lines : 0);
}

/** Whether the series are named. */
export function hasLegend({ series, legend = series.length > 1 }: ChartOptions): boolean {
  return legend;
}

function plotHeight(): number {
  return PLOT_HEIGHT - MARGIN.top - MARGIN.bottom;
}

/** The ends of both axes. */
export function rangesOf(options: ChartOptions): { xs: [number, number]; ys: [number, number] } {
  const { series, categories, bars, barWidth = 0.8, xRange, yRange } = options;
  const all = series.flatMap(({ points }) => points).filter(isFinitePoint);
  const ends = bars
    ? barsOf(options).flat().flatMap(({ from, to }) => [from, to])
    : series.flatMap(endsOf).filter(Number.isFinite);
  const half = bars ? barWidth / 2 : 0;
  const xs = categories
    ? [-0.5, categories.length - 0.5] as const
    : spread(all.flatMap(([x]) => [x - half, x + half]));
  return { xs: [...xRange ?? xs], ys: [...yRange ?? spread(bars ? [0, ...ends] : ends, bars)] };
}

/** Values that must fit on the y axis: with the error bars. */
function endsOf({ points, errors }: Series): number[] {
  return points.flatMap(([, y], i) => [y - (errors?.[i] || 0), y + (errors?.[i] || 0)]);
}

/** Whether a point can be drawn. */
export function isFinitePoint([x, y]: readonly [number, number]): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

/** The bars of every series: side by side, or each on the end of the one below. */
export function barsOf({ series, bars, barWidth = 0.8 }: ChartOptions): Bar[][] {
  const tops = new Map<number, number>();
  const width = bars === "stacked" ? barWidth : barWidth / series.length;
  return series.map(({ points }, i) =>
    points.filter(isFinitePoint).map(([x, y]) => {
      if (bars !== "stacked") return { left: x - barWidth / 2 + i * width, width, from: 0, to: y };
      const from = tops.get(x) ?? 0;
      tops.set(x, from + y);
      return { left: x - barWidth / 2, width, from, to: from + y };
    })
  );
}

type Scale = (value: number) => number;

function lineShapes(series: Series, index: number, toX: Scale, toY: Scale): string {
  const { points, line = true, dots = true, dashed = false, errors, colour } = series;
  const ink = colour ?? colourOf(index);
  const drawn = points.flatMap((point, i) => isFinitePoint(point) ? [{ point, i }] : []);
  const at = drawn.map(({ point: [x, y] }) => `${short(toX(x))},${short(toY(y))}`);
  const path = `<polyline points="${at.join(" ")}" fill="none" stroke="${ink}" stroke-width="2"` +
    `${dashed ? ' stroke-dasharray="6 4"' : ""}/>`;
  const whiskers = drawn.map(({ point: [x, y], i }) =>
    errors?.[i] ? whisker(toX(x), toY(y - errors[i]), toY(y + errors[i]), ink) : ""
  );
  const marks = drawn.map(({ point: [x, y], i }) =>
    `<circle cx="${short(toX(x))}" cy="${short(toY(y))}" r="3.5" fill="${ink}">` +
    `<title>${escapeHtml(pointText(series, i))}</title></circle>`
  );
  return [line ? path : "", ...whiskers, ...dots ? marks : []].join("");
}

function whisker(x: number, low: number, high: number, ink: string): string {
  return `<line x1="${short(x)}" x2="${short(x)}" y1="${short(low)}" y2="${short(high)}" ` +
    `stroke="${ink}" stroke-width="1.5"/>`;
}

function barShapes(bars: Bar[], series: Series, index: number, toX: Scale, toY: Scale): string {
  const drawn = series.points.flatMap((point, i) => isFinitePoint(point) ? [i] : []);
  return bars.map(({ left, width, from, to }, i) => {
    const [top, bottom] = [toY(Math.max(from, to)), toY(Math.min(from, to))];
    return `<rect x="${short(toX(left))}" y="${short(top)}" ` +
      `width="${short(toX(left + width) - toX(left) - 1)}" ` +
      `height="${short(Math.max(0.5, bottom - top))}" fill="${series.colour ?? colourOf(index)}">` +
      `<title>${escapeHtml(pointText(series, drawn[i]))}</title></rect>`;
  }).join("");
}

/** What a point is, where one points at it. */
function pointText({ name, points, labels, errors }: Series, i: number): string {
  const [x, y] = points[i].map(numberText);
  const error = errors?.[i] ? ` ± ${numberText(errors[i])}` : "";
  return `${labels?.[i] ?? name}: ${x}, ${y}${error}`;
}

function markOf({ x, name }: ChartMark, toX: Scale): string {
  if (!Number.isFinite(x)) return "";
  const at = short(toX(x));
  return `<line class="mark" x1="${at}" x2="${at}" y1="${MARGIN.top}" ` +
    `y2="${PLOT_HEIGHT - MARGIN.bottom}" stroke="${INK}" stroke-dasharray="4 3"/>` +
    `<text class="tick" x="${at + 4}" y="${MARGIN.top + 10}">${escapeHtml(name)}</text>`;
}

function yAxis(range: [number, number], toY: Scale): string {
  return ticksOf(range).map((value) =>
    `<line class="grid" x1="${MARGIN.left}" x2="${CHART_WIDTH - MARGIN.right}" ` +
    `y1="${short(toY(value))}" y2="${short(toY(value))}" stroke="${INK}" ` +
    `stroke-opacity="${GRID_OPACITY}"/>` +
    `<text class="tick" x="${MARGIN.left - 6}" y="${short(toY(value) + 4)}" ` +
    `text-anchor="end">${numberText(value)}</text>`
  ).join("");
}

function xAxis(range: [number, number], toX: Scale, categories?: readonly string[]): string {
  const ticks = categories
    ? categories.map((text, i) => [i, text] as const)
    : ticksOf(range).map((value) => [value, numberText(value)] as const);
  const longest = Math.max(...ticks.map(([, text]) => text.length));
  const isCrowded = longest * LETTER * ticks.length > CHART_WIDTH - MARGIN.left - MARGIN.right;
  return ticks.map(([value, text], i) => {
    const line = isCrowded ? i % 2 : 0; // on two lines in turn
    const y = PLOT_HEIGHT - MARGIN.bottom + 16 + 12 * line;
    const x = Math.min(toX(value), CHART_WIDTH - text.length * LETTER / 2); // a long last one fits
    return `<text class="tick" x="${short(x)}" y="${y}" text-anchor="middle">` +
      `${escapeHtml(text)}</text>`;
  }).join("");
}

function legendOf(series: readonly Series[]): string {
  const column = (CHART_WIDTH - MARGIN.left) / LEGEND_COLUMNS;
  return series.map(({ name, colour }, i) => {
    const left = short(MARGIN.left + (i % LEGEND_COLUMNS) * column);
    const top = PLOT_HEIGHT + Math.floor(i / LEGEND_COLUMNS) * LEGEND_LINE;
    return `<rect x="${left}" y="${top}" width="10" height="10" fill="${colour ?? colourOf(i)}"/>` +
      `<text class="tick" x="${left + 15}" y="${top + 9}">${escapeHtml(name)}</text>`;
  }).join("");
}

/** Lowest and highest value with a little room, but none below bars that begin at 0; never equal. */
function spread(values: readonly number[], fromZero: unknown = false): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  if (!Number.isFinite(low)) return [0, 1];
  const room = 0.06 * (high - low) || 0.5;
  return [fromZero && low === 0 ? 0 : low - room, high + room];
}

/** Round numbers in a range: steps of 1, 2 or 5 times a power of ten. */
function ticksOf([low, high]: readonly [number, number]): number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough)!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** A number as people read it: six digits, no zeros after them. */
export function numberText(value: number): string {
  return String(+value.toPrecision(6));
}

function short(value: number): number {
  return +value.toFixed(1);
}
