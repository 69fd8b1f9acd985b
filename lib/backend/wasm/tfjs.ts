import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

// What TensorFlow.js 4.22 keeps to itself, and is taken from it all the same: its kernels and ours
// must work on one heap. The version is pinned for this file's sake; another is tried here first.

/** What our kernels need of its WASM backend, whose type it does not export (`BackendWasm`). */
export interface WasmBackend {
  dataIdMap: { get(id: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  disposeData(id: object, force?: boolean): boolean;
  incRef(id: object): void;
}

let memory: WebAssembly.Memory | undefined;

/**
 * Starts its WASM backend.
 *
 * It looks for its `.wasm` files beside the script of a page, so it is told where the package lies. Its
 * `WebAssembly.Memory` it hands out to nobody, so `WebAssembly.instantiate` is watched while it starts.
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

/** The heap of its WASM backend, which must run. */
export function wasmMemory(): WebAssembly.Memory {
  return memory!;
}
