import type { CrewKernels } from "./kernels.ts";
import { makeRows, type Step } from "./steps.ts";

/** What some threads are to do together. */
export interface Work {
  /** One after another; of each the threads make some rows. */
  steps: Step[];
  /** How many threads take part. */
  threads: number;
  /** Byte offset of the first thread's scratch. */
  scratch: number;
  /** Bytes of scratch of every thread. */
  scratchBytes: number;
}

/** Work, and how far it is. */
export interface Run extends Work {
  /** Of every step the bands of rows that are taken, and the threads that are done. */
  turns: Int32Array<SharedArrayBuffer>;
}

/** Bands of rows for each thread: one that is kept busy by other programs takes fewer. */
const BANDS = 3;

/** Looks at a counter before a thread sleeps until it changes. */
const LOOKS = 2000;

/** Set in place of a count of threads where one has failed. */
const FAILED = 1 << 20;

/** Work that nobody has begun. */
export function newRun(work: Work): Run {
  return { ...work, turns: new Int32Array(new SharedArrayBuffer(8 * work.steps.length)) };
}

/**
 * One thread's part: takes bands of rows until there are no more, and waits for the others at the end
 * of every step.
 *
 * @param thread Number of the thread, from 0.
 * @throws {Error} Where a thread has failed.
 */
export function takePart(run: Run, thread: number, kernels: CrewKernels): void {
  const { steps, threads, turns } = run;
  const scratch = run.scratch + thread * run.scratchBytes;
  try {
    steps.forEach((step, i) => {
      const { height } = step.y;
      const rows = bandOf(height, threads);
      for (let from; (from = rows * Atomics.add(turns, 2 * i, 1)) < height;) {
        makeRows(step, from, Math.min(height, from + rows), kernels, scratch);
      }
      if (meet(turns, 2 * i + 1, threads) >= FAILED) throw new Error("a thread of the crew failed");
    });
  } catch (error) {
    steps.forEach((_, i) => arrive(turns, 2 * i + 1, FAILED)); // nobody waits for this one
    throw error;
  }
}

/** Rows of a band: a multiple of 4, the edge of Winograd's tiles. */
function bandOf(height: number, threads: number): number {
  return threads === 1 ? height : 4 * Math.ceil(height / (4 * BANDS * threads));
}

/** Waits until all threads have come here, and gives their count. */
function meet(turns: Int32Array<SharedArrayBuffer>, at: number, threads: number): number {
  let count = arrive(turns, at, 1);
  for (let i = 0; i < LOOKS && count < threads; i++) count = Atomics.load(turns, at);
  while (count < threads) {
    Atomics.wait(turns, at, count);
    count = Atomics.load(turns, at);
  }
  return count;
}

/** Adds to a count and wakes who waits for it. */
function arrive(turns: Int32Array<SharedArrayBuffer>, at: number, count: number): number {
  const before = Atomics.add(turns, at, count);
  Atomics.notify(turns, at);
  return before + count;
}
