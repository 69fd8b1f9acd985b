import type { Gaussian } from "./phantom.ts";

/** A square image in the making. */
export interface Canvas {
  /** Columns and rows. */
  size: number;
  /** Å per pixel. */
  pixelSizeA: number;
  /** `size²` values, row-major. */
  pixels: Float32Array;
}

/** A Gaussian is cut off at this many standard deviations, where it is 3e-4 of its peak. */
const REACH_SIGMAS = 4;

/**
 * Adds the projections of Gaussians along z to an image, in mass per Å².
 *
 * The projection of a round Gaussian is a round Gaussian of the same width and mass:
 * mass / (2 π σ²) · exp(−r² / (2 σ²)). Sampled at pixel centres it sums to its mass to a part in a
 * thousand where σ is at least 0.65 pixels.
 *
 * @param centre Where the particle's centre comes to lie, in pixels; what falls off the image is lost.
 */
export function addProjection(
  { size, pixelSizeA, pixels }: Canvas,
  gaussians: readonly Gaussian[],
  centre: { x: number; y: number },
): void {
  for (const { x, y, sigmaA, mass } of gaussians) {
    const sigma = sigmaA / pixelSizeA;
    const columns = profile(centre.x + x / pixelSizeA, sigma, size);
    const rows = profile(centre.y + y / pixelSizeA, sigma, size);
    const peak = mass / (2 * Math.PI * sigmaA * sigmaA);
    rows.values.forEach((row, i) => {
      const at = (rows.start + i) * size + columns.start;
      const weight = peak * row;
      for (let j = 0; j < columns.values.length; j++) pixels[at + j] += weight * columns.values[j];
    });
  }
}

/** exp(−(i − centre)² / (2 σ²)) at the whole i near the centre that lie on the image. */
function profile(centre: number, sigma: number, size: number) {
  const start = Math.max(0, Math.ceil(centre - REACH_SIGMAS * sigma));
  const end = Math.min(size - 1, Math.floor(centre + REACH_SIGMAS * sigma));
  const values = new Float64Array(Math.max(0, end - start + 1));
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp(-((start + i - centre) ** 2) / (2 * sigma * sigma));
  }
  return { start, values };
}
