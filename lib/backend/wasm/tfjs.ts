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
 * It is told where its `.wasm` files lie. Its
 * `WebAssembly.Memory` it hands out to nobody, so what `WebAssembly` instantiates is watched while it starts.
 *
 * @returns Whether the backend runs.
 */
export async function startWasm(): Promise<boolean> {
  setWasmPaths(wasmFolder());
  const restore = watch((exported) => {
    memory ??= Object.values(exported).find((value) => value instanceof WebAssembly.Memory);
  });
  try {
    return await tf.setBackend("wasm");
  } finally {
    restore();
  }
}

/** Looks at what modules export that are instantiated from now on; the answer ends it. */
function watch(look: (exported: WebAssembly.Exports) => void): () => void {
  const { instantiate, instantiateStreaming } = WebAssembly;
  type Instantiate<S> = (source: S, imports?: WebAssembly.Imports) => Promise<
    WebAssembly.WebAssemblyInstantiatedSource
  >;
  const watched = <S>(original: Instantiate<S>): Instantiate<S> => async (source, imports) => {
    const result = await original(source, imports);
    look(result.instance.exports);
    return result;
  };
  WebAssembly.instantiate = watched<BufferSource>(instantiate) as typeof instantiate;
  if (instantiateStreaming) WebAssembly.instantiateStreaming = watched(instantiateStreaming);
  return () => Object.assign(WebAssembly, { instantiate, instantiateStreaming });
}

/** Where its `.wasm` files lie: in the package, or on a page beside the script. */
function wasmFolder(): string {
  const place = import.meta.resolve("npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/");
  if (place.startsWith("npm:")) return new URL(".", import.meta.url).href; // browsers know no packages
  return place.replace(/\/?$/, "/");
}

/** The heap of its WASM backend, which must run. */
export function wasmMemory(): WebAssembly.Memory {
  return memory!;
}
