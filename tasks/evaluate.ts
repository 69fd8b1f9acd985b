/**
 * Scores picks against labels: `deno task evaluate --picks DIR --data DIR`.
 *
 * @module
 */
import {
  evaluateFiberFolder,
  evaluateFolder,
  type FiberFolderEvaluation,
  type FiberScores,
  type FolderEvaluation,
  formatTable,
  modeOf,
  peersOf,
  readDataset,
  type Split,
  type TableColumn,
  writeFileAtomic,
} from "../mod.ts";
import { type Arguments, required, run, splitOf } from "./_cli.ts";

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

await run({
  name: "evaluate",
  summary:
    "Scores picks against the labels of datasets, beside other pickers where they are given.",
  options: {
    picks: { value: "DIR", help: "folder of picks, as written by deno task pick" },
    data: { value: "DIR…", help: "dataset folders; their peers/ are scored as well" },
    mode: { value: "MODE", help: "particle, vesicle or fiber (default: particle)" },
    tolerance: {
      value: "PX",
      help: "farthest that a traced fiber may lie from a true one (default: 6)",
    },
    split: { value: "NAME", help: "train, test or all (default: test)" },
    json: { value: "FILE", help: "write all scores as JSON" },
    micrographs: { help: "print a row for every micrograph" },
  },
  examples: [
    "deno task evaluate --picks Picks --data mydata",
    "deno task evaluate --picks Picks --data a b --split all --json scores.json",
    "deno task evaluate --picks Picks --data filaments --mode fiber",
  ],
}, async (args) => {
  const picks = required(args, "picks", "evaluate");
  required(args, "data", "evaluate");
  const split = splitOf(args.text("split") ?? "test");
  if (modeOf(args.text("mode") ?? "particle") === "fiber") return await scoreFibers(args, split);
  const results: FolderEvaluation[] = [];
  for (const folder of args.texts("data")) {
    const dataset = await readDataset(folder);
    results.push(await evaluateFolder(picks, dataset, { split, picker: "EPicker" }));
    for (const peer of await peersOf(dataset)) {
      results.push(await evaluateFolder(peer.folder, dataset, { split, picker: peer.picker }));
    }
  }
  console.log(formatTable([...results.map(overallRow), ...meanRow(results)], [
    "dataset",
    "picker",
    "micrographs",
    "truth",
    "AP",
    "AR",
    "F1",
    "threshold",
    "precision",
    "recall",
  ]));
  if (args.on("micrographs")) {
    console.log(
      "\n" + formatTable(results.flatMap(micrographRows), [
        "picker",
        "micrograph",
        "truth",
        "AP",
        "AR",
        "F1",
        "precision",
        "recall",
      ]),
    );
  }
  for (const warning of results.flatMap(({ warnings }) => warnings)) {
    console.error(`warning: ${warning}`);
  }
  const json = args.text("json");
  if (json !== undefined) await writeFileAtomic(json, JSON.stringify(results, null, 2) + "\n");
});

function fiberRow({ dataset, picker, missing, perImage, overall }: FiberFolderEvaluation) {
  const micrographs = `${perImage.length} of ${perImage.length + missing.length}`;
  return { dataset, picker, micrographs, ...overall };
}

async function scoreFibers(args: Arguments, split: Split): Promise<void> {
  const results: FiberFolderEvaluation[] = [];
  const tolerance = args.number("tolerance");
  const options = { split, ...(tolerance !== undefined && { tolerance }) };
  for (const folder of args.texts("data")) {
    const dataset = await readDataset(folder);
    for (
      const picks of [{ picker: "EPicker", folder: args.text("picks")! }, ...await peersOf(dataset)]
    ) {
      const { picker } = picks;
      results.push(await evaluateFiberFolder(picks.folder, dataset, { ...options, picker }));
    }
  }
  console.log(formatTable(results.map(fiberRow), ["dataset", "picker", "micrographs", ...LENGTHS]));
  if (args.on("micrographs")) {
    const rows = results.flatMap(({ picker, perImage }) =>
      perImage.map(({ name: micrograph, ...scores }) => ({ picker, micrograph, ...scores }))
    );
    console.log("\n" + formatTable(rows, ["picker", "micrograph", ...LENGTHS]));
  }
  const json = args.text("json");
  if (json !== undefined) await writeFileAtomic(json, JSON.stringify(results, null, 2) + "\n");
}

/** A line of the table. */
interface Row {
  dataset: string;
  picker: string;
  micrographs: string;
  truth?: number;
  AP: number;
  AR: number;
  F1: number;
  threshold?: number;
  precision?: number;
  recall?: number;
}

function overallRow({ dataset, picker, missing, perImage, overall }: FolderEvaluation): Row {
  const { ap: AP, ar: AR, f1: F1, ...rest } = overall;
  const micrographs = `${perImage.length} of ${perImage.length + missing.length}`;
  return { dataset, picker, micrographs, AP, AR, F1, ...rest };
}

/** The mean over the datasets, where there are several. */
function meanRow(results: FolderEvaluation[]): Row[] {
  const ours = results.filter(({ picker }) => picker === "EPicker").map(overallRow);
  if (ours.length < 2) return [];
  const mean = (key: "AP" | "AR" | "F1") =>
    ours.reduce((sum, row) => sum + row[key], 0) / ours.length;
  const scores = { AP: mean("AP"), AR: mean("AR"), F1: mean("F1") };
  return [{ dataset: "mean", picker: "EPicker", micrographs: "", ...scores }];
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
