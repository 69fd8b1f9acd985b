import type { BackendName } from "../backend/mod.ts";
import type { OnProgress } from "../core/mod.ts";
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

/** The training options of one stage of an experiment. */
export function stageOptions(
  recipe: Partial<Recipe>,
  { backend, workers, signal, onProgress }: TrainingSetting,
  stage: { out: string; seed: number; steps: number },
) {
  return {
    ...recipe,
    ...stage,
    ...(backend && { backend }),
    ...(workers && { workers }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  };
}
