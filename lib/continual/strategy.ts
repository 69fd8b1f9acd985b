import * as z from "zod";
import { checkArgument, EPickerError, messageOfError, option } from "../core/mod.ts";
import type { Model } from "../centernet/mod.ts";
import {
  type Objective,
  type ObjectiveSource,
  type Recipe,
  type TrainingImage,
  type WeightPull,
  withSource,
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
 * Loss terms run in workers where the strategy has a source, a module that exports `create(options)`,
 * which they import by its URL; everything else runs on the main thread.
 */
export interface Strategy extends Objective {
  /** Name for tables. */
  title: string;
  /** Weights to start from. */
  start: "fresh" | "old";
  /** What it learns from: the new data, with half of every batch from exemplars, or all data. */
  data: "new" | "exemplars" | "everything";
  /** Whether every dataset gets a model of its own, which starts from the base model. @default {false} */
  alone?: boolean;
  /** Times the training steps of others that it takes in an experiment. @default {1} */
  effort?: number;
  /** How exemplars are chosen, where that differs from the default. */
  exemplars?: Partial<ExemplarOptions>;
  /** A penalty on the weights, made once before the lesson. */
  pull?(knowledge: Knowledge): WeightPull;
  /** Makes the model of a lesson of what training gave. */
  finish?(ending: Ending): Promise<Model>;
  /** Makes what must be kept for the next lesson beside plain exemplars. */
  remember?(lesson: Remembrance): Promise<Memory>;
}

/** A strategy that workers find in its module. */
export interface ModuleStrategy extends Strategy {
  /** Where they find it. */
  source: ObjectiveSource;
}

/** What is at hand when training ends. */
export interface Ending {
  /** The model that was trained. */
  model: Model;
  /** The model so far. */
  old: Model;
  /** The new images. */
  images: TrainingImage[];
  /** The memory so far. */
  memory: Memory;
  /** Images that choose: held-out ones of the new data, and the old exemplars. */
  validation: TrainingImage[];
  /** How the model was trained. */
  recipe: Recipe;
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

const isFunction = (value: unknown) => typeof value === "function";

const SEEN = option.oneOf(["new", "replayed", "all"]);

const STRATEGY = z.object({
  title: z.string("a title for tables"),
  start: option.oneOf(["fresh", "old"]),
  data: option.oneOf(["new", "exemplars", "everything"]),
  teacherOn: SEEN.optional(),
  averageOn: SEEN.optional(),
  lossOf: z.custom(isFunction, "a function that gives the loss"),
  pull: z.custom(isFunction, "a function").optional(),
  prepare: z.custom(isFunction, "a function").optional(),
  finish: z.custom(isFunction, "a function").optional(),
  remember: z.custom(isFunction, "a function").optional(),
}, "a strategy");

/** Refuses what is no strategy. @throws {EPickerError} `bad-option`. */
export function checkStrategy(strategy: Strategy, name = "strategy"): void {
  checkArgument(strategy, STRATEGY, name);
}

const SOURCE = z.object(
  { module: z.string("the address of a module") },
  "{ module } of a strategy",
);

/**
 * Makes a strategy of its module, which it carries as its source.
 *
 * @throws {EPickerError} `bad-option` for a module that makes no strategy.
 */
export async function loadStrategy(
  source: ObjectiveSource,
): Promise<ModuleStrategy> {
  checkArgument(source, SOURCE, "source");
  const { module, options } = source;
  const fail = (found: string, cause?: unknown) =>
    new EPickerError("bad-option", {
      file: module,
      found,
      expected: "a module that exports create(options), which gives a strategy",
    }, { cause });
  const { create } = await import(module).catch((error) => {
    throw fail(`that it cannot be imported (${messageOfError(error)})`, error);
  });
  if (typeof create !== "function") throw fail("no function `create` in it");
  const strategy = create(options);
  checkStrategy(strategy, module);
  return withSource(strategy, source);
}
