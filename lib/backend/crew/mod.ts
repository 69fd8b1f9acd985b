/**
 * Threads on one heap that run the steps of a network on one image, each a part of the rows.
 *
 * @module
 */
export { Crew } from "./crew.ts";
export type { CrewKernels } from "./kernels.ts";
export { layOut } from "./lay_out.ts";
export { type ConvolveStep, type HeapMap, scratchOf, type Step } from "./steps.ts";
