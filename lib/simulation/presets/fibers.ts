import type { DatasetRecipe } from "../dataset_recipe.ts";

/** Stiff rods and bent filaments that cross each other, with frost and film around. */
export const FIBERS: DatasetRecipe[] = [
  {
    name: "tmv",
    title: "tobacco mosaic virus",
    about: "stiff rods of 3000 Å and pieces of them, crossing",
    fieldA: 6400,
    specimen: { kind: "fibers", helix: "tmv", count: 13, lengthA: [1200, 3000] },
    options: {
      defocusUm: [1, 2.5],
      dosePerA2: 25,
      iceNoise: 2,
      contrast: 0.6,
      iceCrystals: [0, 3],
    },
  },
  {
    name: "actin",
    title: "actin filaments",
    about:
      "long thin filaments, straight and bent, crossing; like the thin filaments in shared/data",
    fieldA: 8200,
    specimen: {
      kind: "fibers",
      helix: "actin",
      count: 13,
      lengthA: [2500, 9000],
      curved: 0.4,
      bendRadiusA: [5000, 20_000],
    },
    carbonShare: 0.5,
    options: {
      defocusUm: [2, 4],
      dosePerA2: 40,
      iceNoise: 2,
      contrast: 0.8,
      iceCrystals: [2, 12],
    },
  },
];
