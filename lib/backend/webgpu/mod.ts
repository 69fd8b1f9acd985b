/**
 * WebGPU: what the adapter is, and the gradient kernels that TensorFlow.js' backend does slowly.
 *
 * Call {@linkcode registerWebgpuKernels} once before training; take WebGPU only where there is an
 * adapter and {@linkcode isSoftwareAdapter} is false.
 *
 * @module
 */
export * from "./adapter.ts";
export { registerWebgpuKernels } from "./register.ts";
