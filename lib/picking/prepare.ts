import { checkArgument, type Micrograph, type Mode, noun } from "../core/mod.ts";
import { inverted, type NetworkImage, type NetworkView, preprocess } from "../preprocess/mod.ts";
import { diameterSeen } from "./look.ts";
import { assertFits, diameterInPixels, type PickOptions } from "./pick_options.ts";

/** A micrograph ready for the network: all about it but its own pixels. */
export interface PreparedMicrograph extends Omit<Micrograph, "pixels"> {
  /** How it was prepared. */
  view: NetworkView;
  /** What the network will see. */
  image: NetworkImage;
  /** Seconds spent on it. */
  seconds: number;
}

/** How a model sees micrographs, and what it picks, which decides the scale. */
export interface Sight {
  /** The view that it was trained on. */
  view: NetworkView;
  /** What it picks. */
  mode: Mode;
}

/**
 * Preprocesses a micrograph for {@linkcode Picker.pickPrepared}, on any thread.
 *
 * @param sight How the model sees micrographs.
 * @param options Those of picking; the view `particle` needs a diameter or a look.
 * @throws {EPickerError} `bad-file` for a micrograph without finite pixels; `bad-option` for a
 * diameter that the view needs and that is missing or makes no sense.
 */
export function prepareMicrograph(
  micrograph: Micrograph,
  { view, mode }: Sight = { view: "paper", mode: "particle" },
  options: PickOptions = {},
): PreparedMicrograph {
  checkArgument(micrograph, noun.micrograph, "micrograph");
  const start = performance.now();
  const { look, contrast = look?.contrast, pixelSizeA = micrograph.pixelSizeA } = options;
  const given = diameterInPixels({ name: micrograph.name, pixelSizeA }, options);
  if (given !== undefined) assertFits(micrograph, { view, mode }, given, options);
  const looked = look && diameterSeen(look, pixelSizeA);
  const image = preprocess(micrograph, { view, mode, diameter: given ?? looked });
  if (contrast === "bright") image.pixels = inverted(image.pixels);
  const { pixels: _, ...facts } = micrograph;
  return { ...facts, view, image, seconds: (performance.now() - start) / 1000 };
}
