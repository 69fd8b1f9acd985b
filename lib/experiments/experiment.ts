import { join } from "@std/path";
import process from "node:process";
import { z } from "zod";
import { startBackend } from "../backend/mod.ts";
import type { Model } from "../centernet/mod.ts";
import {
  checkStrategy,
  EMPTY_MEMORY,
  encodeMemory,
  learn,
  type Memory,
  remember,
  type Strategy,
} from "../continual/mod.ts";
import { checkArgument, checkOptions, writeFileAtomic } from "../core/mod.ts";
import {
  averagePrecision,
  bestF1,
  type EvaluationImage,
  precisionRecall,
  type Score,
  type SizeOptions,
} from "../evaluation/mod.ts";
import { completeRecipe, predict, train, type TrainingImage } from "../training/mod.ts";
import { kept, type Stage } from "./_kept.ts";
import { SETTING_CHECKS, stageOptions, type TrainingSetting } from "./_stage_options.ts";
import { assertComplete, type ExperimentData, type ExperimentPlan } from "./plan.ts";

/** Score from which a candidate counts where an experiment asks how many particles are found. */
export const FOUND_SCORE = 0.35;

/** How a model does on one dataset. */
export interface DatasetScore extends Score {
  /** Best F1 over all thresholds. */
  f1: number;
  /** Share of the particles found with a score of {@linkcode FOUND_SCORE} or more. */
  recall: number;
}

/** A model after one stage of an experiment. */
export interface StageResult {
  /** Datasets learned in this stage. */
  learned: string[];
  /** Seconds of training and of choosing what is kept. */
  seconds: number;
  /** Seconds of all processors together, which other programs disturb less. */
  cpuSeconds: number;
  /** Bytes kept of old data for the next stage. */
  storedBytes: number;
  /** Scores on the test images of every dataset of the plan, learned or not. */
  scores: Record<string, DatasetScore>;
}

/** One strategy, one seed, one order. */
export interface ExperimentRun {
  /** Name of the strategy. */
  strategy: string;
  /** Its title. */
  title: string;
  /** Seed of weights, crops and exemplars. */
  seed: number;
  /** Groups of datasets in the order of adding; one group where a strategy learns from all data. */
  order: string[][];
  /** Stage 0 is the base model; then one for each group. */
  stages: StageResult[];
}

/** Everything that an experiment found; written as `experiment.json`. */
export interface ExperimentResult {
  /** What was done. */
  plan: ExperimentPlan;
  /** The backend, for people. */
  backend: string;
  /** All runs. */
  runs: ExperimentRun[];
}

/** What {@linkcode runExperiment} may be told. */
export interface ExperimentOptions extends TrainingSetting {
  /** Folder for models, results and tables; a finished stage in it is not done again. */
  out: string;
  /** Strategies by name. */
  strategies: Record<string, Strategy>;
  /** Seeds. @default {[1]} */
  seeds?: number[];
  /** Orders of adding; the plan's own by default. */
  orders?: string[][][];
  /** Receives every run when it is finished. */
  onRun?: (run: ExperimentRun) => void;
}

/** What all stages of a seed share. */
interface Bench {
  plan: ExperimentPlan;
  data: ExperimentData;
  options: ExperimentOptions;
  seed: number;
}

/**
 * Trains a base model and adds datasets to it by every strategy, for every seed and order.
 *
 * Every finished stage is kept in `out` (model, memory, scores), so that a run that was cut off goes
 * on with the stage in work; the same seed on the same backend gives the same result.
 *
 * @throws {EPickerError} `bad-data` for a plan whose datasets are not all there; and as `train`.
 */
export async function runExperiment(
  plan: ExperimentPlan,
  data: ExperimentData,
  options: ExperimentOptions,
): Promise<ExperimentResult> {
  checkExperiment(options);
  assertComplete(plan, data);
  const { title: backend } = await startBackend(options.backend);
  const { seeds = [1], orders = [plan.added.map((name) => [name])], out } = options;
  const result: ExperimentResult = { plan, backend, runs: [] };
  for (const seed of seeds) {
    for (const [name, strategy] of Object.entries(options.strategies)) {
      const ways = strategy.data === "everything" ? [[plan.added]] : orders; // all data know no order
      for (const order of ways) {
        const run = await runStrategy({ plan, data, options, seed }, name, order);
        result.runs.push(run);
        options.onRun?.(run);
        await writeFileAtomic(join(out, "experiment.json"), JSON.stringify(result, null, 1) + "\n");
      }
    }
  }
  return result;
}

/**
 * Refuses options of an experiment that make no sense; {@linkcode runExperiment} does so as well, but
 * only when the data are read.
 *
 * @throws {EPickerError} `bad-option` for what is no strategy or a number out of its range.
 */
export function checkExperiment(options: ExperimentOptions): void {
  checkArgument(options, z.object({ strategies: STRATEGIES_GIVEN }, "an object of options"));
  checkOptions(options, { ...SETTING_CHECKS, orders: ORDERS });
  for (const strategy of Object.values(options.strategies)) checkStrategy(strategy);
}

const STRATEGIES_GIVEN = z.record(z.string(), z.unknown(), "strategies by name")
  .refine((strategies) => Object.keys(strategies).length > 0, "one strategy or more");
const ORDERS = z.array(z.array(z.array(z.string())), "a list of orders").min(
  1,
  "one order or more",
);

