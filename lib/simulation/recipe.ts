import * as z from "zod";
import { checkArgument, defined, EPickerError, option } from "../core/mod.ts";
import type { CtfOptions } from "./ctf.ts";
import type { Specimen } from "./specimen.ts";

/** Everything that makes a micrograph; as JSON it makes the same pixels again. */
export interface MicrographRecipe extends CtfOptions {
  /** Base name. */
  name: string;
  /** Seed of everything random. */
  seed: number;
  /** Columns and rows. */
  size: number;
  /** Å per pixel. */
  pixelSizeA: number;
  /** What is in the ice. */
  specimen: Specimen;
  /** Least distance of a labelled centre from the border, in pixels. */
  border: number;
  /**
   * Signal-to-noise ratio in pixels of 5 Å whatever the pixel size, before the detector: mean square
   * of the contrast within the labelled objects' circles, over the variance of shot noise, ice and
   * clutter. Without it the contrast is what physics gives, times `contrast`.
   */
  snr?: number;
  /** Share of the contrast of an ideal weak-phase object that motion and other losses leave. */
  contrast: number;
  /** Electrons per Å². */
  dosePerA2: number;
  /** Detective quantum efficiency: share of the electrons that count. */
  dqe: number;
  /** Spread of an electron in the detector: standard deviation in pixels. */
  detectorBlur: number;
  /**
   * Spread of a Gaussian filter over the finished image, as denoising programs leave it: standard
   * deviation in Å.
   */
  smoothingA: number;
  /** Power of the ice's own structure over that of the shot noise, where the CTF is ±1. */
  iceNoise: number;
  /**
   * Power of uneven matter in the ice (fragments, detergent) over that of the ice at 1/30 Å; it
   * falls with the square of the frequency.
   */
  clutter: number;
  /** Mean thickness of the ice in Å. */
  iceThicknessA: number;
  /** Change of the thickness across the micrograph, relative to its mean. */
  iceGradient: number;
  /** Whether the edge of the carbon film is in view. */
  carbonEdge: boolean;
  /** Crystals of frost. */
  iceCrystals: number;
  /** Pixels that report far too many electrons. */
  hotPixels: number;
}

/** The values that a recipe has where it is told nothing else. */
export const RECIPE_DEFAULTS = {
  name: "simulated",
  size: 1024,
  border: 0,
  contrast: 0.5,
  dosePerA2: 30,
  dqe: 0.6,
  detectorBlur: 0.4,
  smoothingA: 0,
  iceNoise: 1.5,
  clutter: 1,
  iceThicknessA: 400,
  iceGradient: 0.2,
  carbonEdge: false,
  iceCrystals: 0,
  hotPixels: 0,
  defocusUm: 2,
  astigmatismUm: 0,
  astigmatismDeg: 0,
  voltageKv: 300,
  csMm: 2.7,
  amplitudeContrast: 0.07,
  bFactorA2: 500,
} as const satisfies Partial<MicrographRecipe>;

/** What `simulateMicrograph` is told: a recipe that may leave out what has a default. */
export type SimulationOptions =
  & { [K in "specimen" | "pixelSizeA" | "seed"]: MicrographRecipe[K] }
  & Partial<MicrographRecipe>;

/**
 * Completes a recipe with {@linkcode RECIPE_DEFAULTS} and checks it.
 *
 * @throws {EPickerError} `bad-option` for a value out of its range.
 */
export function completeRecipe(options: SimulationOptions): MicrographRecipe {
  checkArgument(options, GIVEN);
  const recipe: MicrographRecipe = { ...RECIPE_DEFAULTS, ...defined(options) };
  for (const [name, [low, high]] of Object.entries(LIMITS)) {
    const value = recipe[name as keyof typeof LIMITS];
    if (value === undefined || (typeof value === "number" && value >= low && value <= high)) {
      continue;
    }
    throw badOption(name, value, `${low} to ${high}`);
  }
  const { size, border, specimen: { count } } = recipe;
  if (!Number.isInteger(size)) throw badOption("size", size, "a whole number of pixels");
  if (!(2 * border < size)) throw badOption("border", border, `less than half of ${size} pixels`);
  if (!Number.isInteger(count) || count < 0) {
    throw badOption("count", count, "a whole number of 0 or more");
  }
  return recipe;
}

const RANGE = z.tuple([z.number(), z.number()], "two numbers, from and to");

const SPECIMEN = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("particles"),
    species: z.array(
      z.object({
        phantom: z.custom(
          (value) => typeof value === "string" || Object(value) === value,
          "a name of PHANTOM_NAMES or a phantom",
        ),
        share: option.from(0).optional(),
      }, "{ phantom }"),
      "a list of { phantom }",
    ).min(1, "one species or more"),
  }),
  z.object({
    kind: z.literal("fibers"),
    helix: z.string("a name of HELIX_NAMES"),
    lengthA: RANGE,
  }),
  z.object({ kind: z.literal("vesicles"), diameterA: RANGE }),
], 'a specimen: { kind: "particles", … }, "fibers" or "vesicles"');

/** What a recipe must be told, and what is no number. */
const GIVEN = z.object({
  specimen: SPECIMEN,
  pixelSizeA: option.above(0),
  seed: option.whole(),
  name: z.string("a name").optional(),
  carbonEdge: z.boolean("true or false").optional(),
}, "a recipe { specimen, pixelSizeA, seed }");

/** Electrons that count in a pixel of mean ice. */
export function electronsPerPixel(recipe: MicrographRecipe): number {
  const { dosePerA2, dqe, pixelSizeA, iceThicknessA } = recipe;
  return dosePerA2 * dqe * pixelSizeA ** 2 * Math.exp(-iceThicknessA / ICE_MEAN_FREE_PATH_A);
}

/**
 * Thickness of vitreous ice after which e⁻¹ of the electrons have neither lost energy nor missed
 * the aperture, in Å, at 300 kV (Rice et al. 2018, J. Struct. Biol. 204, 38–44).
 */
export const ICE_MEAN_FREE_PATH_A = 3200;

/** Least and largest values of numbers. */
const LIMITS = {
  size: [16, 8192],
  pixelSizeA: [0.1, 100],
  border: [0, 4096],
  snr: [0, 1e9],
  contrast: [0, 100],
  dosePerA2: [0.01, 10_000],
  dqe: [0.01, 1],
  detectorBlur: [0, 10],
  smoothingA: [0, 1000],
  iceNoise: [0, 1000],
  clutter: [0, 1000],
  iceThicknessA: [0, 10_000],
  iceGradient: [0, 1],
  iceCrystals: [0, 1000],
  hotPixels: [0, 1e6],
  defocusUm: [-100, 100],
  astigmatismUm: [0, 100],
  astigmatismDeg: [-360, 360],
  voltageKv: [10, 3000],
  csMm: [0, 100],
  amplitudeContrast: [0, 1],
  bFactorA2: [0, 1e6],
} as const satisfies Partial<Record<keyof MicrographRecipe, readonly [number, number]>>;

function badOption(name: string, value: number, expected: string): EPickerError {
  return new EPickerError("bad-option", { file: name, found: String(value), expected });
}
