import { join } from "@std/path";
import { startBackend } from "../backend/mod.ts";
import { LIGHT, type Model } from "../centernet/mod.ts";
import { EMPTY_MEMORY } from "../continual/mod.ts";
import {
  checkOptions,
  EPickerError,
  LEAST_PROBABILITY,
  UNCALIBRATED,
  writeFileAtomic,
} from "../core/mod.ts";
import { scoredHits } from "../evaluation/mod.ts";
import { BlobDetector, blobModel } from "../picking/mod.ts";
import { predictBy, type Recipe, train, type TrainingSet } from "../training/mod.ts";
import { kept, keptBefore, type Stage } from "./_kept.ts";
import { SETTING_CHECKS, stageOptions, type TrainingSetting } from "./_stage_options.ts";
import { calibrationOf } from "./unseen_calibration.ts";
import type { UnseenData, UnseenDatasets } from "./unseen_data.ts";
import {
  type PicksOnEmpty,
  picksOnEmpty,
  predicted,
  scoreUnseen,
  type UnseenScore,
} from "./unseen_score.ts";

/** What models learn from: the other kinds, crops that are made up, or both. */
export type UnseenSource = "real" | "made-up" | "both";

/** The sources, and what each changes in the recipe. */
export const UNSEEN_SOURCES: Record<UnseenSource, Partial<Recipe>> = {
  real: { madeUp: 0 },
  "made-up": { madeUp: 1 },
  both: {},
};

/** An experiment that leaves one kind of particle out at a time. */
export interface UnseenPlan extends UnseenDatasets {
  /** Name of the preset. */
  name: string;
  /** Training steps of every model. */
  steps: number;
  /** What else differs from the default recipe of the view. */
  recipe: Partial<Recipe>;
  /** What models learn from. */
  sources: UnseenSource[];
  /** Seeds. */
  seeds: number[];
}

/** Four real kinds, each left out in turn. */
export const UNSEEN: UnseenPlan = {
  name: "unseen",
  kinds: ["trpv1", "bgal", "ribosome", "apoferritin"],
  empty: { folder: "quality", classes: ["empty-hole", "crystalline-ice", "empty-ice"] },
  view: "particle",
  steps: 1000,
  recipe: { config: LIGHT },
  sources: ["real", "made-up", "both"],
  seeds: [1, 2],
};

/** A model that was trained without one kind. */
export interface UnseenResult {
  /** Its scores on the test images of that kind. */
  score: UnseenScore;
  /** Its threshold, chosen on held-out images of the kinds that it learned. */
  threshold: number;
  /** Picks at its threshold on held-out micrographs with nothing to pick. */
  empties?: PicksOnEmpty;
  /**
   * The same as users have it: at {@linkcode LEAST_PROBABILITY}, by a calibration that was fitted to
   * the other kinds; absent where no other was run.
   */
  calibrated?: { f1: number; empties?: PicksOnEmpty };
  /**
   * Score, raised where the kind is weak, and 1 where it is right, of every pick on the training
   * images of the kind left out.
   */
  hits: [score: number, right: number][];
  /** True particles on them. */
  truth: number;
}

/** One model of the experiment; without a result it has not been run. */
export interface UnseenCell {
  /** The kind that was left out. */
  kind: string;
  /** What the model learned from. */
  source: UnseenSource;
  /** Seed of weights and crops. */
  seed: number;
  /** What was found. */
  result?: UnseenResult;
}

/** Everything that the experiment found; written as `unseen.json`. */
export interface UnseenReport {
  /** What was planned. */
  plan: UnseenPlan;
  /** The backend, for people. */
  backend: string;
  /** All models of the plan, run or not. */
  cells: UnseenCell[];
  /** Pickers that learn nothing here: a difference of Gaussians, and the picks of other programs. */
  others: { kind: string; picker: string; score: UnseenScore }[];
}

