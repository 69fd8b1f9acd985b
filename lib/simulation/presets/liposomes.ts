import type { DatasetRecipe } from "../dataset_recipe.ts";

/** Liposomes of 15 to 120 nm, some overlapping, some in others. */
export const LIPOSOMES: DatasetRecipe[] = [{
  name: "liposomes",
  title: "liposomes",
  about: "bilayers with two leaflets, 15 to 120 nm wide; like the liposomes in shared/data",
  fieldA: 8700,
  specimen: {
    kind: "vesicles",
    count: 130,
    diameterA: [150, 1200],
    spacing: 0.9,
    multilamellar: 0.15,
  },
  options: {
    defocusUm: [3, 5],
    dosePerA2: 30,
    detectorBlur: 0.5,
    iceNoise: 2,
    contrast: 1,
    bFactorA2: 5000,
  },
}];
