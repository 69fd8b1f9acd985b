import { type Random, random } from "../core/mod.ts";
import { blankCanvas, type Canvas } from "./canvas.ts";
import type { Field } from "./field.ts";
import { electronsPerPixel, type MicrographRecipe } from "./recipe.ts";
import { smoothNoise } from "./smooth_noise.ts";
import { STREAMS } from "./streams.ts";

/** Distance at which clutter is as strong as the ice, for a `clutter` of 1; in Å. */
const CLUTTER_A = 30;

/** Standard deviation of the largest lumps of clutter, in Å; each smaller size is half of one. */
const LARGEST_LUMP_A = 60;

/**
 * Contrast of everything but the specimen, before the CTF: ice, clutter and edges.
 *
 * The ice is white noise. Clutter, uneven matter of all sizes such as protein fragments and
 * detergent, has a power that falls with the square of the frequency between 1/300 and 1/40 Å, and
 * faster beyond, where the ice is stronger. Both follow the roughness of the field.
 *
 * @param side Columns and rows; what lies beyond the micrograph's is only there for the Fourier
 * transform.
 */
export function paintGrain(recipe: MicrographRecipe, field: Field, side: number): Canvas {
  const { size, pixelSizeA, iceNoise, clutter, seed } = recipe;
  const draw = random(seed, STREAMS.iceNoise);
  const canvas = blankCanvas(side, pixelSizeA);
  const variance = iceNoise / electronsPerPixel(recipe);
  const half = Math.sqrt(3 * variance); // a uniform number within ±√3 has variance 1
  for (let i = 0; i < canvas.pixels.length; i++) canvas.pixels[i] = draw.between(-half, half);
  if (clutter > 0) addLumps(canvas, clutter * variance, draw);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0, at = y * side; x < size; x++, i++, at++) {
      canvas.pixels[at] = canvas.pixels[at] * Math.sqrt(field.roughness[i]) + field.edges.pixels[i];
    }
  }
  return canvas;
}

/** Power of ice and clutter before the CTF at a frequency in 1/Å, relative to the ice alone. */
export function structurePower(
  { clutter, pixelSizeA }: MicrographRecipe,
  frequency: number,
): number {
  const power = lumpSizes(pixelSizeA).reduce((sum, size) => sum + lumpPower(size, frequency), 0);
  return 1 + clutter * power;
}

/** Standard deviations of lumps that pixels of that size resolve, in Å, the smallest first. */
function lumpSizes(pixelSizeA: number): number[] {
  const sizes: number[] = [];
  const least = 2 * pixelSizeA / Math.sqrt(3);
  for (let size = least; size <= LARGEST_LUMP_A; size *= 2) sizes.push(size);
  return sizes;
}

/**
 * Power of the lumps of one size, relative to the ice.
 *
 * Gaussian lumps have the power exp(−4 π² σ² k²). Weighted with σ², the sum over doubled sizes is
 * 1 / (8 π² ln 2 k²) in the mean over ln k, as the integral over ln σ shows.
 */
function lumpPower(sigmaA: number, frequency: number): number {
  const weight = 8 * Math.PI ** 2 * Math.LN2 * (sigmaA / CLUTTER_A) ** 2;
  return weight * Math.exp(-((2 * Math.PI * sigmaA * frequency) ** 2));
}

/** Adds lumps of all sizes, dark and bright, relative to an ice of that variance. */
function addLumps({ size, pixelSizeA, pixels }: Canvas, variance: number, draw: Random): void {
  const levels = Math.log2(size) - 2; // so that the coarsest lattice has points left
  const deviations = lumpSizes(pixelSizeA).slice(0, levels).map((sigmaA) => {
    const spacing = Math.sqrt(3) * sigmaA / pixelSizeA; // of the lattice, whose noise has the power
    return Math.sqrt(variance * lumpPower(sigmaA, 0)) / spacing; // deviation² · spacing²
  });
  const lumps = smoothNoise(size, deviations, draw);
  for (let i = 0; i < pixels.length; i++) pixels[i] += lumps[i];
}
