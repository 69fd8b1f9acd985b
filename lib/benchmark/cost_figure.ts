import { chartFigure, type Figure } from "../plots/mod.ts";
import type { BenchmarkReport } from "./report.ts";

/** What picking a micrograph costs by its size: seconds from file to files, and memory. */
export function pickingCostFigure({ picking }: Pick<BenchmarkReport, "picking">): Figure {
  const networks = [...new Set(picking.map(({ network }) => network))];
  const series = (cost: (one: BenchmarkReport["picking"][number]) => number) =>
    networks.map((name) => ({
      name,
      points: picking.filter(({ network }) => network === name)
        .map((one) => [one.width * one.height / 1e6, cost(one)] as const),
    }));
  const x = "megapixels";
  return chartFigure(
    "What picking a micrograph costs",
    { title: "Time", x, y: "seconds", series: series(({ seconds }) => seconds.total) },
    { title: "Memory", x, y: "MiB at most", series: series(({ peakMiB }) => peakMiB) },
  );
}
