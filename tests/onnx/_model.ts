import type { Model, NetworkConfig } from "../../lib/centernet/mod.ts";
import { goldenWeights } from "../centernet/golden.ts";

/** A model whose arrays, running statistics too, are filled by formula. */
export function formulaModel(config: NetworkConfig): Model {
  return {
    config,
    weights: goldenWeights(config),
    mode: "particle",
    preprocess: "1",
    threshold: 0.31,
    diameter: 21.5,
    notes: { name: "formula", datasets: "β-galactosidase" },
  };
}

export const TINY: NetworkConfig = { width: 0.125, headWidth: 8, size: true };
