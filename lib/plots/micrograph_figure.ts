import { escapeHtml } from "./escape.ts";
import type { Figure } from "./figure.ts";
import { PICK_COLOUR, TRUTH_COLOUR } from "./ink.ts";
import { countText, type Marks, marksFrom, markShapes, marksOf } from "./marks.ts";
import { markTrace, scoreLayers, scoreSlider } from "./mark_traces.ts";
import type { PickFigure } from "./pick_figure.ts";
import { contentOf, jpegUrl, shrunk } from "./picture.ts";
import { pictureFigure, STATIC_WIDTH } from "./picture_figure.ts";

/** What {@linkcode micrographFigure} may be told. */
export interface MicrographFigureOptions {
  /** Least score of the picks that show at first. @default {0} */
  threshold?: number;
  /** Longer side of the picture in its own pixels; more is sharper and larger. @default {512} */
  pixels?: number;
}

/**
 * A micrograph with its picks: circles of their diameter, fibers as lines, labels in another colour.
 *
 * In plotly a slider moves the least score, where picks have scores; the static picture has the
 * picks at the threshold.
 *
 * @example
 * ```ts
 * import { micrographFigure, preprocess } from "@epicker/epicker";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const pixels = Float32Array.from({ length: 64 * 64 }, (_, i) => i % 7);
 * const image = preprocess({ name: "a", width: 64, height: 64, pixels }, { targetSize: 64 });
 * const picks = [{ x: 20, y: 30, score: 0.9 }, { x: 50, y: 10, score: 0.2 }];
 * const figure = micrographFigure({ name: "a", image, picks, diameter: 12 }, { threshold: 0.5 });
 * assertStringIncludes(figure.svg, "1 picks, score ≥ 0.5");
 * ```
 */
export function micrographFigure(
  { name, image, picks, truth = [], diameter }: PickFigure,
  { threshold = 0, pixels = 512 }: MicrographFigureOptions = {},
): Figure {
  const [width, height] = [image.width * image.scale, image.height * image.scale];
  const marks = marksOf(picks, diameter);
  const labels = marksOf(truth, diameter);
  const shown = marksFrom(marks, threshold);
  const pixel = width / STATIC_WIDTH;
  const layers = scoreLayers(marks, threshold);
  const hasTruth = truth.length > 0;
  return pictureFigure({
    title: name,
    url: jpegUrl(shrunk(contentOf(image), pixels)),
    width,
    height,
    unit: "px of the micrograph",
    shapes: (hasTruth ? strokes(labels, TRUTH_COLOUR, 3.5 * pixel) : "") +
      strokes(shown, PICK_COLOUR, 2 * pixel),
    caption: [
      ...picks.length > 0 ? [key(PICK_COLOUR, pickText(shown, threshold))] : [],
      ...hasTruth ? [key(TRUTH_COLOUR, countText(labels, "labels"))] : [],
    ].join(" "),
    traces: [
      ...hasTruth ? [markTrace(labels, "labels", TRUTH_COLOUR, 4)] : [],
      ...picks.length > 0 ? [markTrace({ circles: [], lines: [] }, "picks", PICK_COLOUR, 2)] : [],
      ...layers.traces,
    ],
    layout: picks.some(hasScore) ? scoreSlider(layers, hasTruth ? 2 : 1, threshold) : {},
  });
}

function hasScore({ score }: { score?: number }): boolean {
  return score !== undefined;
}

function pickText(shown: Marks, threshold: number): string {
  return countText(shown, "picks") + (threshold > 0 ? `, score ≥ ${+threshold.toFixed(3)}` : "");
}

/** A line of the key below a picture. */
function key(colour: string, text: string): string {
  return `<tspan fill="${colour}" font-weight="700">◯</tspan> ${escapeHtml(text)}\u2003`;
}

/** Widths are in micrograph pixels, so that they need no style sheet. */
function strokes(marks: Marks, colour: string, width: number): string {
  return `<g fill="none" stroke="${colour}" stroke-width="${+width.toFixed(2)}" ` +
    `stroke-linejoin="round">${markShapes(marks)}</g>\n`;
}