/** All stages of one strategy for one seed and order. */
async function runStrategy(bench: Bench, name: string, order: string[][]): Promise<ExperimentRun> {
  const { plan, options, seed } = bench;
  const strategy = options.strategies[name];
  let stage = await baseStage(bench, strategy);
  const stages = [stage.result];
  const learned = [...plan.base];
  let folder = join(seedFolder(bench), name.replaceAll("/", "-"));
  for (const names of order) {
    folder = join(folder, names.join("+"));
    stage = await addStage(bench, folder, strategy, stage, learned, names);
    stages.push(stage.result);
    learned.push(...names);
  }
  return { strategy: name, title: strategy.title, seed, order, stages };
}

/** The base model is the same for all strategies; what they keep of its data differs. */
async function baseStage(bench: Bench, strategy: Strategy): Promise<Stage<StageResult>> {
  const { plan: { base, steps }, seed } = bench;
  const images = imagesOf(bench, base);
  const folder = join(seedFolder(bench), "base");
  const { model, result } = await keptStage(bench, folder, base, async (out) => {
    const set = { train: images, validation: [], warnings: [], view: bench.plan.view };
    const { model } = await train(set, trainOptions(bench, out, steps.base));
    return { model, learned: base, memory: EMPTY_MEMORY, storedBytes: 0 };
  });
  const { view } = bench.plan;
  const recipe = completeRecipe({ ...bench.plan.recipe, seed }, { view });
  const memory = await remember(strategy, { model, images, memory: EMPTY_MEMORY, recipe });
  return {
    model,
    memory,
    result: { ...result, storedBytes: storedBytes(strategy, images, memory) },
  };
}

function addStage(
  bench: Bench,
  folder: string,
  strategy: Strategy,
  { model: old, memory }: Stage<StageResult>,
  learned: string[],
  names: string[],
): Promise<Stage<StageResult>> {
  const what = [learned, names, strategy.source?.options];
  return keptStage(bench, folder, what, async (out) => {
    const { steps, view } = bench.plan;
    const fresh = { train: imagesOf(bench, names), validation: [], warnings: [], view };
    const before = imagesOf(bench, learned);
    const count = strategy.data === "everything" ? steps.joint : steps.added * names.length;
    const lesson = { fresh, before, old, memory };
    const taught = await learn(strategy, lesson, trainOptions(bench, out, count));
    const all = [...before, ...fresh.train];
    return { ...taught, learned: names, storedBytes: storedBytes(strategy, all, taught.memory) };
  });
}

/** A model that was taught, before it is scored. */
type Taught = { model: Model; memory: Memory } & Pick<StageResult, "learned" | "storedBytes">;

/**
 * Takes a stage from its folder, or does it, scores it and keeps it there.
 *
 * @param what What the stage depends on beside the plan and its folder's name.
 */
function keptStage(
  bench: Bench,
  folder: string,
  what: unknown,
  work: (out: string) => Promise<Taught>,
): Promise<Stage<StageResult>> {
  const { plan: { steps, recipe, view }, options: { signal } } = bench;
  const key = JSON.stringify([steps, recipe, what, ...(view ? [view] : [])]);
  return kept(folder, key, async (out) => {
    signal?.throwIfAborted();
    const [start, startCpu] = [performance.now(), cpuSeconds()];
    const { model, memory, learned, storedBytes } = await work(out);
    signal?.throwIfAborted(); // else a model whose training was stopped would be kept
    const result = {
      learned,
      seconds: (performance.now() - start) / 1000,
      cpuSeconds: cpuSeconds() - startCpu,
      storedBytes,
      scores: await scoresOf(model, bench),
    };
    return { model, memory, result };
  });
}

/** Seconds that this process has had of all processors. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Scores of a model on the test images of every dataset. */
async function scoresOf(model: Model, { plan, data }: Bench): Promise<StageResult["scores"]> {
  const images = [...plan.base, ...plan.added].flatMap((name) => data.get(name)!.test);
  const scores: StageResult["scores"] = {};
  const sizes = { sized: model.mode === "vesicle" };
  for (const [name, group] of await predict(model, images)) scores[name] = scoreOf(group, sizes);
  return scores;
}

function scoreOf(images: EvaluationImage[], sizes: SizeOptions): DatasetScore {
  const curve = precisionRecall(images, sizes);
  const recall = curve.findLast(({ threshold }) => threshold >= FOUND_SCORE)?.recall ?? 0;
  return { ...averagePrecision(images, sizes), f1: bestF1(images, sizes).f1, recall };
}

function imagesOf({ data }: Bench, names: string[]): TrainingImage[] {
  return names.flatMap((name) => data.get(name)!.train);
}

function storedBytes({ data }: Strategy, images: TrainingImage[], memory: Memory): number {
  if (data === "everything") return images.reduce((sum, { image }) => sum + image.pixels.length, 0);
  const empty = memory.exemplars.length === 0 && Object.keys(memory.vectors).length === 0;
  return empty ? 0 : encodeMemory(memory).length;
}

function trainOptions({ plan, options, seed }: Bench, out: string, steps: number) {
  return stageOptions(plan.recipe, options, { out, seed, steps });
}

function seedFolder({ options, seed }: Bench): string {
  return join(options.out, "stages", `seed${seed}`);
}
