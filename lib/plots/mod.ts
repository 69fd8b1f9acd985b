/**
 * Pictures of results, as files that need nothing but a browser.
 *
 * {@linkcode pickPage} makes one HTML page of micrographs with picks, truth, a threshold slider and
 * a table of scores; {@linkcode experimentPage} shows what an experiment found,
 * {@linkcode contactSheet} lays micrographs side by side.
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
export { forgettingFigure, type ForgettingFigureOptions } from "./forgetting_figure.ts";
export { type HeatMap, heatMapFigure } from "./heat_map.ts";
export { imageFigure, type ImageFigureOptions, type ValueImage } from "./image_figure.ts";
export { matrixFigure, type MatrixFigureOptions } from "./matrix_figure.ts";
export { micrographFigure, type MicrographFigureOptions } from "./micrograph_figure.ts";
export type { PageTable } from "./html_table.ts";
export { SERIES_COLOURS } from "./ink.ts";
export type { PickFigure } from "./pick_figure.ts";
export { pickPage, type PickPageOptions } from "./pick_page.ts";
export { precisionRecallFigure } from "./precision_recall_figure.ts";
export { type ScoredMicrograph, scoreFigure, type ScoreFigureOptions } from "./score_figure.ts";
export { type TrainingCourse, trainingFigure } from "./training_figure.ts";
