import type { PrecisionRecallPoint } from "../evaluation/mod.ts";
import type { Series } from "./chart.ts";
import { chartFigure } from "./chart_figure.ts";
import type { Figure } from "./figure.ts";
import { colourOf } from "./ink.ts";

/** Points closer than this in both precision and recall are drawn as one. */
const CLOSE = 0.002;

/**
 * Precision against recall, a curve for each name, with the point of the best F1.
 *
 * @param curves What {@linkcode precisionRecall} gives, by the name in the legend.
 */
export function precisionRecallFigure(
  curves: Record<string, readonly PrecisionRecallPoint[]>,
  title = "Precision and recall",
): Figure {
  return chartFigure(title, {
    x: "recall (share of the particles that are found)",
    y: "precision (share of the picks that are right)",
    xRange: [0, 1.02],
    yRange: [0, 1.02],
    series: Object.entries(curves).flatMap(([name, points], i) => seriesOf(name, points, i)),
  });
}

function seriesOf(name: string, all: readonly PrecisionRecallPoint[], index: number): Series[] {
  const points = thinned(all.filter(({ f1, recall }) => Number.isFinite(f1 + recall)));
  const best = all.reduce<PrecisionRecallPoint | undefined>(
    (top, point) => point.f1 > (top?.f1 ?? -1) ? point : top,
    undefined,
  );
  const colour = colourOf(index);
  const at = ({ recall, precision }: PrecisionRecallPoint) => [recall, precision] as const;
  return [
    { name, colour, dots: false, points: points.map(at), labels: points.map(labelOf) },
    ...best === undefined ? [] : [{
      name: `best F1 ${best.f1.toFixed(3)} at ${+best.threshold.toFixed(3)}`,
      colour,
      line: false,
      points: [at(best)],
      labels: [labelOf(best)],
    }],
  ];
}

function labelOf({ threshold, f1 }: PrecisionRecallPoint): string {
  return `score ≥ ${threshold.toFixed(3)}, F1 ${f1.toFixed(3)}`;
}

/** Every point that is apart from the last one kept, and the last. */
function thinned(points: readonly PrecisionRecallPoint[]): PrecisionRecallPoint[] {
  const kept: PrecisionRecallPoint[] = [];
  for (const [i, point] of points.entries()) {
    const last = kept.at(-1);
    const apart = last === undefined || Math.abs(point.recall - last.recall) > CLOSE ||
      Math.abs(point.precision - last.precision) > CLOSE;
    if (apart || i === points.length - 1) kept.push(point);
  }
  return kept;
}
