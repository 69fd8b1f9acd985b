import { chartFigure, formatTable } from "../../mod.ts";
import { type Interval, meanInterval } from "../../lib/evaluation/mod.ts";
import {
  type ExperimentResult,
  type ExperimentRun,
  type Measures,
  measuresOf,
} from "../../lib/experiments/mod.ts";
import { readExperiment, type Tables } from "./_read.ts";

/** A run beside those of the same seed and the same base that it is measured against. */
interface Pair {
  own: Measures;
  /** Datasets that it knows at the end. */
  sets: number;
  fineTuned?: Measures;
  /** The longest joint training that was run. */
  joint?: Measures;
  cumulative?: Measures;
}

/** A mark that was set before: a measure that shall be at most so much. */
interface Claim {
  /** Name of its figure. */
  name: string;
  /** What is measured, with its unit. */
  measure: string;
  /** Its mean at most. */
  most: number;
  /** The upper end of its interval at most. @default {most} */
  end?: number;
  of(pair: Pair): number | undefined;
}

const CLAIMS: Claim[] = [
  {
    name: "lost",
    measure: "AP lost on the old sets by a step",
    most: 1,
    end: 2,
    of: (run) => run.own.dropAp,
  },
  {
    name: "gap",
    measure: "AP below joint training at the end",
    most: 1.5,
    of: (run) => run.own.gapAp,
  },
  {
    name: "bound",
    measure: "AP below going on on all data (`cumulative`)",
    most: 1.5,
    of: ({ own, cumulative }) => cumulative && cumulative.ap - own.ap,
  },
  {
    name: "new",
    measure: "AP on the new set below fine-tuning",
    most: 1.5,
    of: ({ own, fineTuned }) => fineTuned && fineTuned.learningAp - own.learningAp,
  },
  {
    name: "found",
    measure: "% of old true particles found, below joint training",
    most: 2,
    of: ({ own, joint }) => joint && joint.found - own.found,
  },
  {
    name: "time",
    measure: "% of joint training's processor time",
    most: 40,
    of: (run) => run.own.timeOfJoint,
  },
  {
    name: "storage",
    measure: "MB kept a set",
    most: 2,
    of: ({ own, sets }) => own.megabytes / sets,
  },
];

/** What was to be reached, and what two strategies reach in the committed experiments. */
export async function claimTables(): Promise<Tables> {
  const [real, twins] = await Promise.all(["forgetting", "twins"].map(readExperiment));
  return {
    claims: claimTable(real, "epicker"),
    "claims-sum": claimTable(real, "epicker+unsure+average"),
    "claims-twins": claimTable(twins, "epicker"),
    "claims-twins-sum": claimTable(twins, "epicker+unsure+average"),
  };
}

/** A line per mark: what is measured of a strategy, its 95 % interval, and whether it is met. */
export function claimTable(result: ExperimentResult, strategy: string): string {
  const pairs = pairsOf(result, strategy);
  const rows = CLAIMS.map(({ measure, most, end = most, of }) => {
    const values = pairs.map(of).filter(isKnown);
    const { value, low, high } = meanInterval(values);
    const asked = most.toFixed(1) + (end > most ? `, interval ${end.toFixed(1)}` : "");
    const met = values.length === 0 ? "not run" : verdict(value <= most, high <= end);
    return { measure, asked, value, low, high, runs: values.length, met };
  });
  return formatTable(rows, [
    { key: "measure", title: `\`${strategy}\`` },
    { key: "asked", title: "at most", align: "right" },
    { key: "value", title: "mean", digits: 1 },
    { key: "low", title: "95 % from", digits: 1 },
    { key: "high", title: "to", digits: 1 },
    { key: "runs" },
    { key: "met" },
  ]);
}

/** A figure per mark, as SVG by its name: every strategy with its interval, and the mark as a line. */
export function claimFigures(result: ExperimentResult): Record<string, string> {
  const names = [...new Set(result.runs.map(({ strategy }) => strategy))];
  return Object.fromEntries(CLAIMS.map(({ name, measure, most, of }) => {
    const found = names
      .map((strategy) => [strategy, pairsOf(result, strategy).map(of).filter(isKnown)] as const)
      .filter(([, values]) => values.length > 0)
      .map(([strategy, values]) => [strategy, meanInterval(values)] as const);
    return [name, figureOf(measure, most, found)];
  }));
}

function figureOf(y: string, most: number, found: (readonly [string, Interval])[]): string {
  const ends: [number, number][] = [[-0.4, most], [found.length - 0.6, most]];
  return chartFigure(y, {
    x: "",
    y: "mean and 95 % interval",
    categories: found.map(([strategy]) => strategy),
    series: [
      {
        name: "measured",
        points: found.map(([, { value }], i) => [i, value] as const),
        errors: found.map(([, { value, high }]) => Number.isFinite(high) ? high - value : 0),
        line: false,
      },
      { name: `asked: at most ${most}`, points: ends, dots: false, dashed: true },
    ],
  }).svg;
}

function pairsOf({ runs }: ExperimentResult, strategy: string): Pair[] {
  return runs.filter((run) => run.strategy === strategy).map((run) => {
    const beside = (name: string) => {
      const like = runs.find((one) => one.strategy === name && isBeside(one, run));
      return like && measuresOf(like, runs);
    };
    const sets = run.stages.flatMap(({ learned }) => learned).length;
    return {
      own: measuresOf(run, runs),
      sets,
      fineTuned: beside("fine-tune"),
      joint: beside("joint/4") ?? beside("joint/2") ?? beside("joint"),
      cumulative: beside("cumulative"),
    };
  });
}

/** Whether two runs have seed and base model in common. */
function isBeside(one: ExperimentRun, other: ExperimentRun): boolean {
  return one.seed === other.seed &&
    String(one.stages[0].learned) === String(other.stages[0].learned);
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}

function verdict(isMet: boolean, isSure: boolean): string {
  return isMet ? isSure ? "yes" : "in the mean" : "no";
}
