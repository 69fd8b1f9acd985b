import { formatTable, type Interval, type TableColumn } from "../evaluation/mod.ts";
import { COMPARED, compareStrategies, complexityCorrelations } from "./comparison.ts";
import type { ExperimentPlan } from "./plan.ts";
import {
  type ExperimentStep,
  experimentSteps,
  matrixOf,
  type Measures,
  summarise,
} from "./summary.ts";
import type { ExperimentResult, ExperimentRun } from "./types.ts";

/** Titles and decimals of the measures in tables, in their order. */
const MEASURES: [key: keyof Measures, title: string, digits?: number][] = [
  ["ap", "AP"],
  ["ar", "AR"],
  ["dropAp", "AP lost"],
  ["dropAr", "AR lost"],
  ["worstDropAp", "worst"],
  ["forgettingAp", "forgetting"],
  ["backwardAp", "BWT"],
  ["forwardAp", "FWT"],
  ["learningAp", "new AP"],
  ["gapAp", "gap"],
  ["newGapAp", "new gap"],
  ["stabilityGap", "stability gap"],
  ["found", "found"],
  ["precision", "precision"],
  ["cpuSeconds", "cpu s", 0],
  ["timeOfJoint", "% time", 0],
  ["megabytes", "MB"],
];

/** A line of a table with intervals: texts by the names of its columns. */
export type SummaryRow = Record<string, string | number>;

/** The columns of {@linkcode summaryRows}, for pages and Markdown. */
export const SUMMARY_COLUMNS: TableColumn<SummaryRow>[] = [
  { key: "strategy" },
  { key: "runs" },
  ...MEASURES.map(([key, title]): TableColumn<SummaryRow> => ({ key, title, align: "right" })),
];

/** The summary of every strategy as texts, means with half of their 95 % intervals. */
export function summaryRows(result: ExperimentResult): SummaryRow[] {
  return summarise(result).map(({ strategy, runs, intervals }) => ({
    strategy,
    runs,
    ...Object.fromEntries(MEASURES.map(([key, , digits = 1]) => {
      return [key, withHalf(intervals[key], digits)];
    })),
  }));
}

function withHalf({ value, high }: Interval, digits: number): string {
  if (Number.isNaN(value)) return "–";
  const half = high - value;
  return value.toFixed(digits) + (Number.isNaN(half) ? "" : ` ± ${half.toFixed(digits)}`);
}

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
  "All scores in percent, means over seeds and orders; ± half of a 95 % interval by Student's t, " +
  "as if runs were independent. AP, AR: on all datasets after the last stage. AP lost, AR lost: before " +
  "minus after a step on the datasets learned before it, mean over the steps (forgetting as the " +
  "paper has it); worst: the largest loss of AP on one dataset in one step. Forgetting: the best AP " +
  "of any earlier stage minus the last (Chaudhry et al. 2018); BWT: backward transfer, the last AP " +
  "minus that when the dataset was learned (Lopez-Paz and Ranzato 2017); FWT: forward transfer, AP " +
  "on a dataset just before it is learned (of an untrained network about 0). New AP: on an added " +
  "dataset just after learning it. Gap, new gap: AP of joint training on all data minus this, on " +
  "all datasets at the end and on each added one just after learning it; of several joint trainings " +
  "the best on these very scores. Stability gap: deepest fall of the AP on held-out micrographs of " +
  "the old datasets while a step is trained (De Lange et al. 2023). Found, precision: true particles of " +
  "the base datasets that the last model finds at its own threshold, and the share of its picks that " +
  "is right. Cpu s: processor seconds to add one dataset; % time: in percent of the shortest joint " +
  "training, which learns all data again. MB: kept of old data, or of models, at the end. Complexity: " +
  "100 / (AP + AR) of the model before a step on the new data.";

