import { formatTable, type TableColumn } from "../evaluation/mod.ts";
import type { ExperimentResult, ExperimentRun } from "./experiment.ts";
import { matrixOf, type StrategySummary, summarise } from "./summary.ts";

/** The columns of the summary, for pages and Markdown. */
export const SUMMARY_COLUMNS: TableColumn<StrategySummary>[] = [
  { key: "strategy" },
  { key: "runs" },
  { key: "ap", title: "AP", digits: 1 },
  { key: "ar", title: "AR", digits: 1 },
  { key: "dropAp", title: "AP lost", digits: 1 },
  { key: "dropAr", title: "AR lost", digits: 1 },
  { key: "worstDropAp", title: "worst", digits: 1 },
  { key: "backwardAp", title: "BWT", digits: 1 },
  { key: "learningAp", title: "new AP", digits: 1 },
  { key: "gapAp", title: "gap", digits: 1 },
  { key: "newGapAp", title: "new gap", digits: 1 },
  { key: "foundOfJoint", title: "found", digits: 1 },
  { key: "seconds", title: "s", digits: 0 },
  { key: "secondsOfJoint", title: "% time", digits: 0 },
  { key: "megabytes", title: "MB", digits: 1 },
];

/** What the columns of the summary mean. */
export const SUMMARY_KEY: string =
  "AP, AR: on all datasets after the last stage, in percent. AP lost, AR lost: before minus after a " +
  "step on the datasets learned before it, mean over the steps (the paper's forgetting); worst: the " +
  "largest loss of AP on one dataset. BWT: backward transfer, from when a dataset was learned to " +
  "the end (AP). New AP: on an added dataset just after learning it. Gap, new gap: AP of joint " +
  "training minus this, on all data at the end and on what was just added. Found: old particles " +
  "found at the end, in percent of joint training's. s: seconds to add one dataset; % time: of " +
  "joint training's. MB: kept of old data at the end.";

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
    SUMMARY_KEY,
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
