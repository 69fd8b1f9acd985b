import { layoutOf, lengthOf } from "../centernet/mod.ts";
import { ShardComputer, type ShardResult, type ShardTask } from "./shard.ts";

/** Computes the shards of a step, here or in workers. */
export interface ShardPool extends Disposable {
  /** The results of shards 0 … count − 1 of a step, in this order. */
  run(parameters: Float32Array, step: number, count: number): Promise<ShardResult[]>;
}

/** A message to a worker: first the task, then one per shard. */
export type WorkerRequest =
  | { kind: "task"; task: ShardTask; parameters: Float32Array }
  | { kind: "shard"; step: number; shard: number };

/** A message from a worker. */
export type WorkerReply =
  | { kind: "ready" }
  | { kind: "result"; result: ShardResult }
  | { kind: "error"; message: string };

/** Computes shards one after another on this thread's backend. */
export async function localPool(task: ShardTask): Promise<ShardPool> {
  const computer = await ShardComputer.start(task);
  return {
    async run(parameters, step, count) {
      const results: ShardResult[] = [];
      for (let shard = 0; shard < count; shard++) {
        results.push(await computer.gradient(parameters, step, shard));
      }
      return results;
    },
    [Symbol.dispose]: () => computer[Symbol.dispose](),
  };
}

/** Computes shards side by side in workers, each with its own WASM instance. */
export async function workerPool(task: ShardTask, count: number): Promise<ShardPool> {
  const length = lengthOf(layoutOf(task.config).parameters);
  const shared = new Float32Array(new SharedArrayBuffer(4 * length));
  const workers = Array.from({ length: count }, () => new PoolWorker());
  const stop = () => workers.forEach((worker) => worker.terminate());
  try {
    await Promise.all(workers.map((w) => w.ask({ kind: "task", task, parameters: shared })));
  } catch (error) {
    stop();
    throw error;
  }
  return {
    async run(parameters, step, shards) {
      shared.set(parameters);
      const results = new Array<ShardResult>(shards);
      let next = 0;
      await Promise.all(workers.map(async (worker) => {
        for (let shard = next++; shard < shards; shard = next++) {
          const reply = await worker.ask({ kind: "shard", step, shard });
          if (reply.kind === "result") results[shard] = reply.result;
        }
      }));
      return results;
    },
    [Symbol.dispose]: stop,
  };
}

/** One worker that answers one request at a time. */
class PoolWorker {
  #worker = new Worker(import.meta.resolve("./worker.ts"), { type: "module" });

  ask(request: WorkerRequest): Promise<WorkerReply> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<WorkerReply>) => {
        if (data.kind === "error") reject(new Error(data.message));
        else resolve(data);
      };
      this.#worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
      this.#worker.postMessage(request);
    });
  }

  terminate(): void {
    this.#worker.terminate();
  }
}
