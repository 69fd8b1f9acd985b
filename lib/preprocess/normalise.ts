/** Mean of equalised grey values / 255, taken off before the network. */
export const NETWORK_MEAN = 0.5;

/** Standard deviation of equalised grey values / 255: 1 / √12, the uniform distribution's. */
export const NETWORK_STD = 0.2887;

/** The normalised value of each of the 256 grey values, for lookups in loops. */
export const NORMALISED: Float32Array<ArrayBuffer> = Float32Array.from(
  { length: 256 },
  (_, grey) => (grey / 255 - NETWORK_MEAN) / NETWORK_STD,
);

/** An image of inverted contrast, around mid-grey; what is black stays so, as it lies outside. */
export function inverted(pixels: Uint8Array): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) values[i] = 256 - pixels[i]; // 256 is 0
  return values;
}

/**
 * Turns grey values into the network's input: (v / 255 − 0.5) / 0.2887, in training and picking.
 *
 * @example
 * ```ts
 * import { normalise } from "@epicker/epicker";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [black, white] = normalise(new Uint8Array([0, 255]));
 * assertAlmostEquals(black, -1.732, 1e-3);
 * assertAlmostEquals(white, 1.732, 1e-3);
 * ```
 */
export function normalise(pixels: Uint8Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) values[i] = NORMALISED[pixels[i]];
  return values;
}
