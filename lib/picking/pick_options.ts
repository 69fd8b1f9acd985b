import type { Model } from "../centernet/mod.ts";
import { checkArgument, checkOptions, EPickerError, type Mode, noun, option } from "../core/mod.ts";
import type { Doubt } from "../io/mod.ts";
import { diameterFault, type NetworkView, VIEW_VERSIONS } from "../preprocess/mod.ts";
import { checkRise, type RiseOptions } from "../tracing/mod.ts";
import type { Threshold } from "./auto_threshold.ts";
import type { Contrast, Look } from "./look.ts";

/** What {@linkcode Picker.pick} may be told; the rise in fiber mode alone. */
export interface PickOptions extends RiseOptions {
  /**
   * Least score of a pick; the model's own by default. `auto` divides the scores of the micrograph, or
   * of the whole folder, best into two groups.
   */
  threshold?: Threshold;
  /**
   * Particle diameter or fiber width in Å; found by default. Of vesicles the typical one, for models of
   * the view `particle` alone.
   */
  diameterA?: number;
  /** The same in micrograph pixels, instead. */
  diameterPx?: number;
  /** Å per pixel; what the file says by default. */
  pixelSizeA?: number;
  /** Whether particles are dark or bright; seen by models of the view `particle`, else dark. */
  contrast?: Contrast;
  /**
   * What {@linkcode Picker.look} found in the folder, for models of the view `particle`; a look at the
   * micrograph itself by default.
   */
  look?: Look;
}

/**
 * Refuses options of picking that make no sense, or not for this model.
 *
 * @throws {EPickerError} `bad-option` for a threshold outside 0…1, sizes that are not above 0, two
 * diameters, one for vesicles, or a rise for what is no fiber.
 */
export function checkPicking(model: Model, options: PickOptions): void {
  checkArgument(model, noun.model, "model");
  const length = option.above(0, 1e6);
  if (options?.threshold !== undefined && options.threshold !== "auto") {
    assertThreshold(options.threshold);
  }
  checkOptions(options, {
    diameterA: length,
    diameterPx: length,
    pixelSizeA: option.above(0, 1000),
    contrast: option.oneOf(["dark", "bright"]),
  });
  assertDiameter(model, options);
  assertRise(model.mode, options);
  checkRise(options);
}

function assertDiameter({ mode, preprocess }: Model, { diameterA, diameterPx }: PickOptions): void {
  const both = diameterA !== undefined && diameterPx !== undefined;
  const isVesicle = mode === "vesicle" && preprocess === VIEW_VERSIONS.paper &&
    (diameterA ?? diameterPx) !== undefined;
  if (!both && !isVesicle) return;
  throw new EPickerError("bad-option", {
    file: diameterA === undefined ? "diameterPx" : "diameterA",
    found: isVesicle ? "a diameter for vesicles" : `${diameterA} Å and ${diameterPx} pixels`,
    expected: isVesicle ? "none: every vesicle's own is predicted" : "one diameter",
  });
}

/** Refuses a threshold that no score could have. @throws {EPickerError} `bad-option`. */
export function assertThreshold(threshold: number): void {
  checkOptions({ threshold }, { threshold: option.between(0, 1, "a score") });
}

/** Refuses a rise for what is no fiber. */
export function assertRise(mode: Mode, { rise, riseA }: RiseOptions): void {
  if (mode === "fiber" || (rise === undefined && riseA === undefined)) return;
  throw new EPickerError("bad-option", {
    file: "rise",
    found: `a rise for the mode "${mode}"`,
    expected: "a model that was trained for fibers",
    remedy: "Leave the rise out.",
  });
}

/** The diameter that is given, in pixels of a micrograph; throws `bad-option` without a pixel size. */
export function diameterInPixels(
  { name, pixelSizeA }: { name: string; pixelSizeA?: number },
  { diameterA, diameterPx }: PickOptions,
): number | undefined {
  if (diameterA === undefined) return diameterPx;
  if (pixelSizeA !== undefined) return diameterA / pixelSizeA;
  throw new EPickerError("bad-option", {
    file: name,
    found: `a diameter of ${diameterA} Å and no pixel size`,
    expected: "both",
    remedy:
      "Give the pixel size by 'pixelSizeA' or the diameter in pixels by 'diameterPx', or leave the " +
      "diameter out: it is found.",
  });
}

/**
 * Refuses a diameter that cannot be: larger than the micrograph, or for models of the view `particle`
 * too small in it.
 *
 * @throws {EPickerError} `bad-option`.
 */
export function assertFits(
  micrograph: { name: string; width: number; height: number; pixelSizeA?: number },
  { view, mode }: { view: NetworkView; mode: Mode },
  diameter: number,
  { diameterA, pixelSizeA = micrograph.pixelSizeA }: PickOptions,
): void {
  const { name, width, height } = micrograph;
  const fault = diameterFault(micrograph, mode, diameter);
  if (fault === undefined || (view === "paper" && diameter <= Math.max(width, height))) return;
  const pixels = `${+diameter.toFixed(1)} pixels`;
  const given = diameterA === undefined
    ? pixels
    : `${diameterA} Å, which are ${pixels} of ${+(pixelSizeA ?? NaN).toPrecision(4)} Å,`;
  throw new EPickerError("bad-option", {
    file: name,
    found: `a diameter of ${given} in ${width} × ${height} pixels`,
    expected: fault,
    remedy: diameterA === undefined
      ? "Give the particle's diameter in pixels of the micrograph, or in Å, or leave it out."
      : "Check the diameter and the pixel size, or leave the diameter out.",
  });
}

/** Part by which a given diameter may differ from what is seen. */
const DOUBTFUL_RATIO = 1.5;

/** Says where the particles are much larger or smaller than the given diameter. */
export function sizeDoubts(
  given: number,
  seen: number,
  { diameterA, pixelSizeA: own }: PickOptions,
  pixelSizeA: number | undefined,
): Doubt[] {
  const ratio = Math.max(given / seen, seen / given);
  if (!(seen > 0) || ratio < DOUBTFUL_RATIO) return [];
  const are = `${Math.round(seen)} pixels, as far as can be seen`;
  if (diameterA === undefined || pixelSizeA === undefined) {
    const text = `the diameter of ${+given.toFixed(
      1,
    )} pixels is given, but the particles are ${are}`;
    return [{ kind: "diameter", text }];
  }
  const source = own === undefined ? "of the file" : "given";
  const text = `${diameterA} Å are ${
    Math.round(given)
  } pixels by the pixel size ${source} (${+pixelSizeA
    .toPrecision(4)} Å), but the particles are ${are}: one of the two sizes is wrong`;
  return [{ kind: "diameter", text }];
}
