import * as z from "zod";
import { BACKEND_NAMES, type BackendName } from "../backend/mod.ts";
import { checkConfig, LIGHT, type Model, type NetworkConfig } from "../centernet/mod.ts";
import {
  checkOptions,
  defined,
  EPickerError,
  type Mode,
  MODES,
  option,
  type OptionChecks,
} from "../core/mod.ts";
import { type NetworkView, VIEW_VERSIONS, viewOf } from "../preprocess/mod.ts";
import { AUGMENTATION, type Augmentation, GENERAL_AUGMENTATION } from "./augment.ts";
import type { TrainingImage, TrainingSet } from "./images.ts";

/** How a network is trained; {@linkcode defaultRecipe} has the defaults. */
export interface Recipe {
  /** What is picked. */
  mode: Mode;
  /** The network. */
  config: NetworkConfig;
  /** Passes over the training area. */
  epochs: number;
  /** Steps in all; what `epochs` gives by default. */
  steps?: number;
  /** Seed of all draws. */
  seed: number;
  /** Crops that are normalised together. */
  shardSize: number;
  /** Shards in a batch. */
  shards: number;
  /** Edge of a crop in network pixels. */
  cropSize: number;
  /** Highest learning rate. */
  learningRate: number;
  /** Part of the steps over which the rate rises. */
  warmUp: number;
  /** Decay of the running average of the weights. */
  averageDecay: number;
  /** How much crops vary. */
  augmentation: Augmentation;
  /** A dataset is drawn as often as its labels to this power say; 0 draws all alike. @default {1/3} */
  balance?: number;
  /** Part of the crops that are made up, in the view `particle`. @default {0} */
  madeUp?: number;
  /**
   * Objects of a crop, in the mean of a shard, below which the loss is divided by this number instead
   * of theirs, so that empty crops do not outweigh the others. @default {0}
   */
  leastCentres?: number;
  /** Part of the crops that are cut from empty images, where there are any. @default {0} */
  empty?: number;
  /** Epochs from one validation to the next. */
  validateEvery: number;
}

/** The recipe in the view `paper`. */
export const RECIPE: Recipe = {
  mode: "particle",
  config: LIGHT,
  epochs: 40,
  seed: 1,
  shardSize: 4,
  shards: 2,
  cropSize: 256,
  learningRate: 5e-3,
  warmUp: 0.1,
  averageDecay: 0.997,
  augmentation: AUGMENTATION,
  validateEvery: 4,
};

/** The recipe in the view `particle`, for models that shall find what they have not seen. */
export const GENERAL: Recipe = {
  ...RECIPE,
  averageDecay: 0.98,
  augmentation: GENERAL_AUGMENTATION,
  balance: 0,
  madeUp: 0.3,
  empty: 0.07,
  leastCentres: 6,
};

/** What differs from {@linkcode GENERAL} by what is picked; a fiber is as many objects as points. */
const GENERAL_PARTS: Record<Mode, Partial<Recipe>> = {
  particle: {},
  vesicle: {},
  fiber: { madeUp: 0.5, leastCentres: 40 },
};

/** The default recipe of a view and a mode. */
export function defaultRecipe(view: NetworkView, mode: Mode): Recipe {
  return view === "paper" ? { ...RECIPE, mode } : { ...GENERAL, ...GENERAL_PARTS[mode], mode };
}

/** Highest learning rate by default where training goes on from a model. */
export const FINE_TUNING_RATE = 2e-3;

/**
 * What is given over the defaults: those of {@linkcode defaultRecipe}, and of a model to go on from its
 * mode, its network and {@linkcode FINE_TUNING_RATE}.
 */
export function completeRecipe(
  given: Partial<Recipe>,
  { view = "paper", from }: { view?: NetworkView; from?: Model } = {},
): Recipe {
  const defaults = defaultRecipe(view, given.mode ?? from?.mode ?? "particle");
  const ofModel = from && { config: from.config, learningRate: FINE_TUNING_RATE };
  return { ...defaults, ...ofModel, ...defined(given) };
}

/**
 * The view of a training run: that of the model to go on from, else the one given, else `particle`.
 *
 * @throws {EPickerError} `bad-option` where model and given view differ; `bad-model` for a model of
 * a preprocessing that is not known.
 */
export function viewToTrain(given: NetworkView | undefined, from: Model | undefined): NetworkView {
  if (from === undefined) return given ?? "particle";
  const view = viewOf(from.preprocess, from.notes.name ?? "from");
  if (given === undefined || given === view) return view;
  throw new EPickerError("bad-option", {
    file: "view",
    found: `"${given}", but the model to go on from was trained on the view "${view}"`,
    expected: `"${view}"`,
    remedy: `Load the images with the view "${view}", or train from fresh weights.`,
  });
}

