import type { DatasetRecipe } from "../dataset_recipe.ts";
import { PAPER10 } from "./paper10.ts";

/** The paper's twin of that name, with other options. */
function twin(name: string, about: string, options: DatasetRecipe["options"] = {}): DatasetRecipe {
  const recipe = PAPER10.find((recipe) => recipe.name === name)!;
  return { ...recipe, about, options: { ...recipe.options, iceCrystals: 0, ...options } };
}

/** Particles of the four kinds that the shipped model has learned from real micrographs. */
export const DEMO: DatasetRecipe[] = [
  twin("apoferritin", "crowded rings"),
  twin("ribosome-80s", "large particles on thin film"),
  twin("beta-galactosidase", "small particles in a wide field, smoothed as by a denoiser", {
    smoothingA: [15, 20],
    clutter: 0.2,
    iceGradient: [0.02, 0.1],
    hotPixels: 0,
  }),
  twin("cng-channel", "a membrane channel in much noise", { snr: [0.3, 0.4] }),
];
