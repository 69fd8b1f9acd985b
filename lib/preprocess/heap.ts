import { KERNELS_WASM } from "./kernels.wasm.ts";

type Kernels = Record<string, (...args: number[]) => void>;

const PAGE = 1 << 16;

/** Blocks begin at multiples of this many bytes. */
const ALIGNMENT = 16;

let memory: WebAssembly.Memory | undefined;
let compiled: Kernels | undefined;

/** The functions of `kernels/`; arguments are byte offsets into the heap, sizes and values. */
export function kernels(): Kernels {
  if (compiled === undefined) {
    memory = new WebAssembly.Memory({ initial: 16 });
    const module = new WebAssembly.Module(Uint8Array.fromBase64(KERNELS_WASM));
    compiled = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernels;
  }
  return compiled;
}

/** Blocks of the heap by name: where they begin and views of them. */
export interface Blocks<Name extends string> {
  /** Byte offsets. */
  at: Record<Name, number>;
  /** A block as int32. */
  ints(name: Name): Int32Array;
  /** A block as float32. */
  floats(name: Name): Float32Array;
  /** A block as float64. */
  doubles(name: Name): Float64Array;
}

/** Lays out blocks of the given bytes, which may hold anything, until the next call does so. */
export function layOut<Name extends string>(bytes: Record<Name, number>): Blocks<Name> {
  kernels();
  const at = {} as Record<Name, number>;
  let end = 0;
  for (const [name, size] of Object.entries<number>(bytes)) {
    at[name as Name] = end;
    end += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  }
  const { buffer } = memory!;
  if (end > buffer.byteLength) memory!.grow(Math.ceil((end - buffer.byteLength) / PAGE));
  return {
    at,
    ints: (name) => new Int32Array(memory!.buffer, at[name], bytes[name] / 4),
    floats: (name) => new Float32Array(memory!.buffer, at[name], bytes[name] / 4),
    doubles: (name) => new Float64Array(memory!.buffer, at[name], bytes[name] / 8),
  };
}
