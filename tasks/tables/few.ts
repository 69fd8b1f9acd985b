import { chartFigure, formatTable } from "../../mod.ts";
import {
  type FewLine,
  fewLines,
  type FewReport,
  type FewStart,
} from "../../lib/experiments/mod.ts";
import { DATASETS } from "./picking.ts";
import { readJson, type Tables } from "./_read.ts";

/** What training starts from, for people. */
const STARTS: Record<FewStart, string> = {
  general: "from a model without it",
  fresh: "from fresh weights",
};

/** Scores of a kind by the number of labels, from one start. */
interface Curve {
  kind: string;
  start: FewStart;
  lines: FewLine[];
}

/** The curves of which anything was run. */
async function curves(): Promise<Curve[]> {
  const run = fewLines(await readJson<FewReport>("models/experiments/unseen/few.json"))
    .filter(({ ap }) => ap !== undefined);
  return [...Map.groupBy(run, ({ kind, start }) => `${kind} ${start}`).values()]
    .map((lines) => ({ kind: lines[0].kind, start: lines[0].start, lines }));
}

/** What so many labels of a kind that a model has not seen are worth. */
export async function fewTables(): Promise<Tables> {
  const all = await curves();
  const counts = [...new Set(all.flatMap(({ lines }) => lines.map(({ labels }) => labels)))]
    .sort((a, b) => a - b);
  const rows = counts.map((labels) => ({
    labels,
    ...Object.fromEntries(all.map(({ lines }, i) => {
      const line = lines.find((line) => line.labels === labels);
      return [i, line ? [line.ap, line.bestF1].map((v) => Number(v).toFixed(1)).join(" / ") : "–"];
    })),
  }));
  return {
    few: formatTable<Record<string, string | number>>(rows, [
      { key: "labels", digits: 0 },
      ...all.map(({ kind, start }, i) => ({
        key: String(i),
        title: `${DATASETS[kind]}, ${STARTS[start]}`,
        align: "right" as const,
      })),
    ]),
  };
}

/** AP by the number of labels, as SVG. */
export async function fewFigure(): Promise<string> {
  return chartFigure("Labels of a kind that was left out", {
    title: "Means over the seeds",
    x: "labelled particles",
    y: "AP on test micrographs, %",
    yRange: [0, 100],
    series: (await curves()).map(({ kind, start, lines }) => ({
      name: `${DATASETS[kind]}, ${STARTS[start]}`,
      points: lines.map(({ labels, ap }) => [labels, Number(ap)]),
    })),
  }).svg;
}