/** An experiment as Markdown: summary, comparisons, steps, and the results matrix of every run. */
export function experimentMarkdown(result: ExperimentResult): string {
  const { plan, backend, runs } = result;
  const compared = comparisonRows(result);
  return [
    `# Experiment: ${plan.name}`,
    `${describePlan(plan)} ${backend}.${unfinished(result)}`,
    formatTable(summaryRows(result), SUMMARY_COLUMNS),
    SUMMARY_KEY,
    ...(compared.length > 0
      ? [
        "## Against `epicker`",
        "Differences of runs of the same seed and order, which have the base model and the crops of " +
        "the new data in common, with half of the 95 % intervals of paired t tests. AP by micrographs: " +
        "95 % of the mean difference of the AP of single micrographs, every dataset counting the same, " +
        "when micrographs are drawn again (bootstrap).",
        formatTable(compared, COMPARISON_COLUMNS),
      ]
      : []),
    "## Complexity",
    formatTable(complexityCorrelations(result), COMPLEXITY_COLUMNS),
    "Spearman's ρ of the complexity of what a step learns and what it costs the old datasets, p by " +
    "permutation; steps of one seed are not independent.",
    "## Steps",
    formatTable(experimentSteps(result), STEP_COLUMNS),
    ...runs.map((run) => `## ${run.strategy}, seed ${run.seed}\n\nAP (%)\n\n${matrixTable(run)}`),
  ].join("\n\n") + "\n";
}

/** The columns of {@linkcode comparisonRows}. */
export const COMPARISON_COLUMNS: TableColumn<SummaryRow>[] = [
  { key: "strategy" },
  { key: "pairs" },
  ...MEASURES.filter(([key]) => (COMPARED as readonly string[]).includes(key))
    .map(([key, title]): TableColumn<SummaryRow> => ({ key, title, align: "right" })),
  { key: "byMicrograph", title: "AP by micrographs", align: "right" },
];

/** Every strategy against `epicker` as texts: mean differences with half of their 95 % intervals. */
export function comparisonRows(result: ExperimentResult): SummaryRow[] {
  return compareStrategies(result).map(({ strategy, pairs, differences, byMicrograph }) => ({
    strategy,
    pairs,
    byMicrograph: byMicrograph === undefined ? "–" : fromTo(byMicrograph),
    ...Object.fromEntries(
      Object.entries(differences).map(([key, { value, high }]) => {
        const half = high - value;
        const sign = value > 0 ? "+" : "";
        return [key, sign + withHalf({ value, high, low: value - half }, 1)];
      }),
    ),
  }));
}

function fromTo({ low, high }: Interval): string {
  return [low, high].map((end) => (end > 0 ? "+" : "") + end.toFixed(1)).join(" to ");
}

/** The columns of the table of {@linkcode complexityCorrelations}. */
export const COMPLEXITY_COLUMNS: TableColumn<ReturnType<typeof complexityCorrelations>[number]>[] =
  [
    { key: "strategy" },
    { key: "steps" },
    { key: "rhoAp", title: "ρ with AP lost", digits: 2 },
    { key: "pAp", title: "p", digits: 2 },
    { key: "rhoAr", title: "ρ with AR lost", digits: 2 },
    { key: "pAr", title: "p", digits: 2 },
  ];

function unfinished({ planned, runs }: ExperimentResult): string {
  return planned === undefined || planned === runs.length
    ? ""
    : ` Unfinished: ${runs.length} of ${planned} runs.`;
}

/** What an experiment does, in sentences. */
export function describePlan(
  { base, added, steps, simulation, view = "paper", rotates, scoredOn }: ExperimentPlan,
): string {
  const data = simulation === undefined
    ? ""
    : ` Simulated data: ${simulation.micrographs} micrographs each (${simulation.preset}).`;
  const turns = rotates ? " Other orders are rotations of all of them." : "";
  const chosen = scoredOn === "validation"
    ? " Scored on held-out training micrographs: to choose by, not to report."
    : "";
  return `Base: ${base.join(", ")}. Added: ${added.join(", ")}.${turns}${data} View: ${view}. ` +
    `${steps.base} training ` +
    `steps for the base, ${steps.added} for each added dataset, ${steps.joint} for joint training.` +
    chosen;
}

function matrixTable(run: ExperimentRun): string {
  const { datasets, scores } = matrixOf(run);
  const rows = scores.map((row, stage): Record<string, string | number> => ({
    after: stage === 0 ? "base" : `+ ${run.stages[stage].learned.join(", ")}`,
    ...Object.fromEntries(datasets.map((name, j) => [name, 100 * row[j].ap])),
  }));
  return formatTable(rows, ["after", ...datasets].map((key) => ({ key, digits: 1 })));
}
