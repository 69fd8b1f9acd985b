/**
 * What every room shares: micrographs; points, circles and picks; datasets and modes; errors, means
 * and medians, seeded random numbers, progress events, whole-or-nothing writes, hashes and workers.
 *
 * @module
 */
export * from "./cache_folder.ts";
export * from "./calibration.ts";
export * from "./defined.ts";
export * from "./divide.ts";
export * from "./edits.ts";
export * from "./errors.ts";
export * from "./files.ts";
export * from "./geometry.ts";
export * from "./hash.ts";
export * from "./in_turn.ts";
export * from "./mode.ts";
export * from "./noun.ts";
export * from "./options.ts";
export * from "./progress.ts";
export * from "./random.ts";
export * from "./statistics.ts";
export * from "./types.ts";
export {
  serveWorker,
  tellCaller,
  transferring,
  type WorkerFunctions,
  WorkerThread,
} from "./worker_thread.ts";
