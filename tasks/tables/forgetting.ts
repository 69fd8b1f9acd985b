import { formatTable, type StrategySummary, summarise } from "../../mod.ts";
import {
  COMPARISON_COLUMNS,
  comparisonRows,
  complexityCorrelations,
  type ExperimentResult,
  type ExperimentRun,
  SUMMARY_COLUMNS,
  summaryRows,
} from "../../lib/experiments/mod.ts";
import { mean, readExperiment, type Tables } from "./_read.ts";

/** What the paper says of the same measures (Zhang et al. 2022): the texts explain the numbers. */
const PAPER = [
  { strategy: "EPicker in the paper", dropAp: "1 to 3 ¹", found: "96 to 97 ²", timeOfJoint: "40" },
  { strategy: "fine-tuning in the paper", found: "65 ²" },
];

/** Steps of joint training of `real` up to which its AP was seen to rise a good deal (.886 at 900). */
const LONG = 3366;

/** Forgetting in the committed experiments. */
export async function forgettingTables(): Promise<Tables> {
  const [paper, real, short, twins, chosen] = await Promise.all(
    ["paper", "real", "forgetting", "twins", "selection"].map(readExperiment),
  );
  return {
    "forgetting-particle": particleTable(short),
    "forgetting-particle-pairs": formatTable(comparisonRows(short), COMPARISON_COLUMNS),
    twins: particleTable(twins),
    "twins-pairs": formatTable(comparisonRows(twins), COMPARISON_COLUMNS),
    "twins-complexity": complexityTable(twins),
    selection: selectionTable(chosen),
    "forgetting-paper": summaryTable(paper),
    "forgetting-real": summaryTable(real),
    "real-note": realNote(real),
    "found-paper": foundTable(paper),
    "found-real": foundTable(real),
    complexity: complexityTable(paper),
    asked: askedTable(real, paper),
  };
}

/** Measures of the experiment in the view `particle` that results show; its report has all. */
const SHOWN = [
  "strategy",
  "runs",
  "ap",
  "dropAp",
  "worstDropAp",
  "learningAp",
  "gapAp",
  "stabilityGap",
]
  .concat(["found", "precision", "cpuSeconds", "megabytes"]);

function particleTable(result: ExperimentResult): string {
  const { planned = 0, runs } = result;
  const table = formatTable(
    summaryRows(result),
    SUMMARY_COLUMNS.filter(({ key }) => SHOWN.includes(key)),
  );
  return planned === runs.length
    ? table
    : `${table}\n\n${runs.length} of ${planned} runs were made.`;
}

/** What strategies are chosen by: AP on all at the end, and how it differs from `epicker`'s. */
function selectionTable(result: ExperimentResult): string {
  const compared = new Map(comparisonRows(result).map((row) => [row.strategy, row]));
  const rows = summarise(result).map(({ strategy, runs, ap, dropAp, learningAp }) => {
    const difference = compared.get(strategy)?.ap ?? "–";
    return { strategy: `\`${strategy}\``, runs, ap, difference, dropAp, learningAp };
  });
  return formatTable<typeof rows[number]>(rows, [
    "strategy",
    "runs",
    { key: "ap", title: "AP on all", digits: 1 },
    { key: "difference", title: "minus `epicker`, in pairs", align: "right" },
    { key: "dropAp", title: "AP lost", digits: 1 },
    { key: "learningAp", title: "new AP", digits: 1 },
  ]);
}

function summaryTable(result: ExperimentResult): string {
  const lines = summarise(result).map(({ backwardAp, intervals: _, ...line }) => ({
    lost: -backwardAp,
    ...line,
  }));
  type Line = { [K in keyof (typeof lines)[number]]?: string | number };
  const steps = result.plan.steps.joint;
  const rows: Line[] = [
    ...PAPER,
    ...lines.map((line) =>
      line.strategy === "joint" ? { ...line, strategy: `joint, ${steps} steps` } : line
    ),
  ];
  return formatTable(rows, [
    { key: "strategy" },
    { key: "runs", title: "seeds" },
    { key: "ap", title: "AP on all at the end", digits: 1 },
    { key: "dropAp", title: "AP lost per step", digits: 1 },
    { key: "lost", title: "from learning to the end", digits: 1 },
    { key: "found", title: "old particles found", digits: 1 },
    { key: "learningAp", title: "AP on new data", digits: 1 },
    { key: "gapAp", title: "joint − this, all", digits: 1 },
    { key: "newGapAp", title: "new", digits: 1 },
    { key: "timeOfJoint", title: "% of joint's time", digits: 0 },
    { key: "megabytes", title: "MB kept", digits: 1 },
  ]);
}

