import type { BackendName } from "../../backend/mod.ts";
import { startBackend } from "../../backend/mod.ts";
import { Detector, type NetworkConfig } from "../../centernet/mod.ts";
import { freshModel } from "../models.ts";
import { noise } from "../noise.ts";

/** What goes to the GPU and comes back for one image, after a first. */
export interface Transfers {
  /** The network. */
  network: string;
  /** Rows and columns of the image. */
  edge: number;
  /** Lists of commands that are handed over. */
  submits: number;
  /** Buffers that are read. */
  readBacks: number;
  /** Buffers that are written, most of them sizes of kernels. */
  writes: number;
}

/** Counts them while a network sees one image. */
export async function countTransfers(
  network: string,
  config: NetworkConfig,
  edge: number,
  backend: BackendName,
): Promise<Transfers> {
  await startBackend(backend);
  using detector = new Detector(freshModel(config));
  const see = () => detector.detect(noise(edge * edge), edge, edge);
  await see();
  using submits = countCalls(GPUQueue.prototype, "submit");
  using writes = countCalls(GPUQueue.prototype, "writeBuffer");
  using readBacks = countCalls(GPUBuffer.prototype, "mapAsync");
  await see();
  return {
    ...{ network, edge },
    submits: submits.count,
    readBacks: readBacks.count,
    writes: writes.count,
  };
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