/** What {@linkcode runUnseen} may be told. */
export interface UnseenOptions extends TrainingSetting {
  /** Folder for models and results; a finished model in it is not trained again. */
  out: string;
  /** Leave only these out; the others are taken from `out` where they are. @default all of the plan */
  kinds?: string[];
  /** Only these sources, likewise. @default all of the plan */
  sources?: string[];
  /** Only these seeds, likewise. @default all of the plan */
  seeds?: number[];
  /** Receives every cell when it is finished. */
  onCell?: (cell: UnseenCell) => void;
}

/** What all models share. */
export interface UnseenBench {
  /** What is planned. */
  plan: UnseenPlan;
  /** The images of all kinds. */
  data: UnseenData;
  /** How it is run. */
  options: UnseenOptions;
}

/**
 * Trains models that have not seen one kind, each kind in turn, and scores them on it, beside pickers
 * that learn nothing.
 *
 * Every model is a stage in `out`; a call goes on where another one stopped, within a model too.
 *
 * @throws {EPickerError} `bad-option` for kinds, sources or seeds that are not the plan's, and where
 * `out` holds another plan's results; and as `train`.
 */
export async function runUnseen(
  plan: UnseenPlan,
  data: UnseenData,
  options: UnseenOptions,
): Promise<UnseenReport> {
  checkUnseen(plan, options);
  const { title: backend } = await startBackend(options.backend);
  const bench = { plan, data, options };
  const others = await scoreOthers(bench);
  const report: UnseenReport = { plan, backend, others, cells: cellsOf(plan) };
  for (const cell of report.cells) {
    const before = await finished(bench, cell);
    if (before !== undefined) cell.result = before.result;
  }
  const { kinds = plan.kinds, sources = plan.sources, seeds = plan.seeds } = options;
  for (const cell of report.cells) {
    const wanted = kinds.includes(cell.kind) && sources.includes(cell.source) &&
      seeds.includes(cell.seed);
    if (wanted && cell.result === undefined) {
      cell.result = (await leftOutModel(bench, cell)).result;
      options.onCell?.(cell);
    }
    await writeFileAtomic(join(options.out, "unseen.json"), jsonOf(report));
  }
  for (const cell of report.cells) {
    if (cell.result) Object.assign(cell.result, await scoreCalibrated(bench, cell));
  }
  await writeFileAtomic(join(options.out, "unseen.json"), jsonOf(report));
  return report;
}

/** The report without the single picks, which stay in the models' folders. */
function jsonOf(report: UnseenReport): string {
  return JSON.stringify(report, (key, value) => key === "hits" ? undefined : value, 1) + "\n";
}

/** Refuses options of {@linkcode runUnseen} that make no sense. @throws {EPickerError} `bad-option`. */
export function checkUnseen(plan: UnseenPlan, options: UnseenOptions): void {
  checkOptions(options, SETTING_CHECKS);
  for (const name of ["kinds", "sources", "seeds"] as const) {
    const [known, given = plan[name]] = [plan[name].map(String), options[name]];
    const unknown = given.map(String).find((one) => !known.includes(one));
    if (unknown === undefined && given.length > 0) continue;
    throw new EPickerError("bad-option", {
      file: name,
      found: unknown === undefined ? "none" : `"${unknown}"`,
      expected: `${name} of the plan: ${known.join(", ")}`,
    });
  }
}

/** All models of a plan. */
function cellsOf({ kinds, sources, seeds }: UnseenPlan): UnseenCell[] {
  return seeds.flatMap((seed) =>
    kinds.flatMap((kind) => sources.map((source): UnseenCell => ({ kind, source, seed })))
  );
}

function stageOf({ plan, options }: UnseenBench, { kind, source, seed }: UnseenCell) {
  const { kinds, view, steps, recipe, simulation } = plan;
  return {
    folder: join(options.out, "left-out", `seed${seed}`, kind, source),
    key: JSON.stringify([kinds, view, steps, recipe, simulation]),
  };
}

async function finished(bench: UnseenBench, cell: UnseenCell) {
  const { folder, key } = stageOf(bench, cell);
  return await keptBefore<UnseenResult>(folder, key);
}

