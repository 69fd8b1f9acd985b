import { formatTable, type TableColumn } from "../evaluation/mod.ts";
import type { ExperimentResult, ExperimentRun } from "./experiment.ts";
import { matrixOf, type StrategySummary, summarise } from "./summary.ts";

/** The columns of the summary, for pages and Markdown. */
export const SUMMARY_COLUMNS: TableColumn<StrategySummary>[] = [
  { key: "strategy" },
  { key: "runs", title: "runs" },
  { key: "ap", title: "AP, all data, at the end (%)", digits: 1 },
  { key: "ar", title: "AR (%)", digits: 1 },
  { key: "dropAp", title: "AP lost on old data per step", digits: 1 },
  { key: "dropAr", title: "AR lost per step", digits: 1 },
  { key: "worstDropAp", title: "worst loss of AP", digits: 1 },
  { key: "backwardAp", title: "backward transfer (AP)", digits: 1 },
  { key: "learningAp", title: "AP on new data (%)", digits: 1 },
  { key: "gapAp", title: "behind joint, all data (AP)", digits: 1 },
  { key: "newGapAp", title: "behind joint, new data (AP)", digits: 1 },
  { key: "foundOfJoint", title: "old particles found, of joint's (%)", digits: 1 },
  { key: "seconds", title: "s per dataset", digits: 0 },
  { key: "secondsOfJoint", title: "time of joint (%)", digits: 0 },
  { key: "megabytes", title: "MB kept", digits: 1 },
];

/** An experiment as Markdown: a line per strategy, then the results matrix of every run. */
export function experimentMarkdown(result: ExperimentResult): string {
  const { plan, backend, runs } = result;
  return [
    `# Experiment: ${plan.name}`,
    `Base: ${plan.base.join(", ")}. Added: ${
      plan.added.join(", ")
    }. ${plan.steps.base} steps for the ` +
    `base, ${plan.steps.added} for each added dataset, ${plan.steps.joint} for joint training. ` +
    `${backend}.`,
    formatTable(summarise(result), SUMMARY_COLUMNS),
    ...runs.map((run) => `## ${run.strategy}, seed ${run.seed}\n\nAP (%)\n\n${matrixTable(run)}`),
  ].join("\n\n") + "\n";
}

function matrixTable(run: ExperimentRun): string {
  const { datasets, scores } = matrixOf(run);
  const rows = scores.map((row, stage): Record<string, string | number> => ({
    after: stage === 0 ? "base" : `+ ${run.stages[stage].learned.join(", ")}`,
    ...Object.fromEntries(datasets.map((name, j) => [name, 100 * row[j].ap])),
  }));
  return formatTable(rows, ["after", ...datasets].map((key) => ({ key, digits: 1 })));
}
