/**
 * Learning new data without forgetting old ones.
 *
 * `learn(strategy, lesson, options)` trains a model on new data by a {@linkcode Strategy} and returns
 * it with the memory for the next lesson: exemplars (pieces of labelled micrographs) and whatever
 * else the strategy keeps. A strategy is a module of about forty lines that exports `create`; add one
 * to `strategies.ts`, or hand an object to `learn`.
 *
 * @module
 */
export * from "./biased.ts";
export * from "./biased_data.ts";
export * from "./biased_report.ts";
export type { TrainingSetting } from "./_stage_options.ts";
export * from "./distillation.ts";
export * from "./exemplars.ts";
export * from "./experiment.ts";
export * from "./learn.ts";
export * from "./memory.ts";
export * from "./plan.ts";
export * from "./presets.ts";
export * from "./report.ts";
export * from "./strategies.ts";
export * from "./strategy.ts";
export * from "./summary.ts";
export * from "./weight_pull.ts";
