/// <reference lib="deno.worker" />
import { startBackend } from "../backend/mod.ts";
import { messageOfError } from "../core/mod.ts";
import { ShardComputer } from "./shard.ts";
import type { WorkerReply, WorkerRequest } from "./workers.ts";

// The program of a training worker: keeps the task, answers every request with one reply.

let computer: ShardComputer;
let parameters: Float32Array;

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  const reply = await answer(data).catch((error): WorkerReply => ({
    kind: "error",
    message: messageOfError(error),
  }));
  self.postMessage(reply);
};

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  if (request.kind === "task") {
    await startBackend("wasm");
    parameters = request.parameters;
    computer = await ShardComputer.start(request.task);
    return { kind: "ready" };
  }
  const { step, shard } = request;
  return { kind: "result", result: await computer.gradient(parameters, step, shard) };
}
