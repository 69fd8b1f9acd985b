import type { DatasetRecipe } from "../dataset_recipe.ts";
import { PAPER10 } from "./paper10.ts";

/** The paper's twin of that name, with the wide ranges of {@linkcode TRANSFER} and its own. */
function wide(name: string, options: DatasetRecipe["options"]): DatasetRecipe {
  const twin = PAPER10.find((recipe) => recipe.name === name)!;
  return {
    ...twin,
    name: `${name}-wide`, // not to be mistaken for the twin or a real dataset beside it
    about: `${twin.title}, in more kinds of ice and optics than one dataset has`,
    density: [0.4, 1.4],
    carbonShare: 0.15,
    options: {
      ...twin.options,
      defocusUm: [1, 3.5],
      amplitudeContrast: [0.04, 0.1],
      bFactorA2: [200, 1200],
      iceNoise: [1.5, 5],
      clutter: [0.3, 2],
      iceGradient: [0.02, 0.4],
      iceCrystals: [0, 3],
      ...options,
    },
  };
}

/**
 * Micrographs to learn from where real ones will be picked: particles of six shapes and sizes, whose
 * signal, defocus, noise, ice and dirt vary more than within a dataset.
 */
export const TRANSFER: DatasetRecipe[] = [
  wide("ribosome-80s", { snr: [0.15, 0.5] }),
  wide("apoferritin", { snr: [0.4, 1.6], clutter: [0.3, 1] }),
  wide("beta-galactosidase", {
    snr: [0.15, 0.5],
    smoothingA: [8, 24],
    clutter: [0.1, 0.6],
    iceGradient: [0.02, 0.1],
    hotPixels: 0,
  }),
  { ...wide("cng-channel", { snr: [0.1, 0.35], defocusUm: [1, 2.8] }), fieldA: 4400 },
  wide("proteasome-20s", { snr: [0.12, 0.4] }),
  wide("nodavirus", { snr: [0.2, 0.7] }),
];
