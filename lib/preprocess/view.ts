import { EPickerError, type Mode } from "../core/mod.ts";

/**
 * How a micrograph becomes what a network sees; a model names the one that it was trained on.
 *
 * - `paper`: 1024 pixels along the longer side, equalised (EPicker).
 * - `particle`: the object is as wide as {@linkcode NETWORK_SIZES} says whatever its size in the
 *   file, and slow background and contrast are taken out locally.
 */
export type NetworkView = "paper" | "particle";

/**
 * Versions of the views, stored in models.
 *
 * One changes whenever the same micrograph gives other pixels; a model trained with another version
 * does not fit.
 */
export const VIEW_VERSIONS: Readonly<Record<NetworkView, string>> = {
  paper: "1",
  particle: "particle-1",
};

/** How often a network sees an image: once, or also turned by half a turn. */
export const WAYS: Readonly<Record<NetworkView, 1 | 2>> = { paper: 1, particle: 2 };

/** Diameter of a typical particle in the view `particle`, in network pixels. */
export const PARTICLE_SIZE = 40;

/**
 * What a typical object measures in the view `particle`, in network pixels: the diameter of a particle
 * or of the median vesicle, the width of a fiber.
 */
export const NETWORK_SIZES: Readonly<Record<Mode, number>> = {
  particle: PARTICLE_SIZE,
  vesicle: 48,
  fiber: 24,
};

/**
 * The view of a version.
 *
 * @param file What carries the version, for the message.
 * @throws {EPickerError} `bad-model` for a version that is not known here.
 */
export function viewOf(version: string, file: string): NetworkView {
  for (const [view, known] of Object.entries(VIEW_VERSIONS)) {
    if (known === version) return view as NetworkView;
  }
  throw new EPickerError("bad-model", {
    file,
    found: `preprocessing version "${version}"`,
    expected: Object.values(VIEW_VERSIONS).map((known) => `"${known}"`).join(" or "),
    remedy: "Train the model again with this version.",
  });
}
