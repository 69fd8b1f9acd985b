/**
 * Scores picks against labels: `epicker evaluate --picks DIR --data DIR`.
 *
 * @module
 */
import { EPickerError, writeFileAtomic } from "../lib/core/mod.ts";
import {
  compareFolders,
  evaluateFiberFolder,
  evaluateFolder,
  type FiberFolderEvaluation,
  type FiberScores,
  type FolderEvaluation,
  formatInterval,
  formatTable,
  peersOf,
  pickedMode,
  type PickerScores,
  RESAMPLES,
  type TableColumn,
} from "../lib/evaluation/mod.ts";
import { command, readDatasets } from "./_cli.ts";
import { needed, number, on, text } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

/** Whose picks are those of --picks, in tables. */
const OURS = "EPicker";

/** Columns of the scores of fibers. */
const LENGTHS: TableColumn<FiberScores>[] = [
  { key: "fibers" },
  { key: "foundFibers", title: "half found" },
  { key: "length", title: "length (px)", digits: 0 },
  { key: "found" },
  { key: "traced" },
  { key: "tracedLength", title: "traced (px)", digits: 0 },
  { key: "false" },
  { key: "f1", title: "F1" },
  { key: "pieces", digits: 2 },
];

export default command({
  flags: {
    picks: needed(text("--picks DIR", "folder of picks, as written by epicker pick")),
    data: { ...FLAG.data, help: "dataset folders; their peers/ are scored as well" },
    mode: {
      ...FLAG.mode,
      help: "vesicle scores sizes, fiber lengths (default: what was picked, or particle)",
    },
    tolerance: number(
      "--tolerance PX",
      "farthest that a traced fiber may lie from a true one (default: 6)",
    ),
    split: { ...FLAG.split, help: "train, test or all (default: test)" },
    json: FLAG.jsonFile,
    micrographs: on("--micrographs", "print a row for every micrograph"),
  },
  examples: [
    "--picks Picks --data mydata",
    "--picks Picks --data a b --split all --json scores.json",
    "--picks Picks --data filaments --mode fiber",
  ],
  async main({ picks, data, mode: named, tolerance, split = "test", json, micrographs }) {
    const results: PickerScores[] = [];
    const fibers: FiberFolderEvaluation[] = [];
    for (const dataset of await readDatasets(data)) {
      const mode = named ?? await pickedMode(picks, dataset, split);
      const peers = split === "train" ? [] : await peersOf(dataset); // they pick test micrographs
      const folders = [{ picker: OURS, folder: picks }, ...peers];
      for (const { folder, picker } of folders) {
        const options = { split, picker };
        try {
          if (mode === "fiber") {
            fibers.push(
              await evaluateFiberFolder(folder, dataset, { ...options, tolerance }),
            );
          } else {
            const scores = await evaluateFolder(folder, dataset, { ...options, mode });
            const isPeer = folder !== picks;
            const against = isPeer && await compareFolders(picks, folder, dataset, { split, mode });
            results.push(against ? { ...scores, against } : scores);
          }
        } catch (error) {
          if (picker === OURS || !(error instanceof EPickerError)) throw error;
          console.error(`warning: ${error.message}`); // nobody asked for this picker
        }
      }
    }
    if (results.length > 0) printScores(results, micrographs);
    printComparisons(results);
    if (fibers.length > 0) printFibers(fibers, micrographs);
    for (const warning of [...results, ...fibers].flatMap(({ warnings }) => warnings)) {
      console.error(`warning: ${warning}`);
    }
    if (json !== undefined) {
      await writeFileAtomic(json, JSON.stringify([...results, ...fibers], null, 2) + "\n");
    }
    return [...results, ...fibers].every((result) => result.picker !== OURS || isMatched(result));
  },
});

/** Whether something that was picked lies on a label, where there are labels. */
function isMatched({ overall }: FolderEvaluation | FiberFolderEvaluation): boolean {
  return "found" in overall
    ? overall.length === 0 || overall.found > 0
    : overall.truth === 0 || overall.recall > 0;
}

function fiberRow({ dataset, picker, missing, perImage, overall }: FiberFolderEvaluation) {
  const micrographs = `${perImage.length} of ${perImage.length + missing.length}`;
  return { dataset, picker, micrographs, ...overall };
}

