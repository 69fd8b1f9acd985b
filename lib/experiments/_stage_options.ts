import * as z from "zod";
import { BACKEND_NAMES, type BackendName } from "../backend/mod.ts";
import { noun, type OnProgress, option } from "../core/mod.ts";
import type { Recipe } from "../training/mod.ts";

/** What an experiment is told about how its models are trained. */
export interface TrainingSetting {
  /** Backend to run on. @default {"auto"} */
  backend?: BackendName;
  /** Workers that share a batch. @default {2} */
  workers?: number;
  /**
   * Stops after the step in work: the run is rejected with the signal's reason. The same call then
   * goes on, and begins the model that was in work anew.
   */
  signal?: AbortSignal;
  /** Reports after every training step. */
  onProgress?: OnProgress;
}

/** What the settings and seeds of an experiment must be. */
export const SETTING_CHECKS = {
  out: noun.path,
  backend: option.oneOf(BACKEND_NAMES),
  workers: option.whole(1),
  seeds: z.array(option.whole(), "a list of seeds").min(1, "one seed or more"),
};

/** The training options of one stage of an experiment. */
export function stageOptions(
  recipe: Partial<Recipe>,
  { backend, workers, signal, onProgress }: TrainingSetting,
  { out, seed, steps }: { out: string; seed: number; steps: number },
) {
  return { recipe: { ...recipe, seed, steps }, out, backend, workers, signal, onProgress };
}
