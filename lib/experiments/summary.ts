import { mean } from "../core/mod.ts";
import { complexity, continualScores, type ResultMatrix } from "../evaluation/mod.ts";
import type { ExperimentResult, ExperimentRun, StageResult } from "./experiment.ts";

/** The strategy that the others are measured against. */
const JOINT = "joint";

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
  /** Forgetting of AP as Chaudhry et al. (2018) have it: the best before the last stage − the last. */
  forgettingAp: number;
  /** Backward transfer of AP, from when a dataset was learned to the end. */
  backwardAp: number;
  /** Forward transfer of AP: what the model knows of a dataset just before learning it. */
  forwardAp: number;
  /** AP of each dataset just after it was learned, mean over those that were added. */
  learningAp: number;
  /** AP of joint training minus this, on all datasets after the last stage. */
  gapAp: number;
  /** AP of joint training on all data minus this just after learning, on the added datasets. */
  newGapAp: number;
  /** True particles of the base datasets that are found at the end, in percent; mean over datasets. */
  found: number;
  /** Seconds to add one dataset; joint training learns everything again for it. */
  seconds: number;
  /** Processor seconds in percent of joint training's. */
  timeOfJoint: number;
  /** Megabytes kept at the end. */
  megabytes: number;
}

/** One step of a run: what was added, and what it cost. */
export interface ExperimentStep {
  /** Name of the strategy. */
  strategy: string;
  /** Seed. */
  seed: number;
  /** Datasets that were added. */
  added: string;
  /** Complexity of the new data: 100 / (AP + AR) of the model before the step, in percent. */
  complexity: number;
  /** AP on the new data after the step, in percent. */
  newAp: number;
  /** Mean drop of AP on the datasets learned before, in percent. */
  dropAp: number;
  /** Mean drop of AR on them, in percent. */
  dropAr: number;
  /** Seconds of the step. */
  seconds: number;
  /** Megabytes kept for the next one. */
  megabytes: number;
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

/** One line per strategy, in the order of the runs; those that add everything at once apart. */
export function summarise({ runs }: ExperimentResult): StrategySummary[] {
  const groups = Map.groupBy(runs, (run) => run.strategy + (isAtOnce(run) ? " (at once)" : ""));
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
  const { average, backward, forgetting, forward, stepForgetting } = continualScores(matrix);
  const added = run.stages.slice(1);
  const newAp = mean(
    added.flatMap(({ learned, scores }) => learned.map((name) => scores[name].ap)),
  );
  const [ends, jointEnds] = [run.stages.at(-1)!.scores, joint?.stages.at(-1)?.scores];
  const known = added.flatMap(({ learned }) => learned);
  const ofJoint = (of: (scores: StageResult["scores"]) => number) =>
    jointEnds ? of(jointEnds) : NaN;
  return {
    ap: 100 * average.ap,
    ar: 100 * average.ar,
    dropAp: 100 * stepForgetting.ap,
    dropAr: 100 * stepForgetting.ar,
    worstDropAp: 100 * Math.max(...dropsOf(matrix)),
    forgettingAp: 100 * forgetting.ap,
    backwardAp: 100 * backward.ap,
    forwardAp: 100 * forward.ap,
    learningAp: 100 * newAp,
    gapAp: 100 *
      (ofJoint((scores) => mean(matrix.datasets.map((name) => scores[name].ap))) - average.ap),
    newGapAp: 100 * (ofJoint((scores) => mean(known.map((name) => scores[name].ap))) - newAp),
    found: 100 * mean(run.stages[0].learned.map((name) => ends[name].recall)),
    seconds: secondsToAdd(run, "seconds"),
    timeOfJoint: joint
      ? 100 * secondsToAdd(run, "cpuSeconds") / secondsToAdd(joint, "cpuSeconds")
      : NaN,
    megabytes: run.stages.at(-1)!.storedBytes / 1e6,
  };
}

/** Seconds to add one dataset: joint training learns everything again for it. */
function secondsToAdd(run: ExperimentRun, of: "seconds" | "cpuSeconds"): number {
  return mean(
    run.stages.slice(1).map((stage) =>
      stage[of] / (run.strategy === JOINT ? 1 : stage.learned.length)
    ),
  );
}

/** Every step of every run: complexity of what was added, and what it cost. */
export function experimentSteps({ runs }: ExperimentResult): ExperimentStep[] {
  return runs.flatMap(({ strategy, seed, stages }) =>
    stages.slice(1).map(({ learned, scores, seconds, storedBytes }, i) => {
      const before = stages[i].scores;
      const known = stages.slice(0, i + 1).flatMap((stage) => stage.learned);
      const drop = (of: "ap" | "ar") =>
        100 * mean(known.map((name) => before[name][of] - scores[name][of]));
      return {
        strategy,
        seed,
        added: learned.join(" + "),
        complexity: mean(learned.map((name) => complexity(before[name]))),
        newAp: 100 * mean(learned.map((name) => scores[name].ap)),
        dropAp: drop("ap"),
        dropAr: drop("ar"),
        seconds,
        megabytes: storedBytes / 1e6,
      };
    })
  );
}

function dropsOf({ scores, learnedAt }: ResultMatrix): number[] {
  return scores.slice(1).flatMap((row, i) =>
    row.flatMap(({ ap }, j) => learnedAt[j] <= i ? [scores[i][j].ap - ap] : [])
  );
}

/** Joint training of the same seed. */
function jointOf({ seed }: ExperimentRun, runs: ExperimentRun[]): ExperimentRun | undefined {
  return runs.find((run) => run.strategy === JOINT && run.seed === seed);
}

function isAtOnce({ strategy, order }: ExperimentRun): boolean {
  return strategy !== JOINT && order.some((names) => names.length > 1);
}
