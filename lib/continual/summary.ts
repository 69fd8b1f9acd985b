import { complexity, continualScores, type ResultMatrix } from "../evaluation/mod.ts";
import type { ExperimentResult, ExperimentRun } from "./experiment.ts";

/** A strategy's scores, averaged over seeds and orders; AP and AR in percent. */
export interface StrategySummary {
  /** Name of the strategy. */
  strategy: string;
  /** Runs that were averaged. */
  runs: number;
  /** AP on all datasets after the last stage. */
  ap: number;
  /** AR on all datasets after the last stage. */
  ar: number;
  /** Mean drop of AP on what was learned before, per step: forgetting as the paper has it. */
  dropAp: number;
  /** The same of AR. */
  dropAr: number;
  /** The largest drop of AP on one dataset in one step. */
  worstDropAp: number;
  /** Backward transfer of AP, from when a dataset was learned to the end. */
  backwardAp: number;
  /** AP of each dataset just after it was learned, mean over those that were added. */
  learningAp: number;
  /** AP of joint training minus this, on all datasets after the last stage. */
  gapAp: number;
  /** AP of joint training minus this, on the datasets just added. */
  newGapAp: number;
  /** Particles of the datasets learned before the last step that are found, in percent of joint's. */
  foundOfJoint: number;
  /** Seconds to add one dataset. */
  seconds: number;
  /** Seconds in percent of joint training's. */
  secondsOfJoint: number;
  /** Megabytes kept at the end. */
  megabytes: number;
}

/** How much a step cost on old data against how unlike them the new data were. */
export interface ForgettingPoint {
  /** Name of the strategy. */
  strategy: string;
  /** Datasets that were added. */
  added: string;
  /** 100 / (AP + AR) of the model before the step on the new data. */
  complexity: number;
  /** Mean drop of AP on the datasets learned before, in percent. */
  dropAp: number;
}

/** The results matrix of a run; row 0 is the base model. */
export function matrixOf({ stages }: ExperimentRun): ResultMatrix {
  const datasets = stages.flatMap(({ learned }) => learned);
  return {
    datasets,
    learnedAt: stages.flatMap(({ learned }, stage) => learned.map(() => stage)),
    scores: stages.map(({ scores }) => datasets.map((name) => scores[name])),
  };
}

/** One line per strategy, in the order of the runs. */
export function summarise({ runs }: ExperimentResult): StrategySummary[] {
  const groups = Map.groupBy(runs, ({ strategy }) => strategy);
  return [...groups].map(([strategy, group]) => {
    const lines = group.map((run) => summariseRun(run, jointOf(run, runs)));
    const means = Object.fromEntries(
      Object.keys(lines[0]).map((key) => [key, mean(lines.map((line) => line[key as Measure]))]),
    ) as Record<Measure, number>;
    return { strategy, runs: group.length, ...means };
  });
}

type Measure = Exclude<keyof StrategySummary, "strategy" | "runs">;

function summariseRun(run: ExperimentRun, joint?: ExperimentRun): Record<Measure, number> {
  const matrix = matrixOf(run);
  const { average, backward, stepForgetting } = continualScores(matrix);
  const added = run.stages.slice(1);
  const newAp = ({ stages }: ExperimentRun) =>
    mean(added.flatMap(({ learned }, i) => learned.map((name) => stages[i + 1].scores[name].ap)));
  const old = run.stages.slice(0, -1).flatMap(({ learned }) => learned);
  const found = ({ stages }: ExperimentRun) =>
    mean(old.map((name) => stages.at(-1)!.scores[name].recall));
  const seconds = ({ stages }: ExperimentRun) =>
    mean(stages.slice(1).map((stage) => stage.seconds / stage.learned.length));
  return {
    ap: 100 * average.ap,
    ar: 100 * average.ar,
    dropAp: 100 * stepForgetting.ap,
    dropAr: 100 * stepForgetting.ar,
    worstDropAp: 100 * Math.max(...dropsOf(matrix)),
    backwardAp: 100 * backward.ap,
    learningAp: 100 * newAp(run),
    gapAp: joint ? 100 * (continualScores(matrixOf(joint)).average.ap - average.ap) : NaN,
    newGapAp: joint ? 100 * (newAp(joint) - newAp(run)) : NaN,
    foundOfJoint: joint ? 100 * found(run) / found(joint) : NaN,
    seconds: seconds(run),
    secondsOfJoint: joint ? 100 * seconds(run) / seconds(joint) : NaN,
    megabytes: run.stages.at(-1)!.storedBytes / 1e6,
  };
}

/** Every step of every run: complexity of what was added, and what it cost. */
export function forgettingPoints({ runs }: ExperimentResult): ForgettingPoint[] {
  return runs.flatMap(({ strategy, stages }) =>
    stages.slice(1).map(({ learned, scores }, i) => {
      const before = stages[i];
      const known = stages.slice(0, i + 1).flatMap((stage) => stage.learned);
      return {
        strategy,
        added: learned.join(" + "),
        complexity: mean(learned.map((name) => complexity(before.scores[name]))),
        dropAp: 100 * mean(known.map((name) => before.scores[name].ap - scores[name].ap)),
      };
    })
  );
}

function dropsOf({ scores, learnedAt }: ResultMatrix): number[] {
  return scores.slice(1).flatMap((row, i) =>
    row.flatMap(({ ap }, j) => learnedAt[j] <= i ? [scores[i][j].ap - ap] : [])
  );
}

/** Joint training of the same seed and order. */
function jointOf({ seed, order }: ExperimentRun, runs: ExperimentRun[]): ExperimentRun | undefined {
  const same = (run: ExperimentRun) =>
    run.seed === seed && JSON.stringify(run.order) === JSON.stringify(order);
  return runs.find((run) => run.strategy === "joint" && same(run));
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
