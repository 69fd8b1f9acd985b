import { initialWeights, layoutOf, type Model, type NetworkConfig } from "../centernet/mod.ts";
import { PREPROCESS_VERSION } from "../preprocess/mod.ts";

/** A model with seeded random weights: as fast as a trained one, and blind. */
export function freshModel(config: NetworkConfig): Model {
  return {
    config,
    weights: initialWeights(layoutOf(config), 1),
    preprocess: String(PREPROCESS_VERSION),
    threshold: 0.5,
    diameter: 32,
    notes: { name: "random weights" },
  };
}
