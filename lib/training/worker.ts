import { startBackend } from "../backend/mod.ts";
import { type Layout, layoutOf } from "../centernet/mod.ts";
import { serveWorker } from "../core/mod.ts";
import { shardGradient, type ShardResult, type ShardTask } from "./shard.ts";

// The program of a training worker: keeps the task and computes its shards.

let task: ShardTask;
let layout: Layout;
let parameters: Float32Array;

const functions = {
  async start(given: ShardTask, shared: Float32Array): Promise<void> {
    await startBackend("wasm");
    [task, layout, parameters] = [given, layoutOf(given.config), shared];
  },

  shard(step: number, shard: number): Promise<ShardResult> {
    return shardGradient(task, parameters, step, shard, layout);
  },
};

/** What a training worker can do. */
export type TrainingFunctions = typeof functions;

serveWorker(functions);
