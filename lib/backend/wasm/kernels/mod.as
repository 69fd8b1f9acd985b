// WASM kernels that tfjs-backend-wasm lacks or does slowly, in AssemblyScript. `deno task kernels`
// builds them into kernels.wasm.ts. Addresses are byte offsets into tfjs's heap; all data are float32,
// images are NHWC. Lines between `//! repeat i 6` and `//! end` stand six times, with $i = 0 … 5:
// only so many values in registers keep the processor busy. V8 checks the bounds of every access in
// Deno, which makes loads dear.

export * from "./batch_norm";
export { copyChannels, reluGradient, sumRows } from "./channels";
export { bandBytes, convolve, mirrorFilter, packFilter } from "./convolution";
export { filterGradient } from "./filter_gradient";
export * from "./resize";
export * from "./winograd";
