import type { Interval } from "../evaluation/mod.ts";
import { bootstrap, meanInterval, spearman } from "../evaluation/mod.ts";
import { mean } from "../core/mod.ts";
import { experimentSteps, isJoint, measuresOf } from "./summary.ts";
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
  /**
   * Difference of the AP on all datasets at the end, of each micrograph alone, mean over the pairs, in
   * percent, with the 95 % interval of micrographs drawn again; absent where they were not scored so.
   */
  byMicrograph?: Interval;
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
    const pairs = group.flatMap((run): Pair[] => {
      const other = others.find((one) => circumstancesOf(one) === circumstancesOf(run));
      return other ? [[run, other]] : [];
    });
    if (pairs.length === 0) return [];
    const measures = pairs.map((pair) => pair.map((run) => measuresOf(run, runs)));
    const differences = Object.fromEntries(COMPARED.map((key) => {
      return [key, meanInterval(measures.map(([one, other]) => one[key] - other[key]))];
    })) as StrategyComparison["differences"];
    return [{ strategy, pairs: pairs.length, differences, byMicrograph: byMicrograph(pairs) }];
  });
}

type Pair = [ExperimentRun, ExperimentRun];

/** Difference of the micrographs' APs at the end, every dataset counting the same. */
function byMicrograph(pairs: Pair[]): Interval | undefined {
  const ends = pairs.map((pair) => pair.map(({ stages }) => stages.at(-1)!.scores));
  const scored = Object.keys(ends[0][0])
    .filter((name) => ends.flat().every((scores) => scores[name]?.aps));
  const units = scored.flatMap((name) => {
    const aps = ends.map((pair) => pair.map((scores) => scores[name].aps!));
    return aps[0][0].map((_, i) => ({
      weight: 1 / aps[0][0].length,
      difference: 100 * mean(aps.map(([one, other]) => one[i] - other[i])),
    }));
  });
  if (units.length === 0) return undefined;
  return bootstrap(units.length, (times) => {
    const sum = (of: (unit: typeof units[number]) => number) =>
      units.reduce((total, unit, i) => total + times[i] * unit.weight * of(unit), 0);
    return sum(({ difference }) => difference) / sum(() => 1);
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
