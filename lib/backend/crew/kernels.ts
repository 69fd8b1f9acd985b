import { KERNELS_WASM } from "./kernels.wasm.ts";

/** The functions of `kernels/`; arguments are byte offsets into the heap, sizes and flags. */
export type CrewKernels = Record<string, (...args: number[]) => number>;

/** Compiles the kernels, once for all threads. */
export function compileKernels(): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.fromBase64(KERNELS_WASM));
}

/** The kernels on a memory that threads share. */
export function kernelsOn(module: WebAssembly.Module, memory: WebAssembly.Memory): CrewKernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as CrewKernels;
}
