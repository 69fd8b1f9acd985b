/**
 * Where micrographs are: the programs, clusters and microscopes from which a picker is called.
 *
 * - {@linkcode pickRelionJob} is a RELION External job, {@linkcode inRelionJob} keeps its exit
 *   markers; {@linkcode readRelionDataset} takes a project's particles for training.
 * - {@linkcode extractTopaz} is what its native picking job calls as Topaz, and
 *   {@linkcode serveAgain} keeps a process at hand for it.
 * - {@linkcode planShards}, {@linkcode pickShard} and {@linkcode mergeShards} share a list among the
 *   tasks of a cluster; {@linkcode slurmScripts} are what Slurm runs.
 * - {@linkcode updateIndex} brings the index of their coordinate files to another threshold.
 * - {@linkcode watchFiles} picks micrographs as a microscope gives them.
 *
 * All of it stands on `pickFiles`, and what is done is told by the results that lie there.
 *
 * @module
 */
export { updateIndex } from "./coordinate_index.ts";
export { inRelionJob, type JobEnd } from "./relion_markers.ts";
export { readRelionDataset, type RelionDatasetOptions } from "./relion_dataset.ts";
export * from "./relion_job.ts";
export { type ListedMicrograph, readMicrographList } from "./relion_micrographs.ts";
export { projectVersion, RELION_VERSIONS, type RelionVersion } from "./relion_project.ts";
export * from "./shards.ts";
export * from "./slurm.ts";
export * from "./topaz.ts";
export { WATCH_FILE, watchFiles, type WatchOptions, type WatchState } from "./watch.ts";
