/**
 * Scores picks against labels: `deno task evaluate --picks DIR --data DIR`.
 *
 * @module
 */
import {
  EPickerError,
  evaluateFolder,
  type FolderEvaluation,
  formatTable,
  peersOf,
  readDataset,
  type Split,
  writeFileAtomic,
} from "../mod.ts";
import { required, run } from "./_cli.ts";

await run({
  name: "evaluate",
  summary:
    "Scores picks against the labels of datasets, beside other pickers where they are given.",
  options: {
    picks: { value: "DIR", help: "folder of picks, as written by deno task pick" },
    data: { value: "DIR…", help: "dataset folders; their peers/ are scored as well" },
    split: { value: "NAME", help: "train, test or all (default: test)" },
    json: { value: "FILE", help: "write all scores as JSON" },
    micrographs: { help: "print a row for every micrograph" },
  },
  examples: [
    "deno task evaluate --picks Picks --data mydata",
    "deno task evaluate --picks Picks --data a b --split all --json scores.json",
  ],
}, async (args) => {
  const picks = required(args, "picks", "evaluate");
  required(args, "data", "evaluate");
  const split = splitOf(args.text("split") ?? "test");
  const results: FolderEvaluation[] = [];
  for (const folder of args.texts("data")) {
    const dataset = await readDataset(folder);
    results.push(await evaluateFolder(picks, dataset, { split, picker: "EPicker" }));
    const peers = split === "train" ? [] : await peersOf(dataset); // they pick test micrographs
    for (const peer of peers) {
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

function splitOf(text: string): Split {
  if (text === "train" || text === "test" || text === "all") return text;
  throw new EPickerError("bad-option", {
    file: "--split",
    found: `"${text}"`,
    expected: "train, test or all",
  });
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
