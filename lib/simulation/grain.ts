import { type Random, random } from "../core/mod.ts";
import { blankCanvas, type Canvas } from "./canvas.ts";
import type { Field } from "./field.ts";
import { electronsPerPixel, type MicrographRecipe } from "./recipe.ts";
import { STREAMS } from "./streams.ts";

/** Distance at which clutter is as strong as the ice, for a `clutter` of 1; in Å. */
const CLUTTER_A = 30;

/** Sizes of the clutter's lumps: this one in Å, and so many more, each double the last. */
const [LEAST_LUMP_A, LUMP_SIZES] = [30, 5];

/**
 * Contrast of everything but the specimen, before the CTF: ice, clutter and edges.
 *
 * The ice is white noise. Clutter, uneven matter of all sizes such as protein fragments and
 * detergent, has a power that falls with the square of the frequency. Both follow the roughness of
 * the field.
 *
 * @param side Columns and rows; what lies beyond the micrograph's is only there for the Fourier
 * transform.
 */
export function paintGrain(recipe: MicrographRecipe, field: Field, side: number): Canvas {
  const { size, pixelSizeA, iceNoise, clutter, seed } = recipe;
  const draw = random(seed, STREAMS.iceNoise);
  const variance = iceNoise / electronsPerPixel(recipe);
  const canvas = blankCanvas(side, pixelSizeA);
  const half = Math.sqrt(3 * variance); // a uniform number within ±√3 has variance 1
  for (let i = 0; i < canvas.pixels.length; i++) canvas.pixels[i] = draw.between(-half, half);
  if (clutter > 0) addLumps(canvas, lumpDeviation(variance * clutter, pixelSizeA), draw);
  for (let y = 0, i = 0; y < size; y++) {
    for (let x = 0, at = y * side; x < size; x++, i++, at++) {
      canvas.pixels[at] = canvas.pixels[at] * Math.sqrt(field.roughness[i]) + field.edges.pixels[i];
    }
  }
  return canvas;
}

/** Power of ice and clutter before the CTF at a frequency in 1/Å, relative to the ice alone. */
export function structurePower({ clutter }: MicrographRecipe, frequency: number): number {
  const longest = LEAST_LUMP_A * 2 ** (LUMP_SIZES - 1);
  return 1 + clutter / (CLUTTER_A * Math.max(frequency, 1 / longest)) ** 2;
}

/**
 * Standard deviation of the lumps of each size.
 *
 * Noise on a lattice of spacing c with linear interpolation between has the power
 * s² c² sinc⁴(π k c); the sum over doubled spacings is s² / (π k)² in the mean over ln k, as the
 * integral of sin⁴ y / y³ is ln 2.
 */
function lumpDeviation(variance: number, pixelSizeA: number): number {
  return Math.PI * Math.sqrt(variance) * pixelSizeA / CLUTTER_A;
}

/** Adds noise on lattices of doubled spacings, linear between their points. */
function addLumps({ size, pixelSizeA, pixels }: Canvas, deviation: number, draw: Random): void {
  for (let octave = 0; octave < LUMP_SIZES; octave++) {
    const cell = LEAST_LUMP_A * 2 ** octave / pixelSizeA;
    if (cell >= 2) addLattice(pixels, size, cell, deviation, draw);
  }
}

function addLattice(
  pixels: Float32Array,
  size: number,
  cell: number,
  deviation: number,
  draw: Random,
): void {
  const points = Math.ceil(size / cell) + 1;
  const values = Float64Array.from({ length: points * points }, () => deviation * draw.normal());
  for (let y = 0, i = 0; y < size; y++) {
    const row = Math.floor(y / cell);
    const down = y / cell - row;
    for (let x = 0; x < size; x++, i++) {
      const column = Math.floor(x / cell);
      const right = x / cell - column;
      const at = row * points + column;
      const upper = values[at] + right * (values[at + 1] - values[at]);
      const lower = values[at + points] + right * (values[at + points + 1] - values[at + points]);
      pixels[i] += upper + down * (lower - upper);
    }
  }
}
