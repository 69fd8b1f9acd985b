import type { BackendName } from "../backend/mod.ts";
import type { OnProgress } from "../core/mod.ts";
import type { Recipe } from "../training/mod.ts";

/** What an experiment is told about how its models are trained. */
export interface TrainingSetting {
  /** Backend to run on. @default {"auto"} */
  backend?: BackendName;
  /** Workers that share a batch. @default {2} */
  workers?: number;
  /** Reports after every training step. */
  onProgress?: OnProgress;
}

/** The training options of one stage of an experiment. */
export function stageOptions(
  recipe: Partial<Recipe>,
  { backend, workers, onProgress }: TrainingSetting,
  stage: { out: string; seed: number; steps: number },
) {
  return {
    ...recipe,
    ...stage,
    ...(backend && { backend }),
    ...(workers && { workers }),
    ...(onProgress && { onProgress }),
  };
}
