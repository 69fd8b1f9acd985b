import { CONFIG, LAYOUT, titleLayout } from "./chart_plotly.ts";
import { escapeHtml } from "./escape.ts";
import { Figure, plotlyText } from "./figure.ts";
import { INK } from "./ink.ts";
import { heatColour, VIRIDIS } from "./picture.ts";

/** A table of numbers whose cells are coloured by them. */
export interface HeatMap {
  /** Text above. */
  title: string;
  /** What the columns are. */
  x: string;
  /** What the rows are. */
  y: string;
  /** What the numbers are, with their unit. */
  unit: string;
  /** Names of the columns. */
  columns: readonly string[];
  /** Names of the rows, from the top. */
  rows: readonly string[];
  /** A row of numbers for each; what is no number stays empty. */
  values: readonly (readonly number[])[];
  /** Numbers with the darkest and the brightest colour. */
  range: readonly [number, number];
  /** The text of a cell. */
  text: (value: number, row: number, column: number) => string;
}

const CELL = { width: 92, height: 34 };
const LEFT_PER_LETTER = 6.5;
const TOP = 54;

/** A figure of a {@linkcode HeatMap}, with the numbers in the cells. */
export function heatMapFigure(map: HeatMap): Figure {
  return new Figure(map.title, heatMapPlotly(map), heatMapSvg(map));
}

function heatMapSvg({ title, x, y, unit, columns, rows, values, range, text }: HeatMap): string {
  const left = 30 + LEFT_PER_LETTER * Math.max(0, ...rows.map((name) => name.length));
  const width = Math.max(left + CELL.width * columns.length + 12, 320);
  const bottom = TOP + CELL.height * rows.length;
  const cells = values.flatMap((row, i) =>
    row.map((value, j) => {
      if (!Number.isFinite(value)) return "";
      const colour = heatColour(shareOf(value, range));
      const at = { x: left + j * CELL.width, y: TOP + i * CELL.height };
      const what = `${rows[i]}, ${columns[j]}: ${text(value, i, j)}`;
      return `<rect x="${at.x}" y="${at.y}" width="${CELL.width - 2}" ` +
        `height="${CELL.height - 2}" fill="rgb(${colour})"><title>${escapeHtml(what)}</title>` +
        `</rect><text class="cell" x="${at.x + CELL.width / 2 - 1}" y="${at.y + 20}" ` +
        `font-size="12" text-anchor="middle" fill="${inkOn(colour)}" pointer-events="none">` +
        `${escapeHtml(text(value, i, j))}</text>`;
    })
  );
  const names = columns.map((name, j) =>
    `<text class="tick" x="${left + (j + 0.5) * CELL.width - 1}" y="${bottom + 16}" ` +
    `text-anchor="middle">${escapeHtml(name)}</text>`
  );
  const stages = rows.map((name, i) =>
    `<text class="tick" x="${left - 6}" y="${TOP + i * CELL.height + 20}" text-anchor="end">${
      escapeHtml(name)
    }</text>`
  );
  return `<svg class="chart" width="${width}" height="${bottom + 42}" ` +
    `viewBox="0 0 ${width} ${bottom + 42}" role="img" aria-label="${escapeHtml(title)}" ` +
    `fill="${INK}" font-size="11" font-family="system-ui, sans-serif" ` +
    `xmlns="http://www.w3.org/2000/svg">
<text class="title" x="12" y="18" font-size="14" font-weight="600">${escapeHtml(title)}</text>
<text class="label" x="12" y="38">${escapeHtml(unit)}</text>
<text class="label" x="${left + CELL.width * columns.length / 2}" y="${bottom + 34}" ` +
    `text-anchor="middle">${escapeHtml(x)}</text>
<text class="label" transform="translate(14 ${(TOP + bottom) / 2}) rotate(-90)" ` +
    `text-anchor="middle">${escapeHtml(y)}</text>
${[...cells, ...names, ...stages].join("\n")}
</svg>`;
}

function heatMapPlotly({ title, x, y, unit, columns, rows, values, range, text }: HeatMap) {
  const axis = { showgrid: false, zeroline: false, automargin: true };
  const texts = values.map((row, i) =>
    row.map((value, j) => Number.isFinite(value) ? plotlyText(text(value, i, j)) : "")
  );
  return {
    data: [{
      type: "heatmap",
      x: columns.map((_, i) => i),
      y: rows.map((_, i) => i),
      z: values.map((row) => row.map((value) => Number.isFinite(value) ? value : null)),
      text: texts,
      texttemplate: "%{text}",
      hovertemplate: "%{y}, %{x}: %{text}<extra></extra>",
      colorscale: VIRIDIS.map((colour, i) => [i / (VIRIDIS.length - 1), colour]),
      zmin: range[0],
      zmax: range[1],
      xgap: 2,
      ygap: 2,
      showscale: false,
    }],
    layout: {
      ...LAYOUT,
      margin: { ...LAYOUT.margin, t: 72 },
      height: 170 + 44 * rows.length,
      title: titleLayout(title, unit),
      xaxis: { ...axis, ...namesAt(columns), title: { text: plotlyText(x) } },
      yaxis: { ...axis, ...namesAt(rows), autorange: "reversed", title: { text: plotlyText(y) } },
    },
    config: CONFIG,
  };
}

/** Names of the whole numbers of an axis. */
function namesAt(names: readonly string[]) {
  return { tickvals: names.map((_, i) => i), ticktext: names.map(plotlyText) };
}

function shareOf(value: number, [low, high]: readonly [number, number]): number {
  return high > low ? (value - low) / (high - low) : 0;
}

/** Black or white, whichever one reads on a colour. */
function inkOn([red, green, blue]: readonly number[]): string {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#000000" : "#ffffff";
}
