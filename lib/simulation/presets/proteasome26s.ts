import type { DatasetRecipe } from "../dataset_recipe.ts";

/** The mixture of the paper's experiment on biased and unbiased picking, mostly from the side. */
export const PROTEASOME26S: DatasetRecipe[] = [{
  name: "proteasome-26s",
  title: "26S proteasome, mixed",
  about: "CP, CP·1RP and CP·2RP together; truth/ tells species and view of each particle",
  fieldA: 6100,
  specimen: {
    kind: "particles",
    species: [
      { phantom: "cp", share: 0.3 },
      { phantom: "cp-1rp", share: 0.3 },
      { phantom: "cp-2rp", share: 0.4 },
    ],
    count: 75,
    spacing: 0.75,
    views: { side: 0.6, top: 0.1 },
    broken: 0.05,
  },
  options: { defocusUm: [1.2, 2.8], dosePerA2: 45, dqe: 0.7, iceNoise: 3, iceCrystals: [0, 2] },
}];
