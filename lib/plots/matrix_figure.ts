import type { ResultMatrix } from "../evaluation/mod.ts";
import type { Figure } from "./figure.ts";
import { heatMapFigure } from "./heat_map.ts";

/** What {@linkcode matrixFigure} may be told. */
export interface MatrixFigureOptions {
  /** Which score. @default {"ap"} */
  score?: "ap" | "ar";
  /** Text above. @default {"Results matrix"} */
  title?: string;
}

/**
 * The results matrix: scores on every dataset (columns) after every stage (rows), in percent.
 *
 * Numbers of datasets that are not learned yet stand in brackets.
 */
export function matrixFigure(
  { datasets, learnedAt, scores }: ResultMatrix,
  { score = "ap", title = "Results matrix" }: MatrixFigureOptions = {},
): Figure {
  const learned = (stage: number) => datasets.filter((_, j) => learnedAt[j] === stage).join(", ");
  return heatMapFigure({
    title,
    x: "dataset",
    y: "after learning",
    unit: `${score.toUpperCase()} (%); in brackets: not learned yet`,
    columns: datasets,
    rows: scores.map((_, stage) => stage === 0 ? learned(0) : `+ ${learned(stage)}`),
    values: scores.map((row) => row.map((one) => 100 * one[score])),
    range: [0, 100],
    text: (value, stage, j) => learnedAt[j] > stage ? `(${value.toFixed(1)})` : value.toFixed(1),
  });
}
