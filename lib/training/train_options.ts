import type { BackendName } from "../backend/mod.ts";
import type { Model } from "../centernet/mod.ts";
import type { Calibration, OnProgress } from "../core/mod.ts";
import type { TrainingImage } from "./images.ts";
import type { Objective } from "./objective.ts";
import type { Recipe } from "./recipe.ts";
import type { RunInputs } from "./run_inputs.ts";
import type { LossRecord, ValidationScore } from "./state.ts";

/** Adds the gradient of a penalty on the parameters to `gradient`, in place. */
export type WeightPull = (gradient: Float32Array, parameters: Float32Array) => void;

/** What `train` may be told. */
export interface TrainOptions {
  /** Folder for model, checkpoint and log; made when missing. */
  out: string;
  /**
   * How to train, where that differs from the set's view's `defaultRecipe`; of a model to go on from, mode and
   * network are taken over, and the learning rate is `FINE_TUNING_RATE`.
   */
  recipe?: Partial<Recipe>;
  /** Name of the model in its notes. */
  name?: string;
  /** Model to go on from. */
  from?: Model;
  /** What makes probabilities of the model's scores; by default that of a model of the same mode to go on from. */
  calibration?: Calibration;
  /** Images of old data, from which half of every batch is cut. */
  replay?: TrainingImage[];
  /** What is minimised; detection by default. One without a source is computed on one thread. */
  objective?: Objective;
  /** The frozen network that the objective looks at. */
  teacher?: Model;
  /** Adds the gradient of a penalty on the weights to that of the batch, in place. */
  pull?: WeightPull;
  /**
   * Whether to go on from the checkpoint in `out`, which must be of a run that was given the same;
   * without one training starts at step 0, and `onNote` says so.
   */
  resume?: boolean;
  /** Hashes, by name, of what else the result depends on, e.g. what `pull` looks at. */
  inputs?: RunInputs;
  /** Backend to run on. @default {"auto"} */
  backend?: BackendName;
  /** Workers that share a batch on WASM; the result does not depend on it. @default {2} */
  workers?: number;
  /** Reports after every step. */
  onProgress?: OnProgress;
  /** Receives every validation score, and the model that has it; training waits for it. */
  onValidation?: (score: ValidationScore, model: Model) => void | Promise<void>;
  /** Receives sentences about how the run goes on. */
  onNote?: (note: string) => void;
  /** Stops the run after the step in work; the checkpoint lets it go on. */
  signal?: AbortSignal;
}

/** What a training run gave. */
export interface TrainResult {
  /** The best model by validation, or the last where nothing was held out or labels are sparse. */
  model: Model;
  /** Validation scores. */
  history: ValidationScore[];
  /** Losses of all steps, or of about 500 evenly among them. */
  losses: LossRecord[];
  /** The backend, for people. */
  backend: string;
  /** Seconds of this process. */
  seconds: number;
  /** Whether all steps were done. */
  finished: boolean;
  /** How it was trained, defaults filled in. */
  recipe: Recipe;
}
