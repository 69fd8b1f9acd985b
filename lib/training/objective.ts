import type * as tf from "@tensorflow/tfjs";
import type { Loss, NetworkOutput, TargetTensors } from "../centernet/mod.ts";
import { detectionLoss } from "../centernet/mod.ts";

/** The crops of one shard: first those of the new data, then those replayed from old data. */
export interface Batch {
  /** The target maps of all crops, [n, h/4, w/4, c]. */
  targets: TargetTensors;
  /** How many crops there are. */
  count: number;
  /** How many of them, the last ones, are replayed. */
  replayed: number;
  /** What the frozen teacher gives for the crops that it looks at. */
  teacher?: NetworkOutput<tf.Tensor4D>;
  /** What the running average of the weights in training gives for the crops that it looks at. */
  averaged?: NetworkOutput<tf.Tensor4D>;
  /** Heat map probabilities stored with the replayed crops, [replayed, h/4, w/4, 1]. */
  stored?: tf.Tensor4D;
}

/** What is minimised. */
export interface Objective {
  /** Where workers find it; one without is computed on one thread. */
  source?: ObjectiveSource;
  /** Which crops the frozen teacher looks at; none by default. */
  teacherOn?: "new" | "replayed" | "all";
  /** Which crops the running average of the weights in training looks at; none by default. */
  averageOn?: Objective["teacherOn"];
  /** Old particles that are pasted into every new crop, as far as there is room. @default {0} */
  pasted?: number;
  /** Whether normalisations keep the means and variances of the model that training starts from. */
  keepsNorms?: boolean;
  /** Changes what is known of a batch, before its loss is computed. */
  prepare?(batch: Batch): Batch;
  /** The loss of the network's output for a batch. */
  lossOf(output: NetworkOutput<tf.Tensor4D>, batch: Batch): Loss;
}

/** Where a worker finds an objective: a module that exports `create(options)`. */
export interface ObjectiveSource {
  /** URL of the module. */
  module: string;
  /** What its `create` is given. */
  options?: unknown;
}

/** Learning to detect, and nothing else. */
export const DETECTION: Objective = {
  lossOf: (output, { targets }) => detectionLoss(output, targets),
};

/**
 * Lets an objective carry where it is found. A copy made by `{ ...objective }` does not, since it may be
 * changed, of which workers would not know.
 */
export function withSource<T extends Objective>(
  objective: T,
  source: ObjectiveSource,
): T & { source: ObjectiveSource } {
  const property = { value: source, configurable: true, enumerable: false };
  return Object.defineProperty(objective, "source", property) as T & { source: ObjectiveSource };
}

/** The objective that a module makes. */
export async function loadObjective({ module, options }: ObjectiveSource): Promise<Objective> {
  const { create } = await import(module);
  return create(options);
}
