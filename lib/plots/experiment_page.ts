import { complexityFigure } from "./complexity_figure.ts";
import { costFigure } from "./cost_figure.ts";
import { escapeHtml } from "./escape.ts";
import { forgettingFigure } from "./forgetting_figure.ts";
import { htmlTable } from "./html_table.ts";
import {
  describePlan,
  type ExperimentResult,
  experimentSteps,
  STEP_COLUMNS,
  summarise,
  SUMMARY_COLUMNS,
  SUMMARY_KEY,
} from "../continual/mod.ts";
import { PAGE_STYLE } from "./page_style.ts";

const CHART_STYLE = `
.charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); margin: 1rem 0; }
.chart { width: 100%; height: auto; font-family: system-ui, sans-serif; }
.chart text { fill: var(--ink); font-size: 11px; } .chart .title { font-size: 14px; font-weight: 600; }
.chart .label, .chart .tick { fill: var(--faint); } .chart .grid { stroke: var(--line); stroke-opacity: 1; }
`;

/** A page of an experiment: tables, AP over the stages, forgetting, complexity, time and storage. */
export function experimentPage(result: ExperimentResult): string {
  const { plan, backend } = result;
  const lines = summarise(result);
  const title = `Experiment: ${plan.name}`;
  const charts = [
    forgettingFigure(result),
    complexityFigure(result),
    ...[...plan.base, ...plan.added].map((dataset) => forgettingFigure(result, { dataset })),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${PAGE_STYLE}${CHART_STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(describePlan(plan))} ${escapeHtml(backend)}.</p>
<div class="scroll">${htmlTable({ rows: lines, columns: SUMMARY_COLUMNS })}</div>
<p>${escapeHtml(SUMMARY_KEY)}</p>
${costFigure(result).svg}
<div class="charts">${charts.map(({ svg }) => svg).join("\n")}</div>
<h2>Steps</h2>
<div class="scroll">${htmlTable({ rows: experimentSteps(result), columns: STEP_COLUMNS })}</div>
</body></html>
`;
}
