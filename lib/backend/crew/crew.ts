import { compileKernels, type CrewKernels, kernelsOn } from "./kernels.ts";
import { change, PRESENCE } from "./presence.ts";
import { newRun, takePart } from "./run_steps.ts";
import type { Step } from "./steps.ts";
import type { Enlisting } from "./worker.ts";

const PAGE = 1 << 16;

/** Pages of a heap at first, as the kernels are built for, and at most: 4 GB. */
const PAGES = { initial: 16, maximum: 65536 };

/**
 * Threads that make the maps of a network together, on one heap; dispose it when done.
 *
 * The thread that calls is one of them. The others take part as soon as they are there; they leave
 * when there is nothing to do and are called again. How many there are does not change the results.
 */
export class Crew implements Disposable {
  /** The kernels, on the thread that calls. */
  readonly kernels: CrewKernels;
  readonly #memory = new WebAssembly.Memory({ ...PAGES, shared: true });
  readonly #module = compileKernels();
  readonly #presence: Int32Array<SharedArrayBuffer>;
  readonly #workers = new Map<number, Worker>();

  /**
   * Calls the threads.
   *
   * @param threads Their number, with the one that calls; as many as cores by default.
   */
  constructor(threads: number = navigator.hardwareConcurrency) {
    this.kernels = kernelsOn(this.#module, this.#memory);
    this.#presence = new Int32Array(new SharedArrayBuffer(4 * threads));
    this.#presence[0] = PRESENCE.taken;
    this.#callAbsent();
  }

  /** Threads that are there, with the one that calls. */
  get present(): number {
    return this.#presence.filter((at) => at === PRESENCE.free || at === PRESENCE.taken).length;
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
    this.#callAbsent();
    this.reserve(scratch + this.#presence.length * scratchBytes);
    const others = [...this.#workers].filter(([thread]) => {
      return change(this.#presence, thread, "free", "taken");
    });
    const run = newRun({ steps, threads: others.length + 1, scratch, scratchBytes });
    for (const [, worker] of others) worker.postMessage(run);
    takePart(run, 0, this.kernels);
  }

  /** Starts the threads that have left, or were never there. */
  #callAbsent(): void {
    const [module, memory, presence] = [this.#module, this.#memory, this.#presence];
    for (let thread = 1; thread < presence.length; thread++) {
      if (!change(presence, thread, "absent", "coming")) continue;
      const worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });
      worker.onerror = (event) => event.preventDefault(); // the others do without it
      worker.postMessage({ module, memory, thread, presence } satisfies Enlisting);
      this.#workers.set(thread, worker);
    }
  }

  /** Ends the threads. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers.values()) worker.terminate();
  }
}
