import { LEAST_PROBABILITY, mean } from "../core/mod.ts";
import { formatTable, type TableColumn } from "../evaluation/mod.ts";
import type { UnseenCell, UnseenReport, UnseenResult } from "./unseen.ts";
import { calibrationOf } from "./unseen_calibration.ts";
import type { UnseenScore } from "./unseen_score.ts";

/** A picker's scores on a kind that it has not seen, in percent: means over the seeds. */
export interface UnseenLine extends Record<string, string | number> {
  /** The kind. */
  kind: string;
  /** Whose picks. */
  picker: string;
  /** Seeds that were run, and those of the plan; of other pickers nothing. */
  runs: string;
}

/** Columns of {@linkcode unseenLines}. */
export const UNSEEN_COLUMNS: TableColumn<UnseenLine>[] = [
  { key: "kind" },
  { key: "picker" },
  { key: "runs" },
  { key: "ap", title: "AP", digits: 1 },
  { key: "f1", title: "F1", digits: 1 },
  { key: "bestF1", title: "best F1", digits: 1 },
  { key: "apEqual", title: "AP of as many", digits: 1 },
  { key: "empty", title: "picks on empty", digits: 1 },
  { key: "most", digits: 0 },
];

/** What the columns mean. */
const KEY =
  "Scores in percent on the test micrographs of a kind that the model has not seen. F1: of " +
  `probabilities of at least ${LEAST_PROBABILITY}, by a calibration fitted to the other kinds; best ` +
  "F1: over all thresholds of the scores. AP of as many: of the best picks, as many as there are " +
  "labels in each micrograph. Picks on empty: of those probabilities, on held-out micrographs with " +
  "nothing to pick, mean and most. Where no other kind was run, both are of the scores at the " +
  "threshold that was best for the kinds that the model has learned.";

/** A line for every model of the plan, mean over its seeds, and for every other picker. */
export function unseenLines({ plan, cells, others }: UnseenReport): UnseenLine[] {
  return plan.kinds.flatMap((kind) => [
    ...plan.sources.map((source) =>
      lineOf(source, cells.filter((cell) => cell.kind === kind && cell.source === source))
    ),
    ...others.filter((other) => other.kind === kind)
      .map(({ picker, score }): UnseenLine => ({ kind, picker, runs: "", ...percent([score]) })),
  ]);
}

function lineOf(source: string, cells: UnseenCell[]): UnseenLine {
  const { kind } = cells[0];
  const picker = `learned from ${source}`;
  const results = cells.flatMap(({ result }) => result ? asUsed(result) : []);
  if (results.length === 0) return { kind, picker, runs: "not run" };
  const empties = results.flatMap(({ empties }) => empties ?? []);
  return {
    kind,
    picker,
    runs: `${results.length} of ${cells.length}`,
    ...percent(results.map(({ score }) => score)),
    ...(empties.length > 0 && {
      empty: mean(empties.map((count) => count.mean)),
      most: Math.max(...empties.map((count) => count.most)),
    }),
  };
}

/** Scores and picks where nothing is as users have them, where that is known. */
function asUsed({ score, empties, calibrated }: UnseenResult) {
  if (calibrated === undefined) return { score, empties };
  return { score: { ...score, f1: calibrated.f1 }, empties: calibrated.empties };
}

/** Means of scores in percent. */
export function percent(scores: UnseenScore[]): Record<string, number> {
  const keys = ["ap", "f1", "bestF1", "apEqual"] as const;
  return Object.fromEntries(
    keys.filter((key) => scores.every((score) => typeof score[key] === "number"))
      .map((key) => [key, 100 * mean(scores.map((score) => score[key]!))]),
  );
}

/** The experiment as Markdown. */
export function unseenMarkdown(report: UnseenReport): string {
  const { plan, backend, cells } = report;
  const calibration = calibrationOf(cells.filter(({ source }) => source === "both"));
  return [
    `# Kinds that were left out`,
    `Each of ${plan.kinds.join(", ")} left out in turn; view: ${plan.view}; ${plan.steps} steps; ` +
    `seeds ${plan.seeds.join(", ")}. ${backend}.`,
    formatTable(unseenLines(report), UNSEEN_COLUMNS),
    KEY,
    ...(calibration === undefined ? [] : [
      `Calibration of models that learned from both: slope ${
        calibration.slope.toFixed(3)
      }, shift ` +
      `${calibration.shift.toFixed(3)}; best threshold of the calibrated scores ` +
      `${calibration.threshold}. Expected calibration error on each kind, fitted to the others: ` +
      `${
        Object.entries(calibration.errors)
          .map(([kind, error]) => `${kind} ${error.toFixed(3)}`).join(", ") || "unknown"
      }.`,
    ]),
  ].join("\n\n") + "\n";
}
