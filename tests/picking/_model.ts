import { initialWeights, layoutOf, type Model } from "../../lib/centernet/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";

/** A model that has learned nothing, small enough for a test. */
export function freshModel(changes: Partial<Model> = {}): Model {
  const config = { width: 0.125, headWidth: 8, size: true };
  return {
    config,
    weights: initialWeights(layoutOf(config), 1),
    mode: "particle",
    preprocess: VIEW_VERSIONS.paper,
    threshold: 0.1,
    diameter: 32,
    notes: { name: "fresh" },
    ...changes,
  };
}
