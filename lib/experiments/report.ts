import { formatTable, type TableColumn } from "../evaluation/mod.ts";
import { type ExperimentResult, type ExperimentRun, FOUND_SCORE } from "./experiment.ts";
import type { ExperimentPlan } from "./plan.ts";
import {
  type ExperimentStep,
  experimentSteps,
  matrixOf,
  type StrategySummary,
  summarise,
} from "./summary.ts";

/** The columns of the summary, for pages and Markdown. */
export const SUMMARY_COLUMNS: TableColumn<StrategySummary>[] = [
  { key: "strategy" },
  { key: "runs" },
  { key: "ap", title: "AP", digits: 1 },
  { key: "ar", title: "AR", digits: 1 },
  { key: "dropAp", title: "AP lost", digits: 1 },
  { key: "dropAr", title: "AR lost", digits: 1 },
  { key: "worstDropAp", title: "worst", digits: 1 },
  { key: "forgettingAp", title: "forgetting", digits: 1 },
  { key: "backwardAp", title: "BWT", digits: 1 },
  { key: "forwardAp", title: "FWT", digits: 1 },
  { key: "learningAp", title: "new AP", digits: 1 },
  { key: "gapAp", title: "gap", digits: 1 },
  { key: "newGapAp", title: "new gap", digits: 1 },
  { key: "found", digits: 1 },
  { key: "seconds", title: "s", digits: 0 },
  { key: "timeOfJoint", title: "% time", digits: 0 },
  { key: "megabytes", title: "MB", digits: 1 },
];

/** The columns of the table of steps. */
export const STEP_COLUMNS: TableColumn<ExperimentStep>[] = [
  { key: "strategy" },
  { key: "seed" },
  { key: "added" },
  { key: "complexity", digits: 2 },
  { key: "newAp", title: "new AP", digits: 1 },
  { key: "dropAp", title: "AP lost", digits: 1 },
  { key: "dropAr", title: "AR lost", digits: 1 },
  { key: "seconds", title: "s", digits: 0 },
  { key: "megabytes", title: "MB", digits: 1 },
];

/** What the columns mean. */
export const SUMMARY_KEY: string =
  "All scores in percent. AP, AR: on all datasets after the last stage. AP lost, AR lost: before " +
  "minus after a step on the datasets learned before it, mean over the steps (forgetting as the " +
  "paper has it); worst: the largest loss of AP on one dataset in one step. Forgetting: the best AP " +
  "of any earlier stage minus the last (Chaudhry et al. 2018); BWT: backward transfer, the last AP " +
  "minus that when the dataset was learned (Lopez-Paz and Ranzato 2017); FWT: forward transfer, AP " +
  "on a dataset just before it is learned (of an untrained network about 0). New AP: on an added " +
  "dataset just after learning it. Gap, new gap: AP of joint training on all data minus this, on " +
  "all datasets at the end and on each added one just after learning it. Found: true particles of the " +
  `base datasets that the last model finds with a score of ${FOUND_SCORE} or more. s: seconds to ` +
  "add one dataset; % time: processor seconds in percent of joint training's, which learns all data " +
  "again. MB: kept of old data at the end. Complexity: 100 / (AP + AR) of the model before a step " +
  "on the new data.";

/** An experiment as Markdown: a line per strategy, one per step, the results matrix of every run. */
export function experimentMarkdown(result: ExperimentResult): string {
  const { plan, backend, runs } = result;
  return [
    `# Experiment: ${plan.name}`,
    `${describePlan(plan)} ${backend}.`,
    formatTable(summarise(result), SUMMARY_COLUMNS),
    SUMMARY_KEY,
    "## Steps",
    formatTable(experimentSteps(result), STEP_COLUMNS),
    ...runs.map((run) => `## ${run.strategy}, seed ${run.seed}\n\nAP (%)\n\n${matrixTable(run)}`),
  ].join("\n\n") + "\n";
}

/** What an experiment does, in sentences. */
export function describePlan(
  { base, added, steps, simulation, view = "paper" }: ExperimentPlan,
): string {
  const data = simulation === undefined
    ? ""
    : ` Simulated data: ${simulation.micrographs} micrographs each (${simulation.preset}).`;
  return `Base: ${base.join(", ")}. Added: ${added.join(", ")}.${data} View: ${view}. ` +
    `${steps.base} training ` +
    `steps for the base, ${steps.added} for each added dataset, ${steps.joint} for joint training.`;
}

function matrixTable(run: ExperimentRun): string {
  const { datasets, scores } = matrixOf(run);
  const rows = scores.map((row, stage): Record<string, string | number> => ({
    after: stage === 0 ? "base" : `+ ${run.stages[stage].learned.join(", ")}`,
    ...Object.fromEntries(datasets.map((name, j) => [name, 100 * row[j].ap])),
  }));
  return formatTable(rows, ["after", ...datasets].map((key) => ({ key, digits: 1 })));
}
