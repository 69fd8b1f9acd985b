import type { Model } from "../centernet/mod.ts";
import { hashOf } from "../core/mod.ts";
import type { Provenance } from "../io/mod.ts";
import type { PickOptions } from "./pick_options.ts";

/**
 * Version of the way from the network's maps to candidates.
 *
 * It changes whenever the same file and network give other candidates (2: TIFF rows are turned,
 * unsigned MRC bytes recognized; 3: images of the view `particle` are seen both ways; 4: probabilities
 * are lowered where there may be nothing); results of another version are picked again.
 */
export const PICKING_VERSION = 4;

/** What decides about candidates, beside the micrograph and a look at its folder. */
export type SeenWith = Pick<
  Provenance,
  "model" | "recipe" | "diameterA" | "diameterPx" | "pixelSizeA"
>;

/** What decides about the candidates that a model finds with some options. */
export async function seenWith(
  model: Model,
  { diameterA, diameterPx, pixelSizeA }: PickOptions,
): Promise<SeenWith> {
  return {
    model: await modelHash(model),
    recipe: `${model.preprocess}.${PICKING_VERSION}`,
    ...{ diameterA, diameterPx, pixelSizeA },
  };
}

/** Hash of what a model's picks depend on, apart from the threshold. */
async function modelHash(
  { config, weights, mode, diameter, calibration }: Model,
): Promise<string> {
  const bytes = ({ buffer, byteOffset, byteLength }: Float32Array) =>
    new Uint8Array(buffer, byteOffset, byteLength);
  const further = [...(mode === "particle" ? [] : [mode]), ...(calibration ? [calibration] : [])];
  const settings = JSON.stringify([config, diameter, ...further]);
  return await hashOf([settings, bytes(weights.parameters), bytes(weights.statistics)]);
}
