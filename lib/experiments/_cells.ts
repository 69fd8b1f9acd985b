import { join } from "@std/path";
import type { Strategy } from "../continual/mod.ts";
import { resultBefore } from "./_kept.ts";
import type { ExperimentOptions, ExperimentRun, StageResult } from "./types.ts";
import type { Order } from "./orders.ts";
import type { ExperimentData, ExperimentPlan } from "./plan.ts";

/** What all cells of an experiment share. */
export interface Bench {
  /** What is planned. */
  plan: ExperimentPlan;
  /** The images of all datasets. */
  data: ExperimentData;
  /** How it is run. */
  options: ExperimentOptions;
}

/** One strategy, one seed, one order. */
export interface Cell {
  /** Name of the strategy. */
  strategy: string;
  /** Seed of weights, crops and exemplars. */
  seed: number;
  /** Order of the datasets. */
  order: Order;
}

/** A stage of a cell: what is learned, and where that is kept. */
export interface Place {
  /** Folder of the stage. */
  folder: string;
  /** What the stage depends on beside its folder's name. */
  key: string;
  /** Datasets that are learned. */
  learned: string[];
  /** Datasets that were learned before. */
  before: string[];
  /** Folder of the stage from which it goes on; none of the base model. */
  from?: string;
}

/** All cells of an experiment. */
export function cellsOf(strategies: string[], seeds: number[], orders: Order[]): Cell[] {
  return seeds.flatMap((seed) =>
    orders.flatMap((order) => strategies.map((strategy): Cell => ({ strategy, seed, order })))
  );
}

/**
 * The stages of a cell. Base models are shared by all strategies and orders that begin with the same
 * datasets, joint training by all orders.
 */
export function placesOf({ plan, options }: Bench, { strategy: name, seed, order }: Cell): Place[] {
  const { steps, recipe, view, scoredOn } = plan;
  const strategy = options.strategies[name];
  const isJoint = knowsNoOrder(strategy);
  const keyOf = (...own: unknown[]) => JSON.stringify([recipe, view, scoredOn, ...own]);
  const key = keyOf(steps.base);
  const trained = isJoint ? [steps.joint] : [steps.base, steps.added];
  const ownKey = keyOf(...trained, name, strategy.source?.options);
  const root = join(options.out, "stages", `seed${seed}`);
  const own = join(root, name.replaceAll("/", "-"));
  const base = join(root, "base", order.base.join("+"));
  const first = { folder: base, key, learned: order.base, before: [] };
  if (isJoint) {
    const learned = order.added.flat();
    return [first, { folder: own, key: ownKey, learned, before: order.base, from: base }];
  }
  const places: Place[] = [first];
  let [folder, from, before] = [join(own, order.base.join("+")), base, order.base];
  for (const learned of order.added) {
    const place = { folder: join(folder, learned.join("+")), key: ownKey, learned, before, from };
    places.push(place);
    before = [...before, ...learned];
    if (!strategy.alone) folder = from = place.folder;
  }
  return places;
}

/** Whether a strategy learns all data at once, from fresh weights. */
export function knowsNoOrder({ start, data }: Strategy): boolean {
  return start === "fresh" && data === "everything";
}

/** A cell all of whose stages are there; undefined where one is not. */
export async function finishedRun(bench: Bench, cell: Cell): Promise<ExperimentRun | undefined> {
  const { title, alone } = bench.options.strategies[cell.strategy];
  const places = placesOf(bench, cell);
  const stages: StageResult[] = [];
  for (const { folder, key, learned, before } of places) {
    const result = await resultBefore<StageResult>(folder, key);
    if (result === undefined) return undefined;
    const stage = { ...result, learned };
    stages.push(alone ? withOthers(stage, before, stages) : stage);
  }
  const order = places.slice(1).map(({ learned }) => learned);
  return { strategy: cell.strategy, title, seed: cell.seed, order, stages };
}

/** A stage of models of their own: each knows its datasets, and all are kept. */
function withOthers(stage: StageResult, known: string[], earlier: StageResult[]): StageResult {
  const scores = { ...stage.scores };
  for (const name of known) scores[name] = earlier.at(-1)!.scores[name];
  return { ...stage, scores, storedBytes: earlier.length * stage.storedBytes };
}
