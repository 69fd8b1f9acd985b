import { serveWorker, tellCaller, transferring } from "../../lib/core/mod.ts";

// A worker for the tests of WorkerThread.

let base = NaN;
let last = new Float32Array();

const functions = {
  start(value: number): void {
    if (value < 0) throw new Error("a negative start");
    base = value;
  },

  async add(value: number, milliseconds: number): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return base += value;
  },

  count(to: number): number {
    for (let i = 1; i <= to; i++) tellCaller(i);
    return to;
  },

  fail(): never {
    throw new TypeError("as it should");
  },

  stop(): Promise<never> {
    setTimeout(() => {
      throw new Error("out of the blue");
    });
    return new Promise(() => {});
  },

  zeros(length: number): Float32Array {
    last = new Float32Array(length);
    return transferring(last, last.buffer);
  },

  lengthOfLast: (): number => last.length,
};

/** What the worker can do. */
export type TestFunctions = typeof functions;

serveWorker(functions);
