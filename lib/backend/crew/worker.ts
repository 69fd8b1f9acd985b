import { type CrewKernels, kernelsOn } from "./kernels.ts";
import { type Run, takePart } from "./run_steps.ts";

// The program of a thread of a crew. It imports little: the first image waits for it.

/** What a thread is told first. */
export interface Enlisting {
  /** The compiled kernels. */
  module: WebAssembly.Module;
  /** The heap. */
  memory: WebAssembly.Memory;
  /** Number of the thread. */
  thread: number;
  /** Becomes 1 at the thread's number as soon as it is there. */
  ready: Int32Array<SharedArrayBuffer>;
}

const scope = globalThis as unknown as Pick<Worker, "onmessage">;

scope.onmessage = ({ data: { module, memory, thread, ready } }: MessageEvent<Enlisting>) => {
  const kernels: CrewKernels = kernelsOn(module, memory);
  scope.onmessage = ({ data }: MessageEvent<Run>) => takePart(data, thread, kernels);
  Atomics.store(ready, thread, 1);
};