function printFibers(results: FiberFolderEvaluation[], eachMicrograph: boolean): void {
  console.log(formatTable(results.map(fiberRow), ["dataset", "picker", "micrographs", ...LENGTHS]));
  if (!eachMicrograph) return;
  const rows = results.flatMap(({ picker, perImage }) =>
    perImage.map(({ name: micrograph, ...scores }) => ({ picker, micrograph, ...scores }))
  );
  console.log("\n" + formatTable(rows, ["picker", "micrograph", ...LENGTHS]));
}

function printScores(results: FolderEvaluation[], eachMicrograph: boolean): void {
  const scores = ["truth", "AP", "AR"] as const;
  console.log(formatTable([...results.map(overallRow), ...meanRow(results)], [
    ...["dataset", "picker", "micrographs", ...scores] as const,
    { key: "F1", align: "right" },
    ...["precision", "recall"] as const,
    { key: "ownF1", title: "own F1" },
    { key: "calibrationError", title: "calibration error" },
    ...sizeColumns(results),
  ]));
  if (!eachMicrograph) return;
  console.log(
    "\n" + formatTable(results.flatMap(micrographRows), [
      ...["picker", "micrograph", ...scores, "F1", "precision", "recall"] as const,
      ...sizeColumns(results),
    ]),
  );
}

/** Our picks against each peer's, at equal numbers. */
function printComparisons(results: PickerScores[]): void {
  const rows = results.flatMap(({ dataset, picker, against }) => {
    if (against === undefined) return [];
    const { picks, ap, otherAp, apDifference, f1Difference } = against;
    const [dAp, dF1] = [apDifference, f1Difference].map(formatInterval);
    return [{ dataset, picker, picks, ap, otherAp, dAp, dF1 }];
  });
  if (rows.length === 0) return;
  console.log(
    `\nOurs minus others, at equal numbers of picks (95 % of ${RESAMPLES} bootstraps):\n`,
  );
  console.log(formatTable(rows, [
    ...["dataset", "picker", "picks"] as const,
    { key: "ap", title: "our AP" },
    { key: "otherAp", title: "its AP" },
    { key: "dAp", title: "difference of AP" },
    { key: "dF1", title: "of best F1" },
  ]));
}

/** The radius error where labels and picks have sizes. */
function sizeColumns(results: FolderEvaluation[]) {
  const known = results.some(({ overall }) => overall.radiusError >= 0);
  return known ? [{ key: "radiusError" as const, title: "radius error" }] : [];
}

/** A line of the table. */
interface Row {
  dataset: string;
  picker: string;
  micrographs: string;
  truth?: number;
  AP: number;
  AR: number;
  F1?: string;
  precision?: number;
  recall?: number;
  ownF1?: number;
  calibrationError?: number;
  radiusError?: number;
}

function overallRow({ dataset, picker, missing, perImage, overall }: FolderEvaluation): Row {
  const { ap: AP, ar: AR, own: { f1: ownF1 }, ...rest } = overall;
  const F1 = bestF1(overall);
  const micrographs = `${perImage.length} of ${perImage.length + missing.length}`;
  return { dataset, picker, micrographs, AP, AR, F1, ownF1, ...rest };
}

/** The highest F1 and where it is; the threshold is not a number without picks. */
function bestF1({ f1, threshold }: FolderEvaluation["overall"]): string | undefined {
  if (Number.isNaN(f1)) return undefined;
  const place = Number.isNaN(threshold) ? "" : ` at threshold ${+threshold.toPrecision(2)}`;
  return f1.toFixed(3) + place;
}

/** The mean over the datasets, where there are several. */
function meanRow(results: FolderEvaluation[]): Row[] {
  const ours = results.filter(({ picker }) => picker === OURS);
  if (ours.length < 2) return [];
  const mean = (key: "ap" | "ar" | "f1") =>
    ours.reduce((sum, { overall }) => sum + overall[key], 0) / ours.length;
  const scores = { AP: mean("ap"), AR: mean("ar"), F1: mean("f1").toFixed(3) };
  return [{ dataset: "mean", picker: OURS, micrographs: "", ...scores }];
}

function micrographRows({ picker, perImage }: FolderEvaluation) {
  return perImage.map(({ name, ap: AP, ar: AR, f1: F1, ...rest }) => ({
    picker,
    micrograph: name,
    AP,
    AR,
    F1,
    ...rest,
  }));
}
