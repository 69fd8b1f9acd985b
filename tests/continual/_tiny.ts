import { initialWeights, layoutOf, type Model } from "../../lib/centernet/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";

/** A network that has learned nothing, small enough for a test. */
export function tinyModel(seed = 1): Model {
  const config = { width: 0.125, headWidth: 8, size: true };
  return {
    config,
    weights: initialWeights(layoutOf(config), seed),
    mode: "particle",
    preprocess: VIEW_VERSIONS.paper,
    threshold: 0.35,
    diameter: 24,
    notes: {},
  };
}

/** A recipe that takes seconds. */
export const TINY_RECIPE = {
  config: tinyModel().config,
  shardSize: 2,
  shards: 1,
  cropSize: 64,
};