/** The model that has not seen the kind of a cell, taken from `out` or trained. */
export function leftOutModel(bench: UnseenBench, cell: UnseenCell): Promise<Stage<UnseenResult>> {
  const { plan, options } = bench;
  const { folder, key } = stageOf(bench, cell);
  return kept(folder, key, async (out) => {
    options.signal?.throwIfAborted();
    const recipe = { ...plan.recipe, ...UNSEEN_SOURCES[cell.source] };
    const { seed } = cell;
    const { steps } = plan;
    const set = setWithout(bench, cell.kind);
    const { model } = await train(set, {
      ...stageOptions(recipe, options, { out, seed, steps }),
      resume: true,
    });
    options.signal?.throwIfAborted(); // else a model whose training was stopped would be kept
    return { model, memory: EMPTY_MEMORY, result: await resultOf(model, bench, cell.kind) };
  });
}

/**
 * A left-out model whose scores are probabilities, fitted to the other kinds that were run; undefined
 * where none were.
 */
export async function calibratedModel(
  bench: UnseenBench,
  cell: UnseenCell,
): Promise<Model | undefined> {
  const others = cellsOf({ ...bench.plan, sources: [cell.source] })
    .filter(({ kind }) => kind !== cell.kind);
  const run = await Promise.all(
    others.map(async (other) => ({ ...other, result: (await finished(bench, other))?.result })),
  );
  const found = calibrationOf(run);
  if (found === undefined) return undefined;
  const { slope, shift } = found;
  const { model } = await leftOutModel(bench, cell);
  return { ...model, calibration: { slope, shift }, threshold: LEAST_PROBABILITY };
}

async function scoreCalibrated(bench: UnseenBench, cell: UnseenCell) {
  const model = await calibratedModel(bench, cell);
  if (model === undefined) return {};
  const { kinds, empty } = bench.data;
  const test = await predicted(model, kinds.get(cell.kind)!.test);
  const f1 = scoreUnseen(test, model.threshold).f1!;
  return { calibrated: { f1, empties: await picksOnEmpty(model, empty.test) } };
}

/** All kinds but one, and the empty micrographs. */
function setWithout({ plan, data }: UnseenBench, left: string): TrainingSet {
  const kinds = plan.kinds.filter((name) => name !== left).map((name) => data.kinds.get(name)!);
  return {
    train: kinds.flatMap(({ train }) => train),
    validation: kinds.flatMap(({ validation }) => validation),
    empty: data.empty.train,
    view: plan.view,
    warnings: [],
  };
}

async function resultOf(
  trained: Model,
  { data }: UnseenBench,
  kind: string,
): Promise<UnseenResult> {
  const model = { ...trained, calibration: UNCALIBRATED }; // weak kinds are raised as when picking
  const { train, validation, test } = data.kinds.get(kind)!;
  const known = await predicted(model, [...train, ...validation]);
  return {
    score: scoreUnseen(await predicted(model, test), model.threshold),
    threshold: model.threshold,
    empties: await picksOnEmpty(model, data.empty.test),
    hits: scoredHits(known).map(({ score, hit }) => [+score.toFixed(4), +hit]),
    truth: known.reduce((sum, { truth }) => sum + truth.length, 0),
  };
}

/** The difference of Gaussians at the true diameter, and the picks of other programs. */
async function scoreOthers({ plan, data }: UnseenBench): Promise<UnseenReport["others"]> {
  const others: UnseenReport["others"] = [];
  for (const kind of plan.kinds) {
    const { test, peers } = data.kinds.get(kind)!;
    if (plan.view === "particle") {
      using blobs = new BlobDetector();
      const images = [...(await predictBy(blobs, blobModel(), test)).values()].flat();
      others.push({ kind, picker: "difference of Gaussians", score: scoreUnseen(images) });
    }
    for (const { picker, images } of peers) {
      others.push({ kind, picker, score: scoreUnseen(images) });
    }
  }
  return others;
}
