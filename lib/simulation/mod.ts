/**
 * Micrographs with known truth, made from nothing but numbers.
 *
 * 1. A {@linkcode Phantom} is a particle of Gaussians with published size, symmetry and mass
 *    ({@linkcode phantomNamed}); fibers repeat a subunit ({@linkcode helixNamed}); liposomes are
 *    spherical bilayers.
 * 2. {@linkcode simulateMicrograph} follows a {@linkcode MicrographRecipe}: it lays a
 *    {@linkcode Specimen} into the ice with dirt around (the {@linkcode Scene}), projects it, and
 *    sends it through a microscope: CTF, ice, film and frost, shot noise, detector.
 * 3. A {@linkcode DatasetRecipe} says how micrographs of a dataset differ, and
 *    {@linkcode writeSimulatedDataset} writes it as a folder like a real one's, with species and
 *    orientations in `truth/` ({@linkcode readScene}).
 * 4. {@linkcode presetNamed} has the recipes of the paper's ten datasets, its 26S proteasomes,
 *    fibers and liposomes; {@linkcode demoMicrographs} are four micrographs ready to pick.
 *
 * @module
 */
export { colouredNoise } from "./coloured_noise.ts";
export { contrastTransfer, type CtfOptions } from "./ctf.ts";
export { type SimulatedDatasetOptions, writeSimulatedDataset } from "./dataset.ts";
export {
  type DatasetOption,
  type DatasetRecipe,
  recipeOf,
  type RunOptions,
  SNR_LEVELS,
} from "./dataset_recipe.ts";
export { demoMicrographs } from "./demo.ts";
export { electronWavelengthA, interactionParameter } from "./electron.ts";
export { type Filter, filterPair } from "./fourier.ts";
export { type Helix, HELIX_NAMES, type HelixBlob, helixNamed } from "./helices.ts";
export { simulateMicrograph, type Simulation } from "./micrograph.ts";
export type { EulerAngles } from "./orientation.ts";
export { type Gaussian, massOf, type Phantom } from "./phantom.ts";
export { PHANTOM_NAMES, phantomNamed } from "./phantoms.ts";
export { PRESET_NAMES, presetNamed } from "./presets.ts";
export { type MicrographRecipe, RECIPE_DEFAULTS, type SimulationOptions } from "./recipe.ts";
export {
  type CarbonHole,
  type Crystal,
  type Debris,
  type PlacedFiber,
  type PlacedParticle,
  type PlacedVesicle,
  type Scene,
  type View,
} from "./scene.ts";
export { type MadeUpCrop, madeUpCrop } from "./made_up.ts";
export { type MadeUpFibers, madeUpFibers } from "./made_up_fibers.ts";
export { type MadeUpVesicles, madeUpVesicles } from "./made_up_vesicles.ts";
export { readScene } from "./scene_file.ts";
export type {
  FiberSpecimen,
  ParticleSpecimen,
  Range,
  Species,
  Specimen,
  VesicleSpecimen,
} from "./specimen.ts";
