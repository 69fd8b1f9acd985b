/**
 * Learning new data without forgetting old ones.
 *
 * `learn(strategy, lesson, options)` trains a model on new data by a {@linkcode Strategy} and returns
 * it with the memory for the next lesson: exemplars (pieces of labelled micrographs) and whatever
 * else the strategy keeps. A strategy is made by a module of about forty lines that exports `create`;
 * add one to `strategies.ts`, or hand an object of your own to `learn`.
 *
 * @module
 */
export * from "./distillation.ts";
export * from "./exemplars.ts";
export * from "./learn.ts";
export * from "./memory.ts";
export * from "./retention.ts";
export * from "./strategies.ts";
export * from "./strategy.ts";
export * from "./weight_pull.ts";
