import { escapeHtml } from "./escape.ts";
import { htmlTable, type PageTable } from "./html_table.ts";
import { PAGE_SCRIPT } from "./page_script.ts";
import { PAGE_STYLE } from "./page_style.ts";
import { type PickFigure, pickFigure } from "./pick_figure.ts";

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
 * Candidates are circles over the image as the network saw it; a slider moves the score from which
 * they show and count. True particles, where given, are dots in another colour. The page needs no
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
  const heading = escapeHtml(title);
  const withTruth = micrographs.some(({ truth }) => truth !== undefined);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<h1>${heading}</h1>
${subtitle === undefined ? "" : `<p>${escapeHtml(subtitle)}</p>`}
${table === undefined ? "" : `<div class="scroll">${htmlTable(table)}</div>`}
${controls(micrographs, threshold, withTruth)}
<main class="figures">
${micrographs.map((figure) => pickFigure(figure, threshold)).join("\n")}
</main>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function controls(
  micrographs: readonly PickFigure[],
  threshold: number,
  withTruth: boolean,
): string {
  const shown = ({ picks }: PickFigure) =>
    picks.filter(({ score = 1 }) => score >= threshold).length;
  const total = micrographs.reduce((sum, figure) => sum + shown(figure), 0);
  return `<div class="controls">
<label>Least score
<input type="range" id="threshold" min="0" max="1" step="any" value="${threshold}">
<output id="threshold-value" for="threshold">${threshold.toFixed(3)}</output></label>
<span><output id="total" for="threshold">${total}</output> picks</span>
<label><input type="checkbox" id="show-picks" checked><span class="key picks"></span>Picks</label>
${
    withTruth
      ? '<label><input type="checkbox" id="show-truth" checked><span class="key truth"></span>True particles</label>\n'
      : ""
  }</div>`;
}
