import * as tf from "@tensorflow/tfjs";
import { KERNELS_WASM } from "./kernels.wasm.ts";
import { type WasmBackend, wasmMemory } from "./tfjs.ts";

/** The functions of `kernels/`; arguments are byte offsets into the heap, sizes and flags. */
export type WasmKernels = Record<string, (...args: number[]) => number>;

let kernels: WasmKernels | undefined;

/** The compiled kernels, bound to tfjs's heap; the WASM backend must run. */
export function wasmKernels(): WasmKernels {
  if (kernels === undefined) {
    const module = new WebAssembly.Module(Uint8Array.fromBase64(KERNELS_WASM));
    const imports = { env: { memory: wasmMemory() } };
    kernels = new WebAssembly.Instance(module, imports).exports as unknown as WasmKernels;
  }
  return kernels;
}

/** Byte offset of a tensor's data on the heap. */
export function offsetOf(backend: WasmBackend, tensor: tf.TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** Room for some bytes on the heap, which may hold anything. */
export function room(backend: WasmBackend, bytes: number): tf.TensorInfo {
  return backend.makeOutput([Math.ceil(bytes / 4)], "float32");
}

/** A tensor on the heap whose values are zero. */
export function zeros(backend: WasmBackend, shape: number[]): tf.TensorInfo {
  const output = backend.makeOutput(shape, "float32");
  const bytes = tf.util.sizeFromShape(shape) * 4;
  new Uint8Array(wasmMemory().buffer, offsetOf(backend, output), bytes).fill(0);
  return output;
}
