/**
 * Learning from labelled micrographs: images, augmentation, batches and the one training loop.
 *
 * `loadTrainingSet` reads datasets and holds a part out, `train` runs the loop and keeps the best
 * model, a checkpoint to resume from and a log. A batch is a fixed number of shards, computed in
 * workers where there is no GPU; their number changes the time and not the result. Images may say
 * that only some objects are labelled (`sparse`), and of which regions nothing is known (`ignored`).
 *
 * @module
 */
export { AUGMENTATION, type Augmentation, GENERAL_AUGMENTATION } from "./augment.ts";
export * from "./images.ts";
export { keepLabels } from "./keep_labels.ts";
export * from "./objective.ts";
export { ShardComputer, type ShardResult, type ShardTask } from "./shard.ts";
export type { RunInputs } from "./run_inputs.ts";
export type { LossRecord, ValidationScore } from "./state.ts";
export {
  checkTraining,
  completeRecipe,
  defaultRecipe,
  FINE_TUNING_RATE,
  GENERAL,
  learningRateAt,
  RECIPE,
  type Recipe,
  stepsOf,
  VIEWS,
  viewToTrain,
} from "./recipe.ts";
export { train } from "./train.ts";
export type * from "./train_options.ts";
export { predict, predictBy, validate } from "./validate.ts";
