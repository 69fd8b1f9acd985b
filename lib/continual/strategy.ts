import { z } from "zod";
import { checkArgument, EPickerError, messageOfError, option } from "../core/mod.ts";
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

const isFunction = (value: unknown) => typeof value === "function";

const STRATEGY = z.object({
  title: z.string("a title for tables"),
  start: option.oneOf(["fresh", "old"]),
  data: option.oneOf(["new", "exemplars", "everything"]),
  teacherOn: option.oneOf(["new", "replayed"]).optional(),
  lossOf: z.custom(isFunction, "a function that gives the loss"),
  pull: z.custom(isFunction, "a function").optional(),
  remember: z.custom(isFunction, "a function").optional(),
}, "a strategy, or { module } of one");

/**
 * Makes a strategy of its module, or takes one as it is.
 *
 * @throws {EPickerError} `bad-option` for what is no strategy, or a module that makes none.
 */
export async function loadStrategy(source: Strategy | ObjectiveSource): Promise<Strategy> {
  const isModule = Object(source) === source && "module" in source && !("lossOf" in source);
  const strategy = isModule ? await fromModule(source) : source;
  checkArgument(strategy, STRATEGY, isModule ? source.module : "strategy");
  return strategy as Strategy;
}

async function fromModule({ module, options }: ObjectiveSource): Promise<Strategy> {
  const fail = (found: string, cause?: unknown) =>
    new EPickerError("bad-option", {
      file: String(module),
      found,
      expected: "a module that exports create(options), which gives a strategy",
    }, { cause });
  const { create } = await import(module).catch((error) => {
    throw fail(`that it cannot be imported (${messageOfError(error)})`, error);
  });
  if (typeof create !== "function") throw fail("no function `create` in it");
  return create(options);
}
