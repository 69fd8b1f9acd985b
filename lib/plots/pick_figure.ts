import type { Pick } from "../core/mod.ts";
import type { NetworkImage } from "../preprocess/mod.ts";
import { escapeHtml } from "./escape.ts";
import { greyPngUrl } from "./grey_png.ts";

/** One micrograph of a {@linkcode pickPage}. */
export interface PickFigure {
  /** Name, shown as it is. */
  name: string;
  /** What the network saw. */
  image: NetworkImage;
  /** All candidates with their scores, in micrograph pixels; without a score they always show. */
  picks: readonly Pick[];
  /** Diameter of the circles in micrograph pixels. */
  diameter: number;
  /** The labels, where there are any, in micrograph pixels. */
  truth?: readonly Pick[];
}

/** A micrograph with circles as a `<figure>`: picks at the threshold show, weaker ones hide. */
export function pickFigure(figure: PickFigure, threshold: number): string {
  const { name, image, picks, truth, diameter } = figure;
  const [width, height] = [image.width * image.scale, image.height * image.scale];
  const escaped = escapeHtml(name);
  // Pixel (0, 0) has its centre at the origin, so the micrograph begins half a pixel before it.
  return `<figure>
<button type="button" class="picture" aria-label="Enlarge ${escaped}" aria-expanded="false">
<img alt="${escaped}" width="${image.width}" height="${image.height}" src="${greyPngUrl(image)}">
<svg viewBox="-0.5 -0.5 ${short(width)} ${short(height)}" preserveAspectRatio="none">
${truth ? `<g class="truth">${truthDots(truth, diameter)}</g>\n` : ""}<g class="picks">${
    pickCircles(picks, diameter, threshold)
  }</g>
</svg>
</button>
<figcaption><b>${escaped}</b> <output class="count">${
    picks.filter((pick) => scoreOf(pick) >= threshold).length
  }</output> picks${truth ? `, ${truth.length} true particles` : ""}</figcaption>
</figure>`;
}

/** Circles, best first, so that the picks at any threshold are the first so many. */
function pickCircles(picks: readonly Pick[], diameter: number, threshold: number): string {
  return picks.toSorted((a, b) => scoreOf(b) - scoreOf(a)).map((pick) => {
    const score = scoreOf(pick);
    const hidden = score < threshold ? ' class="weak"' : "";
    return `<circle${hidden} data-score="${score}" ${circle(pick, diameter / 2)}><title>${
      score.toFixed(3)
    }</title></circle>`;
  }).join("\n");
}

/** True particles are small discs: they stay visible under the circle of a pick. */
function truthDots(truth: readonly Pick[], diameter: number): string {
  return truth.map((pick) => `<circle ${circle(pick, diameter / 10)}/>`).join("\n");
}

function circle({ x, y }: Pick, radius: number): string {
  return `cx="${short(x)}" cy="${short(y)}" r="${short(radius)}"`;
}

function scoreOf({ score }: Pick): number {
  return score ?? 1;
}

function short(value: number): number {
  return +value.toFixed(1);
}
