import * as tf from "@tensorflow/tfjs";
import { type BackendName, startBackend } from "../../backend/mod.ts";
import { Detector, type NetworkConfig } from "../../centernet/mod.ts";
import { freshModel } from "../models.ts";
import { noise } from "../noise.ts";
import { timeTogether, type Timing } from "../timing.ts";

/** What goes to the GPU and comes back for one image, after a first. */
export interface Transfers {
  /** The network. */
  network: string;
  /** Rows and columns of the image. */
  edge: number;
  /** Kernels after which TensorFlow.js hands over what is waiting. */
  kernelsPerSubmit: number;
  /** Lists of commands that are handed over. */
  submits: number;
  /** Buffers that are read. */
  readBacks: number;
  /** Buffers that are written, most of them sizes of kernels. */
  writes: number;
  /** From pixels in memory to the peaks in memory. */
  seconds: Timing;
}

/** TensorFlow.js' own number of kernels in a list of commands, and more than any network has. */
export const KERNELS_PER_SUBMIT = [15, 1000] as const;

/** Flag of TensorFlow.js. */
const FLAG = "WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE";

/** Counts them while a network sees one image, and times it. */
export async function countTransfers(
  network: string,
  config: NetworkConfig,
  edge: number,
  backend: BackendName,
  kernelsPerSubmit: typeof KERNELS_PER_SUBMIT[number] = 15,
): Promise<Transfers> {
  await startBackend(backend);
  using _flag = withFlag(kernelsPerSubmit);
  using detector = new Detector(freshModel(config));
  const pixels = noise(edge * edge);
  const see = () => detector.detect(pixels, edge, edge);
  const { seconds } = await timeTogether({ seconds: see }, { repeats: 7, budget: 2 });
  using submits = countCalls(GPUQueue.prototype, "submit");
  using writes = countCalls(GPUQueue.prototype, "writeBuffer");
  using readBacks = countCalls(GPUBuffer.prototype, "mapAsync");
  await see();
  return {
    ...{ network, edge, kernelsPerSubmit, seconds: seconds! },
    submits: submits.count,
    readBacks: readBacks.count,
    writes: writes.count,
  };
}

/** Sets the flag until it is disposed. */
function withFlag(value: number): Disposable {
  const before = tf.env().getNumber(FLAG);
  tf.env().set(FLAG, value);
  return { [Symbol.dispose]: () => tf.env().set(FLAG, before) };
}

/** Counts the calls of a method until it is disposed. */
function countCalls<Name extends string>(
  prototype: Record<Name, (...args: never[]) => unknown>,
  name: Name,
): { count: number } & Disposable {
  const method = prototype[name];
  const counter = {
    count: 0,
    [Symbol.dispose]: () => void (prototype[name] = method),
  };
  prototype[name] = function (this: unknown, ...args: never[]) {
    counter.count++;
    return method.apply(this, args);
  };
  return counter;
}
