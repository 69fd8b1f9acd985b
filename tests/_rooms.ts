/** Everything that the rooms export, for tests that go over all of it. */
export * from "../lib/core/mod.ts";
export * from "../lib/io/mod.ts";
export * from "../lib/preprocess/mod.ts";
export * from "../lib/backend/mod.ts";
export * from "../lib/centernet/mod.ts";
export * from "../lib/onnx/mod.ts";
export * from "../lib/tracing/mod.ts";
export * from "../lib/picking/mod.ts";
export * from "../lib/evaluation/mod.ts";
export * from "../lib/training/mod.ts";
export * from "../lib/continual/mod.ts";
export * from "../lib/experiments/mod.ts";
export * from "../lib/simulation/mod.ts";
export * from "../lib/plots/mod.ts";
export * from "../lib/benchmark/mod.ts";
