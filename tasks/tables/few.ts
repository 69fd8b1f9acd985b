import { chartFigure, formatTable } from "../../mod.ts";
import { type FewLine, fewLines, type FewReport } from "../../lib/experiments/mod.ts";
import { DATASETS } from "./picking.ts";
import { readJson, type Tables } from "./_read.ts";

/** Scores of a kind by the number of labels, from one start, and its name for people. */
interface Curve {
  name: string;
  lines: FewLine[];
}

/** The curves of which anything was run. */
async function curves(): Promise<Curve[]> {
  const run = fewLines(await readJson<FewReport>("models/experiments/unseen/few.json"))
    .filter(({ ap }) => ap !== undefined);
  return [...Map.groupBy(run, ({ kind, start }) => `${kind} ${start}`).values()]
    .map((lines) => {
      const [{ kind, start }] = lines;
      return { name: DATASETS[kind] + (start === "fresh" ? ", fresh weights" : ""), lines };
    });
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
      return [
        i,
        line ? [line.ap, line.f1, line.bestF1].map((v) => Number(v).toFixed(1)).join(" / ") : "–",
      ];
    })),
  }));
  return {
    few: formatTable<Record<string, string | number>>(rows, [
      { key: "labels", digits: 0 },
      ...all.map(({ name }, i) => ({ key: `${i}`, title: name, align: "right" as const })),
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
    series: (await curves()).map(({ name, lines }) => ({
      name,
      points: lines.map(({ labels, ap }) => [labels, Number(ap)]),
    })),
  }).svg;
}
