import { escapeHtml } from "./escape.ts";

/** One line, or set of points, of a chart. */
export interface Series {
  /** Name in the legend. */
  name: string;
  /** Points in data units, in the order of drawing. */
  points: [x: number, y: number][];
  /** Whether a line joins the points. @default {true} */
  line?: boolean;
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
  series: Series[];
  /** Names of x = 0, 1, …, instead of numbers. */
  categories?: string[];
  /** Whether bars stand at the categories instead of lines. */
  bars?: boolean;
}

/** Okabe and Ito's colours (2008), safe for colour-blind readers; black is the ink of the page. */
export const SERIES_COLOURS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#999999",
  "#b5a600",
  "#7f3c8d",
];

const [WIDTH, HEIGHT] = [520, 300];
const MARGIN = { left: 62, right: 12, top: 34, bottom: 58 };
const LEGEND_LINE = 18;

/** A chart as an SVG element that follows the page's light or dark colours. */
export function chart({ title, x, y, series, categories, bars = false }: ChartOptions): string {
  const all = series.flatMap(({ points }) => points).filter(([, value]) => Number.isFinite(value));
  const xs = categories ? [-0.5, categories.length - 0.5] : spread(all.map((point) => point[0]));
  const ys = spread([...all.map((point) => point[1]), ...(bars ? [0] : [])]);
  const toX = (value: number) =>
    MARGIN.left + (value - xs[0]) / (xs[1] - xs[0]) * (WIDTH - MARGIN.left - MARGIN.right);
  const toY = (value: number) =>
    HEIGHT - MARGIN.bottom -
    (value - ys[0]) / (ys[1] - ys[0]) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const height = HEIGHT + LEGEND_LINE * Math.ceil(series.length / 3);
  const marks = series.map((one, i) =>
    bars ? barsOf(one, i, series.length, toX, toY) : lineOf(one, i, toX, toY)
  );
  return `<svg class="chart" viewBox="0 0 ${WIDTH} ${height}" role="img" ` +
    `aria-label="${escapeHtml(title)}" xmlns="http://www.w3.org/2000/svg">
<text class="title" x="${MARGIN.left}" y="18">${escapeHtml(title)}</text>
${yAxis(ys, toY)}
${xAxis(xs, toX, categories)}
<text class="label" x="${(WIDTH + MARGIN.left) / 2}" y="${HEIGHT - 12}" text-anchor="middle">` +
    `${escapeHtml(x)}</text>
<text class="label" transform="translate(14 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">` +
    `${escapeHtml(y)}</text>
${marks.join("\n")}
${legendOf(series)}
</svg>`;
}

type Scale = (value: number) => number;

function lineOf({ points, line = true }: Series, index: number, toX: Scale, toY: Scale): string {
  const colour = SERIES_COLOURS[index % SERIES_COLOURS.length];
  const drawn = points.filter(([, y]) => Number.isFinite(y));
  const at = drawn.map(([x, y]) => `${toX(x).toFixed(1)},${toY(y).toFixed(1)}`);
  const dots = at.map((point) => {
    const [cx, cy] = point.split(",");
    return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`;
  });
  const path = `<polyline points="${
    at.join(" ")
  }" fill="none" stroke="${colour}" stroke-width="2"/>`;
  return (line ? path : "") + dots.join("");
}

function barsOf({ points }: Series, index: number, count: number, toX: Scale, toY: Scale): string {
  const colour = SERIES_COLOURS[index % SERIES_COLOURS.length];
  const width = 0.8 / count;
  return points.filter(([, y]) => Number.isFinite(y)).map(([x, y]) => {
    const left = toX(x - 0.4 + index * width);
    const [top, bottom] = [toY(Math.max(0, y)), toY(Math.min(0, y))];
    return `<rect x="${left.toFixed(1)}" y="${top.toFixed(1)}" ` +
      `width="${(toX(x + width) - toX(x) - 1).toFixed(1)}" ` +
      `height="${Math.max(0.5, bottom - top).toFixed(1)}" fill="${colour}"/>`;
  }).join("");
}

function yAxis(range: [number, number], toY: Scale): string {
  return ticksOf(range).map((value) =>
    `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${toY(value)}" ` +
    `y2="${toY(value)}"/><text class="tick" x="${MARGIN.left - 6}" y="${toY(value) + 4}" ` +
    `text-anchor="end">${numberText(value)}</text>`
  ).join("");
}

function xAxis(range: number[], toX: Scale, categories?: string[]): string {
  const ticks = categories
    ? categories.map((text, i) => [i, text] as const)
    : ticksOf(range).map((value) => [value, numberText(value)] as const);
  return ticks.map(([value, text]) =>
    `<text class="tick" x="${toX(value).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 16}" ` +
    `text-anchor="middle">${escapeHtml(text)}</text>`
  ).join("");
}

function legendOf(series: Series[]): string {
  const column = (WIDTH - MARGIN.left) / 3;
  return series.map(({ name }, i) => {
    const left = MARGIN.left + (i % 3) * column;
    const top = HEIGHT + Math.floor(i / 3) * LEGEND_LINE;
    return `<rect x="${left}" y="${top}" width="10" height="10" ` +
      `fill="${SERIES_COLOURS[i % SERIES_COLOURS.length]}"/>` +
      `<text class="tick" x="${left + 15}" y="${top + 9}">${escapeHtml(name)}</text>`;
  }).join("");
}

/** Lowest and highest value with a little room; never equal. */
function spread(values: number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!Number.isFinite(low)) return [0, 1];
  const room = 0.06 * (high - low) || 0.5;
  return [low - room, high + room];
}

/** Round numbers in a range: steps of 1, 2 or 5 times a power of ten. */
function ticksOf([low, high]: number[]): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((value) => value >= rough)!;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

function numberText(value: number): string {
  return String(+value.toPrecision(6));
}
