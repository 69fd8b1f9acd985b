import { CONFIG, LAYOUT, titleLayout } from "./chart_plotly.ts";
import { escapeHtml } from "./escape.ts";
import { Figure } from "./figure.ts";
import { INK } from "./ink.ts";

/** A picture with something drawn on it, in the picture's own pixels. */
export interface PictureOptions {
  /** What it shows. */
  title: string;
  /** The picture as a data URL; it may have fewer pixels than `width × height`. */
  url: string;
  /** Columns, in the pixels of the axes. */
  width: number;
  /** Rows, in the pixels of the axes. */
  height: number;
  /** What the axes count, e.g. `px of the micrograph`. */
  unit: string;
  /** SVG shapes in these pixels, on the picture. */
  shapes?: string;
  /** A line below the static picture, as SVG text. */
  caption?: string;
  /** Traces for plotly. */
  traces?: Record<string, unknown>[];
  /** More of plotly's layout, such as a slider. */
  layout?: Record<string, unknown>;
}

/** Width of a static picture on a page, in its pixels; a tall one is narrower. */
export const STATIC_WIDTH = 640;

/** Height of title and caption. */
const [TITLE, CAPTION] = [28, 26];

/** A figure of a picture: an SVG around it, and axes in its pixels for plotly. */
export function pictureFigure(options: PictureOptions): Figure {
  const { title, url, width, height, unit, traces = [], layout = {} } = options;
  const [x0, y0] = [-0.5, -0.5]; // pixel (0, 0) has its centre at the origin
  const axis = { showgrid: false, zeroline: false, ticks: "outside", constrain: "domain" };
  const plotly = {
    // A figure without any trace has no axes in plotly.
    data: traces.length > 0 ? traces : [{ type: "scatter", x: [null], y: [null] }],
    layout: {
      ...LAYOUT,
      height: Math.round(Math.min(1, height / width) * 600) + 160,
      title: titleLayout(title),
      images: [{
        source: url,
        xref: "x",
        yref: "y",
        x: x0,
        y: y0,
        sizex: width,
        sizey: height,
        sizing: "stretch",
        layer: "below",
      }],
      xaxis: { ...axis, range: [x0, x0 + width], title: { text: `x (${unit})` } },
      yaxis: {
        ...axis,
        range: [y0 + height, y0],
        scaleanchor: "x",
        title: { text: `y (${unit})` },
      },
      legend: { orientation: "h", y: 1, yanchor: "bottom" },
      dragmode: "pan",
      ...layout,
    },
    config: { ...CONFIG, scrollZoom: true },
  };
  return new Figure(title, plotly, pictureSvg(options));
}

function pictureSvg({ title, url, width, height, shapes = "", caption = "" }: PictureOptions) {
  const shown = height > width ? Math.round(STATIC_WIDTH * width / height) : STATIC_WIDTH;
  const tall = Math.round(shown * height / width);
  const whole = TITLE + tall + (caption === "" ? 0 : CAPTION);
  return `<svg class="picture-figure" width="${STATIC_WIDTH}" height="${whole}" ` +
    `viewBox="0 0 ${STATIC_WIDTH} ${whole}" role="img" aria-label="${
      escapeHtml(title)
    }" fill="${INK}" ` +
    `font-size="12" font-family="system-ui, sans-serif" xmlns="http://www.w3.org/2000/svg">
<text class="title" y="18" font-size="14" font-weight="600">${escapeHtml(title)}</text>
<svg y="${TITLE}" width="${shown}" height="${tall}" viewBox="-0.5 -0.5 ${+width.toFixed(
      2,
    )} ${+height
      .toFixed(2)}" preserveAspectRatio="none">
<image x="-0.5" y="-0.5" width="${+width.toFixed(2)}" height="${+height.toFixed(2)}" ` +
    `preserveAspectRatio="none" href="${url}"/>
${shapes}
</svg>
${caption === "" ? "" : `<text class="label" y="${TITLE + tall + 18}">${caption}</text>`}
</svg>`;
}
