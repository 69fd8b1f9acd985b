/**
 * From a micrograph to the image that the network sees, and the exact mapping of coordinates.
 *
 * `preprocess(micrograph)` gives an 8-bit {@linkcode NetworkImage} in a black margin, in one of two
 * views: `paper`, 1024 pixels along the longer side and equalised, or `particle`, resampled so that
 * the particle has one size, with slow background and contrast taken out. `toNetwork` and
 * `toMicrograph` carry picks there and back; `normalise` turns the pixels into the network's float
 * input. Training and picking share the recipe; {@linkcode VIEW_VERSIONS} names it in model files.
 * `powerSpectrum` shows what the microscope has done to a micrograph.
 *
 * @module
 */
export { MID_GREY } from "./equalise.ts";
export { type FlatSource, flatten } from "./flatten.ts";
export {
  MARGIN,
  type NetworkGeometry,
  networkGeometry,
  type NetworkImage,
  STRIDE,
  TARGET_SIZE,
  toMicrograph,
  toNetwork,
} from "./geometry.ts";
export { type PowerSpectrum, powerSpectrum, radialMean } from "./power_spectrum.ts";
export { inverted, NETWORK_MEAN, NETWORK_STD, normalise, NORMALISED } from "./normalise.ts";
export {
  NETWORK_SIZES,
  type NetworkView,
  PARTICLE_SIZE,
  VIEW_VERSIONS,
  viewOf,
  WAYS,
} from "./view.ts";
export { isDirty } from "./dirt.ts";
export { type NoiseLike, noiseLike } from "./noise_like.ts";
export { CLAMP_SIGMAS } from "./clean_range.ts";
export { diameterFault, preprocess, type PreprocessOptions } from "./preprocess.ts";
