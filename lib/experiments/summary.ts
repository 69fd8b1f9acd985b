import { mean } from "../core/mod.ts";
import {
  complexity,
  continualScores,
  type Interval,
  meanInterval,
  type ResultMatrix,
} from "../evaluation/mod.ts";
import type { ExperimentResult, ExperimentRun, StageResult } from "./types.ts";

/** What is averaged over a strategy's runs; AP and AR in percent. */
export interface Measures {
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
  /** AP of the best joint training minus this, on all datasets after the last stage. */
  gapAp: number;
  /** The same on each added dataset, just after learning it. */
  newGapAp: number;
  /** Deepest fall of the old datasets' AP while a step is trained; NaN where nothing was held out. */
  stabilityGap: number;
  /** True particles of the base datasets found at the end at the own threshold, mean over datasets. */
  found: number;
  /** Share of what is picked there that is right, in percent. */
  precision: number;
  /** Seconds to add one dataset; joint training learns everything again for it. */
  seconds: number;
  /** Processor seconds for it. */
  cpuSeconds: number;
  /** The same in percent of joint training's. */
  timeOfJoint: number;
  /** Megabytes kept at the end. */
  megabytes: number;
}

/** A strategy's scores: means over seeds and orders, and how sure they are. */
export interface StrategySummary extends Measures {
  /** Name of the strategy. */
  strategy: string;
  /** Runs that were averaged. */
  runs: number;
  /** The means with their 95 % intervals, by {@linkcode meanInterval}. */
  intervals: Record<keyof Measures, Interval>;
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
    const lines = group.map((run) => measuresOf(run, runs));
    const intervals = Object.fromEntries(
      (Object.keys(lines[0]) as (keyof Measures)[]).map((key) => {
        return [key, meanInterval(lines.map((line) => line[key]))];
      }),
    ) as Record<keyof Measures, Interval>;
    const means = Object.fromEntries(
      Object.entries(intervals).map(([key, { value }]) => [key, value]),
    ) as unknown as Measures;
    return { strategy, runs: group.length, ...means, intervals };
  });
}

/** The measures of one run, beside the joint trainings of its seed among all runs. */
export function measuresOf(run: ExperimentRun, runs: readonly ExperimentRun[]): Measures {
  const matrix = matrixOf(run);
  const { average, backward, forgetting, forward, stepForgetting } = continualScores(matrix);
  const added = run.stages.slice(1);
  const newAp = mean(
    added.flatMap(({ learned, scores }) => learned.map((name) => scores[name].ap)),
  );
  const joint = runs.filter(({ strategy, seed }) => isJoint(strategy) && seed === run.seed);
  const jointAp = (names: string[]) =>
    Math.max(
      ...joint.map(({ stages }) => mean(names.map((name) => stages.at(-1)!.scores[name].ap))),
    );
  const known = added.flatMap(({ learned }) => learned);
  const olds = run.stages[0].learned.map((name) => run.stages.at(-1)!.scores[name]);
  const cheapest = Math.min(...joint.map((one) => secondsToAdd(one, "cpuSeconds")));
  const cpuSeconds = secondsToAdd(run, "cpuSeconds");
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
    gapAp: joint.length > 0 ? 100 * (jointAp(matrix.datasets) - average.ap) : NaN,
    newGapAp: joint.length > 0 ? 100 * (jointAp(known) - newAp) : NaN,
    stabilityGap: 100 * mean(added.map(({ course }) => deepestFall(course))),
    found: 100 * mean(olds.map(({ recall }) => recall)),
    precision: 100 * mean(olds.map(({ precision = NaN }) => precision)),
    seconds: secondsToAdd(run, "seconds"),
    cpuSeconds,
    timeOfJoint: joint.length > 0 ? 100 * cpuSeconds / cheapest : NaN,
    megabytes: run.stages.at(-1)!.storedBytes / 1e6,
  };
}

/** Where a stage starts minus its lowest point. */
function deepestFall(course: StageResult["course"] = []): number {
  return course.length === 0 ? NaN : course[0].ap - Math.min(...course.map(({ ap }) => ap));
}

/** Seconds to add one dataset: joint training learns everything again for it. */
function secondsToAdd(run: ExperimentRun, of: "seconds" | "cpuSeconds"): number {
  return mean(
    run.stages.slice(1).map((stage) =>
      stage[of] / (isJoint(run.strategy) ? 1 : stage.learned.length)
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

/** Whether a strategy is joint training, of however many steps. */
export function isJoint(strategy: string): boolean {
  return /^joint(\/|$)/.test(strategy);
}

function isAtOnce({ strategy, order }: ExperimentRun): boolean {
  return !isJoint(strategy) && order.some((names) => names.length > 1);
}
