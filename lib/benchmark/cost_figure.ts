import { chartFigure, type Figure, type Panel } from "../plots/mod.ts";
import type { BenchmarkReport } from "./report.ts";

/** What picking a micrograph costs by its size: seconds from file to files, and memory. */
export function pickingCostFigure({ picking }: Pick<BenchmarkReport, "picking">): Figure {
  const networks = [...new Set(picking.map(({ network }) => network))];
  const panel = (
    title: string,
    y: string,
    cost: (one: typeof picking[number]) => number,
  ): Panel => ({
    ...{ title, x: "megapixels", y, yRange: [0, 1.05 * Math.max(...picking.map(cost))] },
    series: networks.map((name) => ({
      name,
      points: picking.filter(({ network }) => network === name)
        .map((one) => [one.width * one.height / 1e6, cost(one)]),
    })),
  });
  return chartFigure(
    "What picking a micrograph costs",
    panel("Time", "seconds", ({ seconds }) => seconds.total),
    panel("Memory", "MiB at most", ({ peakMiB }) => peakMiB),
  );
}
