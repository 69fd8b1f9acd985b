import { layoutOf, lengthOf, type Weights } from "../centernet/mod.ts";
import { WorkerThread } from "../core/mod.ts";
import { ShardComputer, type ShardResult, type ShardTask } from "./shard.ts";
import type { TrainingFunctions } from "./worker.ts";

/** Computes the shards of a step, here or in workers. */
export interface ShardPool extends Disposable {
  /**
   * The results of shards 0 … count − 1 of a step, in this order.
   *
   * @param average The running average of the weights, where the objective looks at it.
   */
  run(
    parameters: Float32Array,
    step: number,
    count: number,
    average?: Weights,
  ): Promise<ShardResult[]>;
}

/** Computes shards one after another on this thread's backend. */
export function localPool(task: ShardTask): ShardPool {
  const computer = new ShardComputer(task);
  return {
    async run(parameters, step, count, average) {
      const results: ShardResult[] = [];
      for (let shard = 0; shard < count; shard++) {
        results.push(await computer.gradient(parameters, step, shard, average));
      }
      return results;
    },
    [Symbol.dispose]: () => computer[Symbol.dispose](),
  };
}

/**
 * Computes shards side by side in workers, each with its own WASM instance, which load the task's
 * objective from where it says that it is found.
 */
export function workerPool({ objective, ...task }: ShardTask, count: number): ShardPool {
  const length = lengthOf(layoutOf(task.config).parameters);
  const shared = new Float32Array(new SharedArrayBuffer(4 * length));
  const module = import.meta.resolve("./worker.ts");
  const workers = Array.from({ length: count }, () => {
    return new WorkerThread<TrainingFunctions>(module, task, objective?.source, shared);
  });
  return {
    async run(parameters, step, shards, average) {
      shared.set(parameters);
      const results = new Array<ShardResult>(shards);
      let next = workers.length;
      await Promise.all(workers.map(async (worker, first) => {
        for (let shard = first; shard < shards; shard = next++) {
          results[shard] = await worker.call("shard", step, shard, average);
        }
        // while this thread takes the step; what fails here fails again where it is needed
        worker.call("prepare", step + 1, first).catch(() => {});
      }));
      return results;
    },
    [Symbol.dispose]: () => workers.forEach((worker) => worker[Symbol.dispose]()),
  };
}
