import { kernelsOn } from "./kernels.ts";
import { change, PATIENCE } from "./presence.ts";
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
  /** What the threads are at. */
  presence: Int32Array<SharedArrayBuffer>;
}

const scope = globalThis as unknown as Pick<Worker, "onmessage"> & { close(): void };

scope.onmessage = ({ data: { module, memory, thread, presence } }: MessageEvent<Enlisting>) => {
  const kernels = kernelsOn(module, memory);
  const leave = () => {
    if (change(presence, thread, "free", "absent")) scope.close();
  };
  let patience = setTimeout(leave, PATIENCE);
  scope.onmessage = ({ data }: MessageEvent<Run>) => {
    clearTimeout(patience);
    takePart(data, thread, kernels);
    change(presence, thread, "taken", "free");
    patience = setTimeout(leave, PATIENCE);
  };
  change(presence, thread, "coming", "free");
};
