import { mean } from "../core/mod.ts";
import type { LossRecord, ValidationScore } from "../training/mod.ts";
import type { Series } from "./chart.ts";
import { chartFigure, type Panel } from "./chart_figure.ts";
import type { Figure } from "./figure.ts";
import { colourOf } from "./ink.ts";

/** What {@linkcode train} returns and `training.json` holds of a run's course. */
export interface TrainingCourse {
  /** Losses of the steps. */
  losses?: readonly LossRecord[];
  /** Validation scores. */
  history: readonly ValidationScore[];
}

/** Share of the recorded steps over which a loss is averaged. */
const WINDOW = 0.05;

/** The course of a training run: losses, and scores on what was held out where there is some. */
export function trainingFigure(
  { losses = [], history }: TrainingCourse,
  title = "Training",
): Figure {
  const panels: Panel[] = [
    ...losses.length > 0 ? [lossPanel(losses)] : [],
    ...history.length > 0 ? [scorePanel(history)] : [],
  ];
  const [first = lossPanel([]), ...more] = panels;
  return chartFigure(title, first, ...more);
}

function lossPanel(losses: readonly LossRecord[]): Panel {
  const names = Object.keys(losses[0]?.losses ?? {});
  return {
    title: "Loss",
    x: "step",
    y: "loss (running mean)",
    series: names.map((name): Series => ({
      name,
      dots: losses.length < 10,
      points: runningMean(losses.map((one) => [one.step, one.losses[name]])),
    })),
  };
}

/** Each value as the mean of the last ones, so that single batches do not hide the course. */
function runningMean(points: readonly (readonly [number, number])[]): [number, number][] {
  const width = Math.max(1, Math.round(WINDOW * points.length));
  return points.map(([step], i) => {
    const last = points.slice(Math.max(0, i + 1 - width), i + 1);
    return [step, mean(last.map(([, value]) => value))];
  });
}

function scorePanel(history: readonly ValidationScore[]): Panel {
  const of = (name: string, colour: string, value: (score: ValidationScore) => number): Series => ({
    name,
    colour,
    points: history.map((score) => [score.step, value(score)]),
    labels: history.map(({ threshold }) => `${name}, threshold ${threshold}`),
  });
  return {
    title: "Held-out micrographs",
    x: "step",
    y: "score",
    yRange: [0, 1],
    series: [of("AP", colourOf(3), ({ ap }) => ap), of("best F1", colourOf(4), ({ f1 }) => f1)],
  };
}
