import type { Model } from "../centernet/mod.ts";
import type {
  Objective,
  ObjectiveSource,
  Recipe,
  TrainingImage,
  WeightPull,
} from "../training/mod.ts";
import type { ExemplarOptions } from "./exemplars.ts";
import type { Memory } from "./memory.ts";

/** What is known when new data arrive. */
export interface Knowledge {
  /** The model so far. */
  old: Model;
  /** What was kept of the data so far. */
  memory: Memory;
}

/**
 * A way to learn new data: an objective, and what it does about forgetting.
 *
 * A strategy is a module that exports `create(options)`. Loss terms run in workers, which import the
 * module by its URL; everything else runs on the main thread.
 */
export interface Strategy extends Objective {
  /** Name for tables. */
  title: string;
  /** Weights to start from. */
  start: "fresh" | "old";
  /** What it learns from: the new data, with half of every batch from exemplars, or all data. */
  data: "new" | "exemplars" | "everything";
  /** How exemplars are chosen, where that differs from the default. */
  exemplars?: Partial<ExemplarOptions>;
  /** A penalty on the weights, made once before the lesson. */
  pull?(knowledge: Knowledge): WeightPull;
  /** Makes what must be kept for the next lesson beside plain exemplars. */
  remember?(lesson: Remembrance): Promise<Memory>;
}

/** What is at hand when a lesson ends. */
export interface Remembrance {
  /** The model that has learned. */
  model: Model;
  /** The images that it learned in this lesson. */
  images: TrainingImage[];
  /** The memory, with the exemplars of this lesson. */
  memory: Memory;
  /** How the model was trained; its seed is that of draws. */
  recipe: Recipe;
}

/** Makes a strategy of its module, or takes one as it is. */
export async function loadStrategy(source: Strategy | ObjectiveSource): Promise<Strategy> {
  if ("lossOf" in source) return source;
  const { create } = await import(source.module);
  return create(source.options);
}
