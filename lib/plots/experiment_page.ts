import { complexityFigure } from "./complexity_figure.ts";
import { costFigure } from "./cost_figure.ts";
import { escapeHtml } from "./escape.ts";
import { forgettingFigure } from "./forgetting_figure.ts";
import { figureGrid } from "./figure_page.ts";
import { htmlPage } from "./html_page.ts";
import { htmlTable } from "./html_table.ts";
import {
  describePlan,
  type ExperimentResult,
  experimentSteps,
  STEP_COLUMNS,
  SUMMARY_COLUMNS,
  SUMMARY_KEY,
  summaryRows,
} from "../experiments/mod.ts";

/** A page of an experiment: tables, AP over the stages, forgetting, complexity, time and storage. */
export function experimentPage(result: ExperimentResult): string {
  const { plan, backend } = result;
  const lines = summaryRows(result);
  const figures = [
    costFigure(result),
    forgettingFigure(result),
    complexityFigure(result),
    ...[...plan.base, ...plan.added].map((dataset) => forgettingFigure(result, { dataset })),
  ];
  return htmlPage({
    title: `Experiment: ${plan.name}`,
    subtitle: `${describePlan(plan)} ${backend}.`,
    body: `<div class="scroll">${htmlTable({ rows: lines, columns: SUMMARY_COLUMNS })}</div>
<p>${escapeHtml(SUMMARY_KEY)}</p>
${figureGrid(figures)}
<h2>Steps</h2>
<div class="scroll">${htmlTable({ rows: experimentSteps(result), columns: STEP_COLUMNS })}</div>`,
  });
}
