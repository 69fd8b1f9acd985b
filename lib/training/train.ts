import * as z from "zod";
import { type Backend, startBackend } from "../backend/mod.ts";
import { checkArgument } from "../core/mod.ts";
import type { TrainingSet } from "./images.ts";
import { assertRecipe, checkTraining, completeRecipe, viewToTrain } from "./recipe.ts";
import { Run } from "./run.ts";
import type { ShardTask } from "./shard.ts";
import type { TrainOptions, TrainResult } from "./train_options.ts";
import { localPool, type ShardPool, workerPool } from "./workers.ts";

/** What a set is, for those who write one by hand. */
const SET = z.object(
  { train: z.array(z.unknown()), validation: z.array(z.unknown()) },
  "a training set, as loadTrainingSet() gives it",
);

/**
 * Trains a network and writes `model.safetensors` (the best), `checkpoint.safetensors` (to resume)
 * and `training.json` (recipe, scores and losses) to a folder.
 *
 * The weights that are kept are a running average of the trained ones. All draws depend on the
 * seed and the number of the step, so that a resumed run gives what an uninterrupted one would.
 *
 * @throws {EPickerError} `bad-data` without images, `bad-model`, `bad-option`, `no-backend`,
 * `write-failed`; `diverged` where a number is no longer finite: files are then those of before.
 */
export async function train(set: TrainingSet, options: TrainOptions): Promise<TrainResult> {
  checkArgument(set, SET, "set");
  checkTraining(options);
  const view = viewToTrain(set.view ?? "paper", options.from);
  const recipe = completeRecipe(options.recipe ?? {}, { view, from: options.from });
  assertRecipe(recipe, set);
  const started = performance.now();
  const backend = await startBackend(options.backend);
  const run = new Run(set, recipe, options, backend);
  await run.open();
  using pool = openPool(run.task, backend, Math.min(options.workers ?? 2, recipe.shards));
  const finished = await run.loop(pool);
  return {
    model: run.best,
    history: run.state.history,
    losses: run.state.losses,
    backend: backend.title,
    seconds: (performance.now() - started) / 1000,
    finished,
    recipe,
  };
}

function openPool(task: ShardTask, { name }: Backend, workers: number): ShardPool {
  const isPortable = task.objective === undefined || task.objective.source !== undefined;
  return name === "wasm" && workers > 1 && isPortable ? workerPool(task, workers) : localPool(task);
}
