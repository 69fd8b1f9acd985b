/**
 * Experiments: what strategies learn and forget, and what models find of what they were not shown.
 *
 * `runExperiment(plan, data, options)` trains a base model, adds datasets to it by several strategies
 * and scores every dataset after every stage; `runBiased` labels only one kind of particle and counts
 * what is found of all. What is done already is taken from the folder of results, so that a run that
 * was cut off goes on. Presets name the plans that come with the project.
 *
 * @module
 */
export type { Stage } from "./_kept.ts";
export type { TrainingSetting } from "./_stage_options.ts";
export * from "./biased.ts";
export * from "./biased_data.ts";
export * from "./biased_report.ts";
export * from "./comparison.ts";
export * from "./csv.ts";
export * from "./experiment.ts";
export * from "./few.ts";
export * from "./orders.ts";
export * from "./plan.ts";
export * from "./plan_file.ts";
export * from "./presets.ts";
export * from "./report.ts";
export * from "./summary.ts";
export * from "./types.ts";
export * from "./unseen.ts";
export * from "./unseen_calibration.ts";
export * from "./unseen_data.ts";
export * from "./unseen_report.ts";
export { type PicksOnEmpty, scoreUnseen, type UnseenScore } from "./unseen_score.ts";
