import type { Interval } from "../evaluation/mod.ts";
import { meanInterval, spearman } from "../evaluation/mod.ts";
import { experimentSteps, isJoint, type Measures, measuresOf } from "./summary.ts";
import type { ExperimentResult, ExperimentRun } from "./types.ts";

/** The measures in which strategies are compared. */
export type ComparedMeasure = "ap" | "dropAp" | "learningAp" | "found" | "precision";

/** All of them. */
export const COMPARED: readonly ComparedMeasure[] = [
  "ap",
  "dropAp",
  "learningAp",
  "found",
  "precision",
];

/** A strategy against another one, in pairs of runs of the same seed and order. */
export interface StrategyComparison {
  /** Name of the strategy. */
  strategy: string;
  /** Number of pairs. */
  pairs: number;
  /** Its measures minus the other's: means with their 95 % intervals, those of a paired t test. */
  differences: Record<ComparedMeasure, Interval>;
}

/**
 * Every strategy against one of them, pair by pair: both have the same base model and see the same
 * crops of the new data.
 */
export function compareStrategies(
  { runs }: ExperimentResult,
  reference = "epicker",
): StrategyComparison[] {
  const others = runs.filter(({ strategy }) => strategy === reference);
  const groups = Map.groupBy(
    runs.filter(({ strategy }) => strategy !== reference && !isJoint(strategy)),
    ({ strategy }) => strategy,
  );
  return [...groups].flatMap(([strategy, group]) => {
    const pairs = group.flatMap((run): [Measures, Measures][] => {
      const other = others.find((one) => circumstancesOf(one) === circumstancesOf(run));
      return other ? [[measuresOf(run, runs), measuresOf(other, runs)]] : [];
    });
    if (pairs.length === 0) return [];
    const differences = Object.fromEntries(COMPARED.map((key) => {
      return [key, meanInterval(pairs.map(([one, other]) => one[key] - other[key]))];
    })) as StrategyComparison["differences"];
    return [{ strategy, pairs: pairs.length, differences }];
  });
}

/** What two runs have in common that differ in nothing but the strategy. */
function circumstancesOf({ seed, order, stages }: ExperimentRun): string {
  return JSON.stringify([seed, stages[0].learned, order]);
}

/** How a strategy's forgetting goes with the complexity of what is learned: Spearman's ρ. */
export interface ComplexityCorrelation {
  /** Name of the strategy. */
  strategy: string;
  /** Steps. */
  steps: number;
  /** ρ of complexity and AP lost. */
  rhoAp: number;
  /** Its p by permutation. */
  pAp: number;
  /** ρ of complexity and AR lost. */
  rhoAr: number;
  /** Its p. */
  pAr: number;
}

/** Rank correlation of the complexity of new data with what learning them costs the old. */
export function complexityCorrelations(result: ExperimentResult): ComplexityCorrelation[] {
  const steps = experimentSteps(result)
    .filter(({ strategy, added }) => !isJoint(strategy) && !added.includes(" + "));
  return [...Map.groupBy(steps, ({ strategy }) => strategy)].map(([strategy, group]) => {
    const of = (key: "dropAp" | "dropAr") =>
      spearman(group.map(({ complexity }) => complexity), group.map((step) => step[key]));
    const [ap, ar] = [of("dropAp"), of("dropAr")];
    return { strategy, steps: ap.count, rhoAp: ap.rho, pAp: ap.p, rhoAr: ar.rho, pAr: ar.p };
  });
}
