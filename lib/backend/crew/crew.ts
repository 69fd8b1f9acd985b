import { compileKernels, type CrewKernels, kernelsOn } from "./kernels.ts";
import { newRun, takePart } from "./run_steps.ts";
import type { Step } from "./steps.ts";
import type { Enlisting } from "./worker.ts";

const PAGE = 1 << 16;

/** Pages of a heap at first, as the kernels are built for, and at most: 4 GB. */
const PAGES = { initial: 16, maximum: 65536 };

/**
 * Threads that make the maps of a network together, on one heap; dispose it when done.
 *
 * The thread that calls is one of them; the others take part as soon as they are there. How many there
 * are does not change the results.
 */
export class Crew implements Disposable {
  /** The kernels, on the thread that calls. */
  readonly kernels: CrewKernels;
  readonly #memory = new WebAssembly.Memory({ ...PAGES, shared: true });
  readonly #workers: Worker[];
  readonly #ready: Int32Array<SharedArrayBuffer>;

  /**
   * Starts the threads.
   *
   * @param threads Their number, with the one that calls; as many as cores by default.
   */
  constructor(threads: number = navigator.hardwareConcurrency) {
    const module = compileKernels();
    this.kernels = kernelsOn(module, this.#memory);
    this.#ready = new Int32Array(new SharedArrayBuffer(4 * threads));
    this.#workers = Array.from({ length: threads - 1 }, (_, i) => {
      const worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
      worker.onerror = (event) => event.preventDefault(); // the others do without it
      const enlisting = { module, memory: this.#memory, thread: i + 1, ready: this.#ready };
      worker.postMessage(enlisting satisfies Enlisting);
      return worker;
    });
  }

  /** Threads that are there, with the one that calls. */
  get present(): number {
    return 1 + this.#others.length;
  }

  get #others(): Worker[] {
    return this.#workers.filter((_, i) => Atomics.load(this.#ready, i + 1) === 1);
  }

  /** Sees to it that the heap has so many bytes. */
  reserve(bytes: number): void {
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
  }

  /** Values on the heap, until it grows. */
  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length);
  }

  /**
   * Runs steps one after another, and returns when all are done.
   *
   * @param scratch Byte offset from which on the heap is free.
   * @param scratchBytes What a thread needs there, as `scratchOf` says.
   */
  run(steps: Step[], scratch: number, scratchBytes: number): void {
    const others = this.#others;
    this.reserve(scratch + this.#ready.length * scratchBytes);
    const run = newRun({ steps, threads: others.length + 1, scratch, scratchBytes });
    others.forEach((worker) => worker.postMessage(run));
    takePart(run, 0, this.kernels);
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    this.#workers.forEach((worker) => worker.terminate());
  }
}
