import * as z from "zod";
import { checkArgument, checkOptions, defined, noun, option, random } from "../core/mod.ts";
import { completeRecipe, type MicrographRecipe } from "./recipe.ts";
import type { Range, Specimen } from "./specimen.ts";
import { STREAMS } from "./streams.ts";

/** Options of a micrograph that are numbers, but for those that a dataset sets otherwise. */
export type DatasetOption = Exclude<
  { [K in keyof MicrographRecipe]-?: number extends MicrographRecipe[K] ? K : never }[
    keyof MicrographRecipe
  ],
  "seed" | "size" | "pixelSizeA"
>;

/** A simulated dataset: what its micrographs have in common and how they differ. */
export interface DatasetRecipe {
  /** Name of its folder, and of its micrographs before their number. */
  name: string;
  /** Name for tables. */
  title: string;
  /** What it imitates. */
  about: string;
  /** Side of a micrograph's field in Å; the pixel size is this over the number of pixels. */
  fieldA: number;
  /** What is in the ice, with the mean count. */
  specimen: Specimen;
  /** Factor on the count. @default {[0.7, 1.3]} */
  density?: Range;
  /** Share of the micrographs with the edge of the carbon film in view. @default {0} */
  carbonShare?: number;
  /** Options of the micrographs: the same number for all, or a range to draw from. */
  options?: Partial<Record<DatasetOption, number | Range>>;
}

/** What all datasets of a run have in common. */
export interface RunOptions {
  /** Seed of everything random. @default {1} */
  seed?: number;
  /** Columns and rows of a micrograph; the field stays the same. @default {1024} */
  size?: number;
  /** Signal-to-noise ratio in pixels of 5 Å, instead of each dataset's own. */
  snr?: number;
}

/**
 * Named signal-to-noise ratios, in pixels of 5 Å: `medium` measures like the 80S ribosomes of
 * EMPIAR-10028, `hard` like the TRPV1 channels of EMPIAR-10059, a small membrane protein.
 */
export const SNR_LEVELS: Readonly<Record<string, number>> = {
  easy: 0.8,
  medium: 0.23,
  hard: 0.08,
  extreme: 0.03,
};

/** What differs between micrographs unless a dataset says otherwise. */
const VARIED: DatasetRecipe["options"] = {
  astigmatismUm: [0, 0.08],
  astigmatismDeg: [0, 180],
  iceThicknessA: [250, 500],
  iceGradient: [0.02, 0.2],
  hotPixels: [0, 12],
};

const DATASET = z.object({
  name: noun.path,
  fieldA: option.above(0),
  specimen: z.object({ count: option.from(0) }, "a specimen"),
}, "a recipe of a dataset, such as presetNamed() gives");

/** Options that are whole numbers. */
const COUNTS = ["iceCrystals", "hotPixels"];

/**
 * The recipe of one micrograph of a dataset; it depends on no other micrograph.
 *
 * @param index Number of the micrograph, from 0.
 */
export function recipeOf(
  dataset: DatasetRecipe,
  index: number,
  options: RunOptions = {},
): MicrographRecipe {
  checkArgument(dataset, DATASET, "dataset");
  checkOptions(options, {
    seed: option.whole(),
    size: option.whole(16, 8192),
    snr: option.from(0),
  });
  const { seed = 1, size = 1024, snr } = options;
  const { name, fieldA, specimen, density = [0.7, 1.3], carbonShare = 0 } = dataset;
  const letters = [...name].map((letter) => letter.codePointAt(0)!);
  const draw = random(seed, STREAMS.dataset, ...letters, index);
  const drawn = Object.entries({ ...VARIED, ...defined(dataset.options ?? {}) }).map(
    ([name, value]) => {
      if (typeof value === "number") return [name, value];
      const one = draw.between(...value);
      return [name, COUNTS.includes(name) ? Math.round(one) : Number(one.toFixed(3))];
    },
  );
  return completeRecipe({
    name: `${name}_${String(index + 1).padStart(3, "0")}`,
    seed: draw.integer(2 ** 31),
    size,
    pixelSizeA: Number((fieldA / size).toFixed(4)),
    specimen: { ...specimen, count: Math.round(specimen.count * draw.between(...density)) },
    carbonEdge: draw.uniform() < carbonShare,
    ...Object.fromEntries(drawn),
    ...defined({ snr }),
  });
}
