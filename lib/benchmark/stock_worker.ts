import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { NetworkConfig } from "../centernet/mod.ts";
import { serveWorker } from "../core/mod.ts";
import { type ForwardSpeed, measureForward } from "./forward_speed.ts";
import type { TimingOptions } from "./timing.ts";

// The program of a worker with a TensorFlow.js of its own, in which no kernel of ours is registered.

const functions = {
  async start(): Promise<void> {
    const files = import.meta.resolve("npm:@tensorflow/tfjs-backend-wasm@4.22.0/dist/");
    setWasmPaths(files.replace(/\/?$/, "/"));
    if (!await tf.setBackend("wasm")) throw new Error("TensorFlow.js does not start on WASM");
  },

  async forward(
    network: string,
    config: NetworkConfig,
    edge: number,
    options: TimingOptions,
  ): Promise<ForwardSpeed> {
    return { ...await measureForward(network, config, { edge }, options), threads: 1 };
  },
};

/** What the worker can do. */
export type StockFunctions = typeof functions;

serveWorker(functions);
