import type { Figure } from "./figure.ts";
import { htmlPage } from "./html_page.ts";

/** What {@linkcode figurePage} may be told. */
export interface FigurePageOptions {
  /** Heading. */
  title: string;
  /** A sentence below it. */
  subtitle?: string;
}

/**
 * One self-contained HTML page of figures: their SVGs, with values where one points at them.
 *
 * It needs no network and follows the reader's light or dark setting. Plotly itself, 5 MB, is left
 * to notebooks.
 */
export function figurePage(figures: readonly Figure[], options: FigurePageOptions): string {
  return htmlPage({ ...options, body: figureGrid(figures) });
}

/** Figures beside and below each other; broad ones take a whole line. */
export function figureGrid(figures: readonly Figure[]): string {
  const cells = figures.map(({ svg }) =>
    `<div${/width="(\d{4})/.test(svg.slice(0, 100)) ? ' class="broad"' : ""}>${svg}</div>`
  );
  return `<main class="charts">\n${cells.join("\n")}\n</main>`;
}
