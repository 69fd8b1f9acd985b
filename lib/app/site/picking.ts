/// <reference lib="dom" />
import { WorkerThread } from "../../core/mod.ts";
import type { SiteFunctions } from "./worker.ts";

/** The worker that picks and simulates, with the model that lies beside the page. */
export const worker = new WorkerThread<SiteFunctions>(
  new URL("worker.js", import.meta.url).href,
  new URL("model.safetensors", import.meta.url).href,
);

/** What can be simulated: numbers and names, as `demoMicrographs` has them. */
export const SIMULATED = ["apoferritin", "ribosome", "β-galactosidase", "membrane channel"];

/** A share as people read it. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
