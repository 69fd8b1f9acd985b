import { chart } from "./chart.ts";
import { escapeHtml } from "./escape.ts";
import { htmlTable } from "./html_table.ts";
import {
  describePlan,
  type ExperimentResult,
  type ExperimentRun,
  experimentSteps,
  STEP_COLUMNS,
  type StrategySummary,
  summarise,
  SUMMARY_COLUMNS,
  SUMMARY_KEY,
} from "../continual/mod.ts";
import { PAGE_STYLE } from "./page_style.ts";

const CHART_STYLE = `
.charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); margin: 1rem 0; }
.chart { width: 100%; height: auto; font-family: system-ui, sans-serif; }
.chart text { fill: var(--ink); font-size: 11px; } .chart .title { font-size: 14px; font-weight: 600; }
.chart .label, .chart .tick { fill: var(--faint); } .chart .grid { stroke: var(--line); }
`;

/** A page of an experiment: tables, AP over the stages, forgetting, complexity, time and storage. */
export function experimentPage(result: ExperimentResult): string {
  const { plan, backend } = result;
  const lines = summarise(result);
  const title = `Experiment: ${plan.name}`;
  const charts = [...stageCharts(result), ...summaryCharts(lines), complexityChart(result)];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${PAGE_STYLE}${CHART_STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(describePlan(plan))} ${escapeHtml(backend)}.</p>
<div class="scroll">${htmlTable({ rows: lines, columns: SUMMARY_COLUMNS })}</div>
<p>${escapeHtml(SUMMARY_KEY)}</p>
<div class="charts">${charts.join("\n")}</div>
<h2>Steps</h2>
<div class="scroll">${htmlTable({ rows: experimentSteps(result), columns: STEP_COLUMNS })}</div>
</body></html>
`;
}

/** AP of every dataset over the stages, one line per strategy, mean over the seeds. */
function stageCharts({ plan, runs }: ExperimentResult): string[] {
  const order = plan.added.map((name) => [name]);
  const last = order.length;
  const shown = runs.filter((run) => run.strategy === "joint" || isSame(run.order, order));
  return [...plan.base, ...plan.added].map((name) =>
    chart({
      title: name,
      x: "stage",
      y: "AP (%)",
      categories: ["base", ...order.map((names) => `+ ${names.join(", ")}`)],
      series: [...Map.groupBy(shown, ({ strategy }) => strategy)].map(([strategy, group]) => ({
        name: strategy,
        points: group[0].stages.map((_, stage, stages): [number, number] => [
          stage === stages.length - 1 ? last : stage, // joint training has one stage, for all
          meanAp(group, stage, name),
        ]),
      })),
    })
  );
}

function isSame(a: string[][], b: string[][]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function meanAp(runs: ExperimentRun[], stage: number, name: string): number {
  const values = runs.map(({ stages }) => 100 * stages[stage].scores[name].ap);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function summaryCharts(lines: StrategySummary[]): string[] {
  const bars = (title: string, y: string, key: keyof StrategySummary & string) =>
    chart({
      title,
      x: "",
      y,
      bars: true,
      categories: [""],
      series: lines.map((line) => ({ name: line.strategy, points: [[0, Number(line[key])]] })),
    });
  return [
    bars("Forgetting", "AP lost on old data per step (%)", "dropAp"),
    bars("Time", "seconds per added dataset", "seconds"),
    bars("Storage", "MB kept at the end", "megabytes"),
  ];
}

function complexityChart(result: ExperimentResult): string {
  const points = experimentSteps(result).filter(({ complexity }) => Number.isFinite(complexity));
  return chart({
    title: "Complexity against forgetting",
    x: "complexity of the new data, 100 / (AP + AR)",
    y: "AP lost on old data (%)",
    series: [...Map.groupBy(points, ({ strategy }) => strategy)].map(([name, group]) => ({
      name,
      line: false,
      points: group.map(({ complexity, dropAp }) => [complexity, dropAp]),
    })),
  });
}
