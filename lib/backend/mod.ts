/**
 * Starting TensorFlow.js on WebGPU, WASM or plain CPU, and the kernels that it lacks or does slowly.
 *
 * `startBackend` chooses once and registers our kernels; after it, the ordinary `tf.conv2d` trains
 * on every backend. `batchNormTrain`, `rectify` and `upsample2x` are differentiable operations of ours;
 * `readPeaks` brings the peaks of a map from the device.
 *
 * @module
 */
export { type BatchNormResult, batchNormTrain, type NormAttributes } from "./batch_norm.ts";
export * from "./choose.ts";
export * from "./crew/mod.ts";
export { readPeaks } from "./peaks.ts";
export { type MapValues, peaksIn } from "./peaks_in.ts";
export { rectify } from "./rectify.ts";
export * from "./start.ts";
export { upsample2x } from "./upsample.ts";
export { type ConvolutionSize, LANES, suitsWinograd } from "./wasm/suits_winograd.ts";
export { type AdapterDescription, isSoftwareAdapter } from "./webgpu/mod.ts";
