import { join } from "@std/path";
import { startBackend } from "../backend/mod.ts";
import { type Model, readModel } from "../centernet/mod.ts";
import { learn, LEARNING_STRATEGY, readMemory, strategyOf, writeMemory } from "../continual/mod.ts";
import { type ProgressEvent, serveWorker, tellCaller } from "../core/mod.ts";
import { type InputFile, readMicrograph } from "../io/mod.ts";
import { loadPicker, pickFiles, type PickFilesOptions } from "../picking/mod.ts";
import { viewOf } from "../preprocess/mod.ts";
import { fiberPoints, linesOf } from "../tracing/mod.ts";
import {
  completeRecipe,
  labelledImage,
  stepsOf,
  train,
  type TrainingImage,
  validate,
} from "../training/mod.ts";
import { dividedExemplars, heldOut, type Lesson, readLesson } from "./lesson.ts";
import type { LearningScore } from "./wire.ts";

// The program of a worker that trains and picks beside the server, which stays alive.

/** What the worker tells while it works. */
export type LearnNews =
  | { progress: ProgressEvent }
  | { validation: [step: number, ap: number] }
  | { scores: LearningScore[] };

const tell = (news: LearnNews) => tellCaller(news);

/** Validations in a run. */
const VALIDATIONS = 20;

const functions = {
  start(): void {},

  /**
   * Trains by the lesson in a run's folder, from its checkpoint where there is one.
   *
   * @param stop A shared number that is not 0 when the run shall end after the step in work.
   * @returns Whether all steps were done.
   */
  async learn(folder: string, stop: Int32Array): Promise<boolean> {
    await startBackend();
    const lesson = await readLesson(folder);
    const { model: old } = await readModel(lesson.model);
    const view = viewOf(old.preprocess, lesson.model);
    const images = heldOut(await imagesOf(lesson, old));
    const memory = lesson.exemplars === undefined ? undefined : await readMemory(lesson.exemplars);
    const exemplars = dividedExemplars(memory?.exemplars ?? []);
    const sets = Map.groupBy([...images.score, ...exemplars.score], ({ dataset }) => dataset);
    const before = await scoresOf(old, sets);
    tell({ scores: before });
    const end = new AbortController();
    const fresh = { train: images.learn, validation: images.score, warnings: [], view };
    const options = {
      recipe: recipeOf(lesson, old, images.learn),
      out: folder,
      name: lesson.dataset,
      resume: true,
      signal: end.signal,
      onProgress(progress: ProgressEvent) {
        if (Atomics.load(stop, 0) !== 0) end.abort();
        tell({ progress });
      },
      onValidation: ({ step, ap }: { step: number; ap: number }) =>
        tell({ validation: [step, ap] }),
    };
    if (lesson.kind === "train" || memory === undefined) {
      const { finished, model } = await train(fresh, { ...options, from: old });
      if (finished) tell({ scores: await scoresOf(model, sets, before) });
      return finished;
    }
    const kept = { ...memory, exemplars: exemplars.learn };
    const result = await learn(
      strategyOf(LEARNING_STRATEGY),
      { fresh, memory: kept, old },
      options,
    );
    if (!result.finished) return false;
    tell({ scores: await scoresOf(result.model, sets, before) });
    const all = [...exemplars.score, ...result.memory.exemplars];
    await writeMemory(join(folder, "exemplars.safetensors"), { ...result.memory, exemplars: all });
    return true;
  },

  /** Picks micrographs by a model into a folder, or takes what is there. */
  async pick(
    model: string,
    files: InputFile[],
    options: PickFilesOptions,
  ): Promise<string[]> {
    using picker = await loadPicker({ model });
    const onProgress = (progress: ProgressEvent) => tell({ progress });
    const summary = await pickFiles(picker, files, { ...options, onProgress });
    return summary.files.flatMap(({ name, error }) => error ? [`${name}: ${error}`] : []);
  },
};

/** The labelled micrographs as the network sees them. */
async function imagesOf(
  { micrographs, dataset }: Lesson,
  { mode, preprocess }: Model,
): Promise<TrainingImage[]> {
  const images: TrainingImage[] = [];
  for (const { name, path, labels, sparse, ...known } of micrographs) {
    const micrograph = { ...await readMicrograph(path), name };
    const points = mode === "fiber"
      ? fiberPoints({ lines: linesOf(labels), pixels: [], width: known.diameter })
      : labels;
    const labelling = { dataset, labels: points, ...known, ...sparse && { sparse } };
    images.push(labelledImage(micrograph, labelling, { mode, view: viewOf(preprocess, path) }));
    const { length: total } = micrographs;
    tell({ progress: { stage: "read", done: images.length, total, note: name } });
  }
  return images;
}

/** The steps, and validations evenly among them. */
function recipeOf({ steps }: Lesson, old: Model, images: TrainingImage[]) {
  const recipe = completeRecipe({ steps }, { view: viewOf(old.preprocess, "model"), from: old });
  const { perEpoch } = stepsOf(images, recipe);
  return { steps, validateEvery: Math.max(1, Math.round(steps / VALIDATIONS / perEpoch)) };
}

/** Scores of a model on what is held out, by data set; beside those before, where there are any. */
async function scoresOf(
  model: Model,
  sets: Map<string, TrainingImage[]>,
  before: LearningScore[] = [],
): Promise<LearningScore[]> {
  const scores: LearningScore[] = [];
  for (const [name, images] of sets) {
    const { ap } = await validate(model, images, 0);
    const earlier = before.find((score) => score.name === name);
    scores.push(earlier ? { ...earlier, after: ap } : { name, count: images.length, before: ap });
  }
  return scores;
}

/** What the worker can do. */
export type LearnFunctions = typeof functions;

serveWorker(functions);
