import { escapeHtml } from "./escape.ts";

/** A figure as plotly.js takes it. */
export interface PlotlyFigure {
  /** Traces. */
  data: Record<string, unknown>[];
  /** Axes, texts, sliders. */
  layout: Record<string, unknown>;
  /** How it behaves on a page. */
  config: Record<string, unknown>;
}

/** Representations of one thing by their MIME types; a notebook shows the best that it can. */
export type MimeBundle = Record<string, string | PlotlyFigure>;

/** The name of the method that a notebook calls on a value to show it. */
export const JUPYTER_DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/**
 * A picture of data, twice: interactive for plotly, and as an SVG for whatever has no plotly.
 *
 * As the last value of a notebook's cell it shows itself. Both are transparent, with a middle grey
 * as ink, and so read well on light and on dark pages.
 *
 * @example
 * ```ts
 * import { JUPYTER_DISPLAY } from "@epicker/epicker/plots";
 * import { chartFigure } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const points: [number, number][] = [[0, 1], [1, 4], [2, 9]];
 * const figure = chartFigure("Squares", { x: "n", y: "n²", series: [{ name: "square", points }] });
 * assertEquals(figure.plotly.data[0].y, [1, 4, 9]);
 * assertEquals(Object.keys(figure[JUPYTER_DISPLAY]()).length, 3);
 * await Deno.writeTextFile(await Deno.makeTempFile({ suffix: ".svg" }), figure.svg);
 * ```
 */
export class Figure {
  /** What it shows, in a few words. */
  readonly title: string;
  /** The interactive figure. */
  readonly plotly: PlotlyFigure;
  /** The static one: the text of an SVG file. */
  readonly svg: string;

  /** Joins the two pictures of one thing. */
  constructor(title: string, plotly: PlotlyFigure, svg: string) {
    this.title = title;
    this.plotly = plotly;
    this.svg = svg;
  }

  /** What a notebook shows: plotly where it can, else the SVG, else the title. */
  [JUPYTER_DISPLAY](): MimeBundle {
    return {
      "application/vnd.plotly.v1+json": this.plotly,
      "image/svg+xml": this.svg,
      "text/plain": `Figure: ${this.title}`,
    };
  }
}

/** Text as plotly shows it unchanged: plotly reads some HTML tags and entities. */
export function plotlyText(text: string): string {
  return escapeHtml(text);
}
