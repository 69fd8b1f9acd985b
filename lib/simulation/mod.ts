/**
 * Micrographs with known truth, made from nothing but numbers.
 *
 * A {@linkcode Phantom} is a particle of Gaussians; {@linkcode simulateMicrograph} puts it in random
 * places and orientations into ice and sends it through a microscope: CTF, envelope, shot noise,
 * uneven ice, detector. {@linkcode demoMicrographs} are four of them, ready to pick.
 *
 * @module
 */
export { contrastTransfer, type CtfOptions, electronWavelengthA } from "./ctf.ts";
export { demoMicrographs } from "./demo.ts";
export type { Gaussian, Phantom } from "./phantom.ts";
export { apoferritinLike, betaGalactosidaseLike, channelLike, ribosomeLike } from "./phantoms.ts";
export {
  simulateMicrograph,
  type Simulation,
  SIMULATION_DEFAULTS,
  type SimulationOptions,
} from "./simulate.ts";
