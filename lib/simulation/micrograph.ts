import { type Micrograph, type Pick, random } from "../core/mod.ts";
import { arrangeScene } from "./arrange.ts";
import { blankCanvas, type Canvas } from "./canvas.ts";
import { paintCarbon } from "./carbon.ts";
import { paintCrystals } from "./crystals.ts";
import { contrastTransfer } from "./ctf.ts";
import { spreadElectrons } from "./detector.ts";
import { interactionParameter, POTENTIAL_PER_KDA } from "./electron.ts";
import { paintFibers } from "./fibers.ts";
import type { Field } from "./field.ts";
import { filterPair } from "./fourier.ts";
import { paintGrain } from "./grain.ts";
import { iceThickness, sampled } from "./ice.ts";
import { paintParticles } from "./particles.ts";
import {
  completeRecipe,
  ICE_MEAN_FREE_PATH_A,
  type MicrographRecipe,
  type SimulationOptions,
} from "./recipe.ts";
import { labelsOf, type Scene } from "./scene.ts";
import { electronCounter } from "./shot_noise.ts";
import { contrastScale } from "./snr.ts";
import { STREAMS } from "./streams.ts";
import { paintVesicles } from "./vesicles.ts";

/** A micrograph and what is really on it. */
export interface Simulation {
  /** The image, in counted electrons per pixel; matter is dark. */
  micrograph: Micrograph;
  /** The labels: centres and diameters, or points along fibers, in micrograph pixels. */
  truth: Pick[];
  /** Everything that lies on it, with species and orientations. */
  scene: Scene;
  /** The complete recipe, which makes the same micrograph again. */
  recipe: MicrographRecipe;
}

/**
 * Makes a micrograph of particles, fibers or vesicles, as a microscope would see it.
 *
 * Projected potentials shift the phase of the electrons (weak-phase approximation); they and the
 * structure of the ice pass the contrast transfer function; ice, frost and carbon film take
 * electrons away; the electrons arrive as a Poisson number in each pixel, and the detector spreads
 * them. The same recipe gives the same pixels.
 *
 * @throws {EPickerError} `bad-option` for a value out of its range or an unknown phantom or helix.
 *
 * @example
 * ```ts
 * import { simulateMicrograph } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const { micrograph, truth } = simulateMicrograph({
 *   specimen: { kind: "particles", species: [{ phantom: "ribosome-80s" }], count: 5 },
 *   size: 256,
 *   pixelSizeA: 5.36,
 *   defocusUm: 1.8,
 *   seed: 1,
 * });
 * assertEquals([micrograph.width, micrograph.height, truth.length], [256, 256, 5]);
 * ```
 */
export function simulateMicrograph(options: SimulationOptions): Simulation {
  const recipe = completeRecipe(options);
  const { name, size, pixelSizeA } = recipe;
  const scene = arrangeScene(recipe);
  const truth = labelsOf(scene, size);
  const field = fieldOf(recipe, scene);
  const { signal, structure } = transferred(recipe, scene, field);
  const scale = contrastScale(recipe, signal, truth);
  const pixels = count(recipe, field, scale, signal.pixels, structure.pixels);
  spreadElectrons(pixels, size, recipe.detectorBlur);
  addHotPixels(pixels, recipe);
  spreadElectrons(pixels, size, recipe.smoothingA / pixelSizeA);
  return {
    micrograph: { name, width: size, height: size, pixels, pixelSizeA },
    truth,
    scene,
    recipe,
  };
}

/** Ice, frost and film. */
function fieldOf(recipe: MicrographRecipe, { crystals, hole }: Scene): Field {
  const { size, pixelSizeA, iceThicknessA } = recipe;
  const thickness = iceThickness(recipe);
  const absorption = iceThicknessA / ICE_MEAN_FREE_PATH_A;
  const field = {
    transmission: sampled(size, (x, y) => Math.exp(-absorption * thickness(x, y))),
    roughness: sampled(size, thickness),
    edges: blankCanvas(size, pixelSizeA),
  };
  if (hole) paintCarbon(field, hole);
  paintCrystals(field, crystals);
  return field;
}

/** Contrast of the specimen, and of ice and edges, behind the CTF; the mean image is 1. */
function transferred(recipe: MicrographRecipe, scene: Scene, field: Field) {
  const { size, pixelSizeA } = recipe;
  const side = 2 ** Math.ceil(Math.log2(size)); // as the Fourier transform wants it
  const signal = paintedSpecimen(recipe, scene, side);
  const structure = paintGrain(recipe, field, side);
  const transfer = contrastTransfer(recipe);
  filterPair(
    signal.pixels,
    structure.pixels,
    side,
    (u, v) => transfer(u / pixelSizeA, v / pixelSizeA),
  );
  return { signal: cropped(signal, size), structure: cropped(structure, size) };
}

/**
 * Contrast of the specimen before the CTF: twice the phase shift, as a weak-phase object has it.
 */
function paintedSpecimen(recipe: MicrographRecipe, scene: Scene, side: number): Canvas {
  const { specimen, pixelSizeA, voltageKv } = recipe;
  const canvas = blankCanvas(side, pixelSizeA);
  const perVolt = 2 * interactionParameter(voltageKv);
  const perKda = perVolt * POTENTIAL_PER_KDA;
  if (specimen.kind === "particles") {
    paintParticles(canvas, specimen, [...scene.particles, ...scene.debris], perKda);
  }
  paintFibers(canvas, scene.fibers, perKda);
  paintVesicles(canvas, scene.vesicles, perVolt);
  return canvas;
}

function cropped({ size: side, pixelSizeA, pixels }: Canvas, size: number): Canvas {
  const canvas = { size, pixelSizeA, pixels };
  if (size === side) return canvas;
  canvas.pixels = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    canvas.pixels.set(pixels.subarray(y * side, y * side + size), y * size);
  }
  return canvas;
}

/** Counts the electrons of every pixel. */
function count(
  recipe: MicrographRecipe,
  { transmission }: Field,
  scale: number,
  signal: Float32Array,
  structure: Float32Array,
): Float32Array<ArrayBuffer> {
  const { dosePerA2, dqe, pixelSizeA, seed } = recipe;
  const incident = dosePerA2 * dqe * pixelSizeA ** 2;
  const electronsIn = electronCounter(random(seed, STREAMS.shotNoise));
  const pixels = new Float32Array(signal.length);
  for (let i = 0; i < pixels.length; i++) {
    const contrast = Math.max(0, 1 + scale * signal[i] + structure[i]);
    pixels[i] = electronsIn(incident * transmission[i] * contrast);
  }
  return pixels;
}

/** Pixels that count 3 to 20 times what they should. */
function addHotPixels(pixels: Float32Array, { hotPixels, seed }: MicrographRecipe): void {
  const draw = random(seed, STREAMS.hotPixels);
  for (let i = 0; i < hotPixels; i++) pixels[draw.integer(pixels.length)] *= draw.between(3, 20);
}
