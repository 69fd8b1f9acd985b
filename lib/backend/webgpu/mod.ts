/**
 * WebGPU: what the adapter is, and the kernels that TensorFlow.js' backend does slowly.
 *
 * Call {@linkcode registerWebgpuKernels} once; take WebGPU only where there is an
 * adapter and {@linkcode isSoftwareAdapter} is false.
 *
 * @module
 */
export * from "./adapter.ts";
export { batchNormGradWebgpu, batchNormWebgpu } from "./batch_norm.ts";
export { listedPeaks } from "./peaks.ts";
export { registerWebgpuKernels } from "./register.ts";
export { vulkanAdvice } from "./vulkan.ts";
