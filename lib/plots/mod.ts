/**
 * Pictures of results: in a notebook, as an SVG, as files that need nothing but a browser.
 *
 * Every `…Figure` function makes a {@linkcode Figure}, which a notebook's cell shows: plotly where
 * there is plotly, an SVG else. {@linkcode chartFigure}, {@linkcode heatMapFigure} and
 * {@linkcode imageFigure} draw anything; the others know what they draw. {@linkcode figurePage} puts
 * figures into one HTML file; {@linkcode pickPage} makes one of micrographs with picks, truth, a
 * threshold slider and a table of scores; {@linkcode experimentPage} shows what an experiment found,
 * {@linkcode contactSheet} lays micrographs side by side. {@linkcode liveTraining} and
 * {@linkcode liveProgress} follow long work in a notebook.
 *
 * @module
 */
export { chart, type ChartMark, type ChartOptions, type Series } from "./chart.ts";
export { chartFigure, type Panel } from "./chart_figure.ts";
export { complexityFigure } from "./complexity_figure.ts";
export { contactSheet, type ContactSheetOptions } from "./contact_sheet.ts";
export { costFigure } from "./cost_figure.ts";
export { experimentPage } from "./experiment_page.ts";
export { Figure, JUPYTER_DISPLAY, type MimeBundle, type PlotlyFigure } from "./figure.ts";
export { figurePage, type FigurePageOptions } from "./figure_page.ts";
export { forgettingFigure, type ForgettingFigureOptions } from "./forgetting_figure.ts";
export { type HeatMap, heatMapFigure } from "./heat_map.ts";
export { imageFigure, type ImageFigureOptions, type ValueImage } from "./image_figure.ts";
export {
  type Display,
  type LiveOptions,
  type LiveProgress,
  liveProgress,
  type LiveTraining,
  liveTraining,
  progressText,
} from "./live.ts";
export { matrixFigure, type MatrixFigureOptions } from "./matrix_figure.ts";
export { micrographFigure, type MicrographFigureOptions } from "./micrograph_figure.ts";
export type { PageTable } from "./html_table.ts";
export { SERIES_COLOURS } from "./ink.ts";
export type { PickFigure } from "./pick_figure.ts";
export { pickPage, type PickPageOptions } from "./pick_page.ts";
export { precisionRecallFigure } from "./precision_recall_figure.ts";
export { type ScoredMicrograph, scoreFigure, type ScoreFigureOptions } from "./score_figure.ts";
export { type TrainingCourse, trainingFigure } from "./training_figure.ts";
