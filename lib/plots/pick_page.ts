import { htmlPage } from "./html_page.ts";
import { htmlTable, type PageTable } from "./html_table.ts";
import { PAGE_SCRIPT } from "./page_script.ts";
import { nounOf, type PickFigure, pickFigure, shownCount } from "./pick_figure.ts";

/** What {@linkcode pickPage} shows. */
export interface PickPageOptions<Row extends object = object> {
  /** Heading. */
  title: string;
  /** A sentence below it, e.g. the model and the backend. */
  subtitle?: string;
  /** The micrographs, in order. */
  micrographs: readonly PickFigure[];
  /** Score from which candidates show at first; the slider moves it. */
  threshold: number;
  /** A table of scores on top. */
  table?: PageTable<Row>;
}

/**
 * Makes one self-contained HTML page of micrographs with their picks.
 *
 * Candidates are circles of their diameter over the image as the network saw it, fibers are lines; a
 * slider moves the score from which they show and count. Labels, where given, have another colour. The page needs no
 * network, follows the reader's light or dark setting and takes about 1.1 MB per micrograph.
 *
 * @returns The text of an `.html` file.
 *
 * @example
 * ```ts
 * import { pickPage, preprocess } from "@epicker/epicker";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const pixels = Float32Array.from({ length: 64 * 64 }, (_, i) => i % 7);
 * const image = preprocess({ name: "a", width: 64, height: 64, pixels }, { targetSize: 64 });
 * const picks = [{ x: 20, y: 30, score: 0.9 }, { x: 50, y: 10, score: 0.2 }];
 * const page = pickPage({
 *   title: "Two candidates, one pick",
 *   threshold: 0.5,
 *   micrographs: [{ name: "a", image, picks, diameter: 12 }],
 * });
 * assertStringIncludes(page, '<output class="count">1</output> picks');
 * ```
 */
export function pickPage<Row extends object>(
  { title, subtitle, micrographs, threshold, table }: PickPageOptions<Row>,
): string {
  const withTruth = micrographs.some(({ truth }) => truth !== undefined);
  return htmlPage({
    title,
    subtitle,
    script: PAGE_SCRIPT,
    body: `${table === undefined ? "" : `<div class="scroll">${htmlTable(table)}</div>`}
${controls(micrographs, threshold, withTruth)}
<main class="figures">
${micrographs.map((figure) => pickFigure(figure, threshold)).join("\n")}
</main>`,
  });
}

function controls(
  micrographs: readonly PickFigure[],
  threshold: number,
  withTruth: boolean,
): string {
  const total = micrographs.reduce((sum, figure) => sum + shownCount(figure, threshold), 0);
  const noun = micrographs.every((figure) => nounOf(figure) === "fibers") ? "fibers" : "picks";
  return `<div class="controls">
<label>Least score
<input type="range" id="threshold" min="0" max="1" step="any" value="${threshold}">
<output id="threshold-value" for="threshold">${threshold.toFixed(3)}</output></label>
<span><output id="total" for="threshold">${total}</output> ${noun}</span>
<label><input type="checkbox" id="show-picks" checked><span class="key picks"></span>Picks</label>
${
    withTruth
      ? '<label><input type="checkbox" id="show-truth" checked><span class="key truth"></span>Labels</label>\n'
      : ""
  }</div>`;
}
