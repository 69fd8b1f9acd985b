import { layoutOf, type Model } from "../centernet/mod.ts";
import type { WeightPull } from "../training/mod.ts";

/**
 * Pulls the filters towards those of a model: the gradient of strength · Σ (θ − θ_old)².
 *
 * Normalisations and biases are free, as in the original.
 */
export function pullFilters({ config, weights }: Model, strength: number): WeightPull {
  const filters = layoutOf(config).parameters.filter(({ name }) => name.endsWith(".weight"));
  const old = weights.parameters;
  return (gradient, parameters) => {
    for (const { offset, length } of filters) {
      for (let i = offset; i < offset + length; i++) {
        gradient[i] += 2 * strength * (parameters[i] - old[i]);
      }
    }
  };
}

/** Pulls every parameter by its importance: the gradient of strength · Σ importance (θ − θ_old)². */
export function pullByImportance(
  { weights }: Model,
  importance: Float32Array,
  strength: number,
): WeightPull {
  const old = weights.parameters;
  return (gradient, parameters) => {
    for (let i = 0; i < gradient.length; i++) {
      gradient[i] += 2 * strength * importance[i] * (parameters[i] - old[i]);
    }
  };
}
