import type { Model } from "../centernet/mod.ts";
import { type Recipe, ShardComputer, type TrainingImage } from "../training/mod.ts";

/** Batches by which the statistics of interpolated weights are estimated. */
const BATCHES = 8;

/**
 * A model between two others: share · new + (1 − share) · old, with the means and variances of its
 * normalisations estimated again, by crops as in training, half new and half exemplars.
 *
 * Those of the two models do not fit what is between them (Izmailov et al., Averaging weights leads to
 * wider optima, 2018).
 */
export async function interpolate(
  { old, model, images, exemplars, recipe }: {
    old: Model;
    model: Model;
    images: TrainingImage[];
    exemplars: TrainingImage[];
    recipe: Recipe;
  },
  share: number,
): Promise<Model> {
  const before = old.weights.parameters;
  const parameters = model.weights.parameters.map((value, i) =>
    share * value + (1 - share) * before[i]
  );
  using computer = new ShardComputer({ ...recipe, images, replay: exemplars });
  const statistics = new Float32Array(model.weights.statistics.length);
  for (let batch = 0; batch < BATCHES; batch++) {
    const found = (await computer.gradient(parameters, batch, 0)).statistics;
    for (let i = 0; i < statistics.length; i++) statistics[i] += found[i] / BATCHES;
  }
  return { ...model, weights: { parameters, statistics } };
}
