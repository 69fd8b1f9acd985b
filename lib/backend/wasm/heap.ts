import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { KERNELS_WASM } from "./kernels.wasm.ts";

/** The functions of `kernels/`; arguments are byte offsets into the heap, sizes and flags. */
export type WasmKernels = Record<string, (...args: number[]) => number>;

/** What our kernels need of tfjs's WASM backend (its `BackendWasm` class). */
export interface WasmBackend {
  dataIdMap: { get(id: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(id: object, force?: boolean): boolean;
  incRef(id: object): void;
}

let memory: WebAssembly.Memory | undefined;
let kernels: WasmKernels | undefined;

/**
 * Starts tfjs's WASM backend and makes our kernels work on its heap.
 *
 * tfjs does not hand out its `WebAssembly.Memory`, so the instantiation is watched once for it.
 *
 * @returns Whether the backend runs.
 */
export async function startWasm(): Promise<boolean> {
  setWasmPaths(
    import.meta.resolve("npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/").replace(/\/?$/, "/"),
  );
  const original = WebAssembly.instantiate;
  WebAssembly.instantiate = (async (source: BufferSource, imports?: WebAssembly.Imports) => {
    const result = await original(source, imports);
    const exported = Object.values(result.instance.exports);
    memory ??= exported.find((value) => value instanceof WebAssembly.Memory);
    return result;
  }) as typeof original;
  try {
    return await tf.setBackend("wasm");
  } finally {
    WebAssembly.instantiate = original;
  }
}

/** The compiled kernels, bound to tfjs's heap; the WASM backend must run. */
export function wasmKernels(): WasmKernels {
  if (kernels === undefined) {
    const module = new WebAssembly.Module(Uint8Array.fromBase64(KERNELS_WASM));
    const imports = { env: { memory: memory! } };
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
  new Uint8Array(memory!.buffer, offsetOf(backend, output), bytes).fill(0);
  return output;
}
