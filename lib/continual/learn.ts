import { join } from "@std/path";
import { type Model, writeModel } from "../centernet/mod.ts";
import * as z from "zod";
import { checkArgument, EPickerError, hashOf, noun } from "../core/mod.ts";
import {
  train,
  type TrainingImage,
  type TrainingSet,
  type TrainOptions,
  type TrainResult,
} from "../training/mod.ts";
import { chooseExemplars } from "./exemplars.ts";
import { viewOf } from "../preprocess/mod.ts";
import {
  assertSameView,
  EMPTY_MEMORY,
  encodeMemory,
  type Memory,
  mergeMemories,
} from "./memory.ts";
import { checkStrategy, type Remembrance, type Strategy } from "./strategy.ts";

/** What there is to learn, and what is known already. */
export interface Lesson {
  /** The new data. */
  fresh: TrainingSet;
  /** The training images of all lessons before, for strategies that learn from everything. */
  before?: TrainingImage[];
  /** The model so far; absent in the first lesson. */
  old?: Model;
  /** What was kept of the lessons before. */
  memory: Memory;
}

/** What a lesson gave. */
export interface Learned extends TrainResult {
  /** What is kept for the next lesson. */
  memory: Memory;
}

/**
 * Learns new data by a strategy: trains, then adds exemplars of the new data to the memory.
 *
 * Where images are held out, they and the old exemplars choose the best model together. What the old
 * model picks is picked, by a network like it, unless the options say otherwise, from fresh weights too.
 * The old model and the memory that was given are not changed.
 *
 * @throws {EPickerError} `bad-option` where the strategy needs an old model, exemplars or all data
 * and there is none; and as `train`.
 */
export async function learn(
  strategy: Strategy,
  lesson: Lesson,
  options: Omit<TrainOptions, "from" | "replay" | "objective" | "teacher" | "pull">,
): Promise<Learned> {
  checkLesson(strategy, lesson);
  const { fresh, before = [], old, memory } = lesson;
  const everything = strategy.data === "everything" ? before : [];
  const from = strategy.start === "old" ? old : undefined;
  const replay = strategy.data === "exemplars" ? memory.exemplars : [];
  if (replay.length > 0) assertSameView(memory.view, fresh.view, "the new data");
  const chosenBy = [...fresh.validation, ...replay];
  const set = {
    ...fresh,
    train: [...everything, ...fresh.train],
    validation: fresh.validation.length > 0 ? chosenBy : [],
  };
  const { mode = old?.mode, config = old?.config } = options.recipe ?? {};
  const result = await train(set, {
    ...options,
    recipe: { ...options.recipe, mode, config: from?.config ?? config },
    objective: strategy,
    from,
    replay,
    teacher: strategy.teacherOn && old,
    pull: old && strategy.pull?.({ old, memory }),
    inputs: memory === EMPTY_MEMORY
      ? options.inputs
      : { "--exemplars": await hashOf([encodeMemory(memory)]) },
  });
  if (!result.finished) return { ...result, memory };
  const ending = { ...result, images: fresh.train, memory, validation: chosenBy };
  const model = old && await strategy.finish?.({ ...ending, old }) || result.model;
  if (model !== result.model) await writeModel(join(options.out, "model.safetensors"), model);
  const kept = await remember(strategy, { ...result, model, images: fresh.train, memory });
  return { ...result, model, memory: kept };
}

/** The memory with what a strategy keeps of the images that a model has learned. */
export async function remember(
  strategy: Strategy,
  { model, images, memory, recipe }: Remembrance,
): Promise<Memory> {
  const chosen = strategy.data === "exemplars"
    ? chooseExemplars(images, model, { seed: recipe.seed, ...strategy.exemplars })
    : [];
  const known = mergeMemories(memory, {
    exemplars: chosen,
    vectors: {},
    view: viewOf(model.preprocess, "model"),
  });
  return await strategy.remember?.({ model, images, memory: known, recipe }) ?? known;
}

/**
 * Refuses what is no strategy, and a lesson that lacks what it needs; {@linkcode learn} does so as
 * well, but only when the new data are read.
 *
 * @throws {EPickerError} `bad-option`.
 */
export function checkLesson(strategy: Strategy, lesson: Omit<Lesson, "fresh">): void {
  checkStrategy(strategy);
  checkArgument(lesson, LESSON, "lesson");
  assertPossible(strategy, lesson);
}

const LESSON = z.object({
  memory: z.object({ exemplars: z.array(z.unknown()), vectors: z.unknown() }, "a memory"),
  old: noun.model.optional(),
}, "a lesson { fresh, memory }");

function assertPossible(
  strategy: Strategy,
  { before, old, memory }: Omit<Lesson, "fresh">,
): void {
  const missing = strategy.start === "old" && old === undefined
    ? "a model to go on from (`from`)"
    : strategy.data === "exemplars" && memory.exemplars.length === 0
    ? "exemplars of what the model has learned (`exemplars`)"
    : strategy.data === "everything" && before === undefined
    ? "the data of all lessons before (name them all in `data`)"
    : undefined;
  if (missing === undefined) return;
  throw new EPickerError("bad-option", {
    file: `strategy ${strategy.title}`,
    found: "no such thing",
    expected: missing,
  });
}