/** The views by name. */
export const VIEWS = Object.keys(VIEW_VERSIONS) as NetworkView[];

/** A recipe as notes and logs have it: they name no mode for particles, as they always did. */
export function notedRecipe({ mode, ...rest }: Recipe): Partial<Recipe> {
  return mode === "particle" ? rest : { ...rest, mode };
}

/** Steps of a recipe: every pass cuts as much area as the training images have. */
export function stepsOf(
  images: TrainingImage[],
  recipe: Recipe,
): { perEpoch: number; total: number } {
  const area = images.reduce((sum, { image }) => sum + image.width * image.height, 0);
  const batch = recipe.shards * recipe.shardSize * recipe.cropSize ** 2;
  const perEpoch = Math.max(1, Math.round(area / batch));
  return { perEpoch, total: recipe.steps ?? perEpoch * recipe.epochs };
}

/** Learning rate of a step: linear rise, then half a cosine down to zero. */
export function learningRateAt(step: number, total: number, recipe: Recipe): number {
  const rise = Math.max(1, Math.round(total * recipe.warmUp));
  if (step < rise) return recipe.learningRate * (step + 1) / rise;
  const along = (step - rise) / Math.max(1, total - rise);
  return recipe.learningRate * 0.5 * (1 + Math.cos(Math.PI * along));
}

/** What the parts of a recipe must be. */
const CHECKS: OptionChecks<Recipe> = {
  mode: option.oneOf(MODES),
  config: z.object({}, "a network"),
  epochs: option.whole(1, 1e6),
  steps: option.whole(1, 1e9),
  seed: option.whole(),
  shardSize: option.whole(1, 1024),
  shards: option.whole(1, 1024),
  cropSize: option.multipleOf(32, 8192),
  learningRate: option.above(0, 1),
  warmUp: option.between(0, 1),
  averageDecay: option.between(0, 1),
  validateEvery: option.whole(1),
  balance: option.between(0, 1),
  madeUp: option.between(0, 1),
  empty: option.between(0, 1),
  leastCentres: option.from(0),
};

/** What else a training run is told, beside which no part of a recipe may stand. */
const RUN_CHECKS: Record<string, z.ZodType> = {
  ...Object.fromEntries(
    Object.keys(CHECKS).map((name) => [name, z.undefined(`recipe: { ${name} }`)]),
  ),
  recipe: z.object({}, "a recipe"),
  workers: option.whole(1),
  backend: option.oneOf(BACKEND_NAMES),
  calibration: z.object(
    { slope: z.number().nonnegative(), shift: z.number() },
    "two numbers { slope, shift }, a slope of at least 0",
  ),
  objective: z.custom(
    (value) => Object(value).lossOf instanceof Function,
    "an objective { lossOf }",
  ),
};

/**
 * Refuses options of a training run that make no sense; `train` does so as well, but only when the
 * data are read.
 *
 * @throws {EPickerError} `bad-option`.
 *
 * @example
 * ```ts
 * import { checkTraining, EPickerError } from "@epicker/epicker";
 * import { assertThrows } from "@std/assert";
 *
 * checkTraining({ recipe: { steps: 100, cropSize: 192 } });
 * assertThrows(() => checkTraining({ recipe: { steps: -5 } }), EPickerError, "steps: found -5");
 * ```
 */
export function checkTraining(
  options: { recipe?: Partial<Recipe>; workers?: number; backend?: BackendName },
): void {
  checkOptions<object>(options, RUN_CHECKS);
  const { recipe = {} } = options;
  checkOptions(recipe, CHECKS);
  if (recipe.config !== undefined) checkConfig(recipe.config);
}

/**
 * Refuses recipes that make no sense and sets without labels.
 *
 * @throws {EPickerError} `bad-option` or `bad-data`.
 */
export function assertRecipe(recipe: Recipe, { train: images }: TrainingSet): void {
  if (recipe.mode === "vesicle" && !recipe.config.size) {
    throw new EPickerError("bad-option", {
      file: "mode",
      found: '"vesicle" for a network that predicts no sizes',
      expected: "one with a size head",
    });
  }
  if (images.length > 0 && images.some(({ objects }) => objects.length > 0)) return;
  throw new EPickerError("bad-data", {
    found: "no labelled training image",
    expected: "at least one micrograph with labels",
  });
}
