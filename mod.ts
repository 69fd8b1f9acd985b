/**
 * EPicker for Deno: cryo-EM particle picking that learns new datasets without forgetting old ones.
 *
 * 1. Nouns: micrographs, picks, datasets, errors, seeded randomness
 * 2. Files: micrographs, coordinates, dataset folders
 * 3. Preprocessing: the image that the network sees
 * 4. Backends: WebGPU, WASM, plain CPU
 * 5. The network: CenterNet on DLA-34; ONNX files
 * 6. Points to fibers
 * 7. Picking: a micrograph in, coordinates out
 * 8. Evaluation: AP, AR, F1
 * 9. Training
 * 10. Learning without forgetting
 * 11. Experiments
 * 12. Simulated micrographs
 * 13. Pages and figures
 * 14. Benchmarks
 *
 * @module
 */
export * from "./lib/core/mod.ts";
export * from "./lib/io/mod.ts";
export * from "./lib/preprocess/mod.ts";
export * from "./lib/backend/mod.ts";
export * from "./lib/centernet/mod.ts";
export * from "./lib/onnx/mod.ts";
export * from "./lib/tracing/mod.ts";
export * from "./lib/picking/mod.ts";
export * from "./lib/evaluation/mod.ts";
export * from "./lib/training/mod.ts";
export * from "./lib/continual/mod.ts";
export * from "./lib/experiments/mod.ts";
export * from "./lib/simulation/mod.ts";
export * from "./lib/plots/mod.ts";
export * from "./lib/benchmark/mod.ts";