/** Under which conditions the committed run of `real` was made. */
function realNote({ plan: { steps: { joint, added } } }: ExperimentResult): string {
  return joint < LONG
    ? `Joint training had ${joint} steps here and has not converged (${LONG} steps give an AP of 91.2), ` +
      "so that the gaps to it read too small; ribosomes were scored without ignore regions."
    : `Joint training had ${joint} steps, ${
      joint / added
    } times those of one added dataset; whether more would help it was not tried. ` +
      "Ribosomes were scored with ignore regions.";
}

/** Runs of a strategy, one dataset after another or all at once. */
function runsOf({ runs }: ExperimentResult, strategy: string, atOnce = false): ExperimentRun[] {
  return runs.filter((run) =>
    run.strategy === strategy && (strategy === "joint" || (run.order.length === 1) === atOnce)
  );
}

/** A model: what it is called, its runs, and the stage of them (-1 is the last). */
type FoundBy = [title: string, runs: ExperimentRun[], stage: number];

/** Share of the true particles of each base dataset that is found, after what. */
function foundTable(result: ExperimentResult): string {
  const { base, added } = result.plan;
  const fineTuned = runsOf(result, "fine-tune");
  const models: FoundBy[] = [
    ["base model", fineTuned, 0],
    ...added.map((name, i): FoundBy => {
      return [i === 0 ? `fine-tuned on ${name}` : `then on ${name}`, fineTuned, i + 1];
    }),
    ["fine-tuned on all at once", runsOf(result, "fine-tune", true), -1],
    ["EPicker here", runsOf(result, "epicker"), -1],
    [`joint, ${result.plan.steps.joint} steps`, runsOf(result, "joint"), -1],
  ];
  const rows = models.filter(([, runs]) => runs.length > 0).map(([model, runs, stage]) => {
    const found = base.map((name) =>
      100 * mean(runs.map(({ stages }) => stages.at(stage)!.scores[name].recall))
    );
    const cells: Record<string, string | number> = { model };
    base.forEach((name, i) => cells[name] = found[i]);
    return { ...cells, mean: mean(found) };
  });
  return formatTable<Record<string, string | number>>(rows, [
    "model",
    ...[...base, "mean"].map((key) => ({ key, digits: 1 })),
  ]);
}

/** Rank correlation of the complexity of new data with what learning them costs the old. */
function complexityTable(result: ExperimentResult): string {
  return formatTable(complexityCorrelations(result), [
    "strategy",
    "steps",
    { key: "rhoAp", title: "ρ with AP lost", digits: 2 },
    { key: "pAp", title: "p", digits: 2 },
    { key: "rhoAr", title: "ρ with AR lost", digits: 2 },
    { key: "pAr", title: "p", digits: 2 },
  ]);
}

/** What was asked of `epicker`, and what came out. */
function askedTable(real: ExperimentResult, paper: ExperimentResult): string {
  const [one, other] = [real, paper].map((result) =>
    new Map(summarise(result).map((line) => [line.strategy, line]))
  );
  const columns: [Map<string, StrategySummary>, string][] = [
    [one, ""],
    [other, ""],
    [other, " (at once)"],
  ];
  const row = (asked: string, digits: number, key: keyof StrategySummary, ...names: string[]) => {
    const cells = columns.map(([lines, way]) => {
      const values = names.map((name) => lines.get(name === "joint" ? name : name + way)?.[key]);
      const [own, ...others] = values.map((value) => Number(value).toFixed(digits));
      return others.length > 0 ? `${own} (${others.join(", ")})` : own;
    });
    return { asked, real: cells[0], paper: cells[1], atOnce: cells[2] };
  };
  const beside = ["epicker", "joint", "fine-tune"];
  return formatTable([
    row("AP lost on old sets per step, at most 2", 1, "dropAp", "epicker", "fine-tune"),
    row("AP below joint training on new sets, at most 3", 1, "newGapAp", "epicker"),
    row("% of the old true particles found", 1, "found", ...beside),
    row("% of joint training's time to add a set, at most 40", 0, "timeOfJoint", "epicker"),
    row("MB kept at the end, at most 2 a set (4, 10, 10 sets)", 1, "megabytes", "epicker"),
    row("AP on everything at the end", 1, "ap", ...beside),
  ], [
    { key: "asked", title: "asked of `epicker` (joint, fine-tuning in brackets)" },
    { key: "real", title: "`real`", align: "right" },
    { key: "paper", title: "`paper`", align: "right" },
    { key: "atOnce", title: "`paper`, five sets at once", align: "right" },
  ]);
}
