import type { Model } from "../centernet/mod.ts";
import { inTurn, WorkerThread } from "../core/mod.ts";
import { hashFile, readMicrograph } from "../io/mod.ts";
import type { PickOptions } from "./pick_options.ts";
import type { Picker, PickingBackend } from "./picker.ts";
import { prepareMicrograph } from "./prepare.ts";
import type { FileResult, PickingFunctions } from "./worker.ts";

/** Takes micrographs from file to picks, one after another. */
export interface Lane {
  /** Hash of a file's bytes. */
  hash(path: string): Promise<string>;
  /** Reads, preprocesses and picks a file. */
  pick(path: string, options: PickOptions): Promise<FileResult>;
}

/** Lanes side by side; disposing them ends their workers. */
export interface Lanes extends Disposable {
  /** At least one. */
  lanes: Lane[];
}

/** Backends that compute on the thread that calls them; all others work beside it. */
const ON_THE_THREAD: string[] = ["wasm", "cpu"] satisfies PickingBackend["name"][];

/** Micrographs from which on workers on WASM save more than their start takes. */
const WORTH_WORKERS = 16;

/**
 * Workers by default: on WASM as many as cores, but for a few files, each of which all cores then make
 * together; on other backends one.
 */
export function defaultWorkers({ name }: PickingBackend, files: number): number {
  return name === "wasm" && files >= WORTH_WORKERS ? navigator.hardwareConcurrency : 1;
}

/**
 * Opens the lanes for a number of files.
 *
 * On WASM and plain CPU every worker is a lane with a backend and a model of its own. On a device
 * (or in native threads) there is one network, the picker's; a worker feeds it by two lanes, so
 * that one micrograph is read and preprocessed while the network is at another. Where one worker
 * could do nothing beside the rest, all is done on this thread.
 */
export function openLanes(picker: Picker, workers: number, files: number): Lanes {
  const count = Math.min(workers, files);
  const isOnThread = ON_THE_THREAD.includes(picker.backend.name);
  if (files <= 1 || (count <= 1 && isOnThread)) {
    return { lanes: [localLane(picker)], [Symbol.dispose]() {} };
  }
  const model = shared(picker.model);
  const threads = Array.from({ length: count }, () => {
    const module = import.meta.resolve("./worker.ts");
    return new WorkerThread<PickingFunctions>(module, model, picker.backend.name);
  });
  return {
    lanes: isOnThread ? threads.map(wholeLane) : feedingLanes(picker, threads),
    [Symbol.dispose]: () => threads.forEach((thread) => thread[Symbol.dispose]()),
  };
}

/**
 * Gives every item to the next free lane until all are done, the signal stops it or one throws; the
 * items in work are finished even then.
 */
export async function runLanes<L, T>(
  lanes: L[],
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (lane: L, item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const runs = await Promise.allSettled(lanes.map(async (lane) => {
    while (next < items.length && !signal?.aborted) {
      const index = next++;
      await work(lane, items[index], index).catch((error) => {
        next = items.length;
        throw error;
      });
    }
  }));
  for (const run of runs) if (run.status === "rejected") throw run.reason;
}

/** All on this thread. */
function localLane(picker: Picker): Lane {
  return {
    hash: hashFile,
    async pick(path, options) {
      const micrograph = prepareMicrograph(await readMicrograph(path), picker.sight, options);
      return { micrograph, result: await picker.pickPrepared(micrograph, options) };
    },
  };
}

/** All in a worker. */
function wholeLane(thread: WorkerThread<PickingFunctions>): Lane {
  return {
    hash: (path) => thread.call("hash", path),
    pick: (path, options) => thread.call("pick", path, options),
  };
}

/** All but the network in workers, two lanes for each. */
function feedingLanes(picker: Picker, threads: WorkerThread<PickingFunctions>[]): Lane[] {
  const network = inTurn();
  return [...threads, ...threads].map((thread) => ({
    hash: (path) => thread.call("hash", path),
    async pick(path, options) {
      const micrograph = await thread.call("prepare", path, options);
      return { micrograph, result: await network(() => picker.pickPrepared(micrograph, options)) };
    },
  }));
}

/** The model with weights that all workers see, not copy. */
function shared({ weights, ...rest }: Model): Model {
  const share = (values: Float32Array) => {
    const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
    copy.set(values);
    return copy;
  };
  const { parameters, statistics } = weights;
  return { ...rest, weights: { parameters: share(parameters), statistics: share(statistics) } };
}
