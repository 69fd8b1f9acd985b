import type { Random } from "../core/mod.ts";
import { NORMALISED } from "../preprocess/mod.ts";
import { colouredNoise, filterPair } from "../simulation/mod.ts";
import { cornerOf, madeSide } from "./made_side.ts";

/** Part of the crops that get another transfer function, that are blurred, and that get noise. */
const SHARES = { transfer: 0.5, blur: 0.5, noise: 0.7 };

/** Frequency of the first zero of a transfer function, in cycles per network pixel. */
const FIRST_ZERO = { from: 0.1, to: 0.5 };

/** Share of amplitude contrast in a transfer function. */
const AMPLITUDE_CONTRAST = 0.15;

/** Narrowest blur, in network pixels. */
const LEAST_BLUR = 0.4;

/** Steepest fall of the noise's amplitude with the frequency. */
const STEEPEST = 0.8;

/**
 * Changes the transfer function of a crop, blurs it and adds noise, as another microscope and another
 * defocus would have it, in place; the contrast stays.
 *
 * Black pixels, which lie outside the micrograph, stay black.
 *
 * @param pixels Normalised, row-major `size × size`.
 */
export function degrade(
  pixels: Float32Array,
  size: number,
  stream: Random,
  { transfer = 0, blur = 0, noise = 0 }: { transfer?: number; blur?: number; noise?: number },
): void {
  if (transfer === 0 && blur === 0 && noise === 0) return;
  const inside = pixels.map((value) => value > NORMALISED[0] ? 1 : 0);
  for (let i = 0; i < pixels.length; i++) pixels[i] *= inside[i]; // so that the blur brings no black in
  const before = spreadOf(pixels, inside);
  if (transfer > 0 && stream.uniform() < SHARES.transfer) {
    changeTransfer(pixels, size, stream.between(0, transfer), stream);
  }
  if (blur > 0 && stream.uniform() < SHARES.blur) {
    blurInPlace(pixels, size, stream.between(LEAST_BLUR, blur));
  }
  if (noise > 0 && stream.uniform() < SHARES.noise) {
    addNoise(pixels, size, stream.between(0, noise) * spreadOf(pixels, inside), stream);
  }
  const gain = before / (spreadOf(pixels, inside) || 1);
  for (let i = 0; i < pixels.length; i++) {
    const value = gain * pixels[i];
    pixels[i] = inside[i]
      ? Math.max(NORMALISED[0], Math.min(NORMALISED[255], value))
      : NORMALISED[0];
  }
}

/**
 * Weakens rings of frequencies as a contrast transfer function does: factors 1 − s + s · sin(π d k² + φ)
 * for the strength s, with a defocus d that lays the first zero where it is drawn.
 */
function changeTransfer(
  pixels: Float32Array,
  size: number,
  strength: number,
  stream: Random,
): void {
  const side = madeSide(size);
  const image = new Float32Array(side * side);
  for (let y = 0; y < size; y++) image.set(pixels.subarray(y * size, (y + 1) * size), y * side);
  const zero = FIRST_ZERO.from * (FIRST_ZERO.to / FIRST_ZERO.from) ** stream.uniform();
  const phase = (k2: number) =>
    (Math.PI - AMPLITUDE_CONTRAST) * k2 / zero ** 2 + AMPLITUDE_CONTRAST;
  const factor = (u: number, v: number) => 1 - strength + strength * Math.sin(phase(u * u + v * v));
  filterPair(image, new Float32Array(side * side), side, factor);
  pixels.set(cornerOf(image, side, size));
}

function addNoise(pixels: Float32Array, size: number, sigma: number, stream: Random): void {
  const side = madeSide(size);
  const noise = cornerOf(colouredNoise(side, stream.between(0, STEEPEST), stream), side, size);
  for (let i = 0; i < pixels.length; i++) pixels[i] += sigma * noise[i];
}

/** Standard deviation of the marked values, about 0. */
function spreadOf(values: Float32Array, marks?: Float32Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    if (marks && !marks[i]) continue;
    sum += values[i] ** 2;
    count++;
  }
  return Math.sqrt(sum / Math.max(1, count));
}

/** A Gaussian blur along rows and columns; the border's pixels are repeated outside. */
export function blurInPlace(pixels: Float32Array, size: number, sigma: number): void {
  const reach = Math.ceil(3 * sigma);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) => {
    return Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2));
  });
  const sum = taps.reduce((a, b) => a + b);
  const line = new Float32Array(size + 2 * reach);
  for (const [next, step] of [[size, 1], [1, size]]) {
    for (let start = 0, n = 0; n < size; n++, start += next) {
      for (let i = 0; i < line.length; i++) {
        line[i] = pixels[start + step * Math.max(0, Math.min(size - 1, i - reach))];
      }
      for (let i = 0; i < size; i++) {
        let value = 0;
        for (let j = 0; j < taps.length; j++) value += taps[j] * line[i + j];
        pixels[start + step * i] = value / sum;
      }
    }
  }
}
