import { startBackend } from "../backend/mod.ts";
import type { Weights } from "../centernet/mod.ts";
import { serveWorker, transferring } from "../core/mod.ts";
import { loadObjective, type ObjectiveSource } from "./objective.ts";
import { ShardComputer, type ShardResult, type ShardTask } from "./shard.ts";

// The program of a training worker: keeps the task and computes its shards.

let computer: ShardComputer;
let parameters: Float32Array;

const functions = {
  async start(
    task: ShardTask,
    source: ObjectiveSource | undefined,
    shared: Float32Array,
  ): Promise<void> {
    await startBackend("wasm");
    computer = new ShardComputer({ ...task, objective: source && await loadObjective(source) });
    parameters = shared;
  },

  async shard(step: number, shard: number, average?: Weights): Promise<ShardResult> {
    const result = await computer.gradient(parameters, step, shard, average);
    return transferring(result, result.gradient.buffer, result.statistics.buffer);
  },

  prepare(step: number, shard: number): void {
    computer.prepare(step, shard);
  },
};

/** What a training worker can do. */
export type TrainingFunctions = typeof functions;

serveWorker(functions);
