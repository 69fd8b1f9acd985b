import type { Pick } from "../core/mod.ts";
import type { NetworkImage } from "../preprocess/mod.ts";
import { escapeHtml } from "./escape.ts";
import { greyPngUrl } from "./grey_png.ts";
import { countText, marksFrom, markShapes, marksOf } from "./marks.ts";

/** One micrograph of a {@linkcode pickPage} or {@linkcode micrographFigure}. */
export interface PickFigure {
  /** Name, shown as it is. */
  name: string;
  /** What the network saw. */
  image: NetworkImage;
  /**
   * All candidates with their scores, in micrograph pixels; without a score they always show. Those
   * of one `fiber`, in their order along it, are drawn as a line.
   */
  picks: readonly Pick[];
  /** Diameter of the circles in micrograph pixels, of picks without their own. */
  diameter: number;
  /** The labels, where there are any, in micrograph pixels. */
  truth?: readonly Pick[];
}

/** A micrograph with its marks as a `<figure>`: those at the threshold show, weaker ones hide. */
export function pickFigure(figure: PickFigure, threshold: number): string {
  const { name, image, picks, truth, diameter } = figure;
  const [width, height] = [image.width * image.scale, image.height * image.scale];
  const escaped = escapeHtml(name);
  const marks = marksOf(picks, diameter);
  const labels = marksOf(truth ?? [], diameter);
  // Pixel (0, 0) has its centre at the origin, so the micrograph begins half a pixel before it.
  return `<figure>
<button type="button" class="picture" aria-label="Enlarge ${escaped}" aria-expanded="false">
<img alt="${escaped}" width="${image.width}" height="${image.height}" src="${greyPngUrl(image)}">
<svg viewBox="-0.5 -0.5 ${short(width)} ${short(height)}" preserveAspectRatio="none">
${truth ? `<g class="truth">${markShapes(labels)}</g>\n` : ""}<g class="picks">${
    markShapes(marks, threshold)
  }</g>
</svg>
</button>
<figcaption><b>${escaped}</b> <output class="count">${shownCount(figure, threshold)}</output> ${
    nounOf(figure)
  }${truth ? `, ${countText(labels, "labels")}` : ""}</figcaption>
</figure>`;
}

/** How many picks and fibers reach the threshold. */
export function shownCount({ picks, diameter }: PickFigure, threshold: number): number {
  const { circles, lines } = marksFrom(marksOf(picks, diameter), threshold);
  return circles.length + lines.length;
}

/** What a micrograph's marks are called. */
export function nounOf({ picks }: PickFigure): string {
  return picks.some(({ fiber }) => fiber !== undefined) ? "fibers" : "picks";
}

function short(value: number): number {
  return +value.toFixed(1);
}
