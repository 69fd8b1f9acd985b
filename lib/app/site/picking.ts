/// <reference lib="dom" />
import type { BackendName } from "../../backend/mod.ts";
import { WorkerThread } from "../../core/mod.ts";
import type { SiteFunctions } from "./worker.ts";

/** What the address asks to compute on: `?backend=wasm`. */
const backend = new URLSearchParams(location.search).get("backend") ?? "auto";

/** The worker that picks and simulates, with the model that lies beside the page. */
export const worker = new WorkerThread<SiteFunctions>(
  new URL("worker.js", import.meta.url).href,
  new URL("model.safetensors", import.meta.url).href,
  backend as BackendName, // another name is refused with the names that there are
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
