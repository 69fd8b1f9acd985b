import type { Point } from "../core/mod.ts";
import { type Canvas, spanOn } from "./canvas.ts";
import { NO_ROTATION, type Rotation } from "./orientation.ts";
import type { Gaussian } from "./phantom.ts";

/** A Gaussian is cut off at this many standard deviations, where it is 3e-4 of its peak. */
const REACH_SIGMAS = 4;

/** The least standard deviation in pixels whose samples sum to its mass; narrower ones get it. */
const LEAST_SIGMA = 0.65;

/** How {@linkcode addProjection} lays Gaussians onto an image. */
export interface Placing {
  /** Where the particle's centre comes to lie, in pixels. */
  centre: Point;
  /** Turns the particle first. @default {NO_ROTATION} */
  rotation?: Rotation;
  /** Factor on all values. @default {1} */
  unit?: number;
}

/**
 * Adds the projections of Gaussians along z to an image, in `unit`s of kDa per Å².
 *
 * The projection of a round Gaussian is a round Gaussian of the same width and mass:
 * mass / (2 π σ²) · exp(−r² / (2 σ²)). Sampled at pixel centres it sums to its mass to a part in a
 * thousand; for that, σ is at least 0.65 pixels. What falls off the image is lost.
 */
export function addProjection(
  { size, pixelSizeA, pixels }: Canvas,
  gaussians: readonly Gaussian[],
  { centre, rotation: [rowX, rowY] = NO_ROTATION, unit = 1 }: Placing,
): void {
  const columns = profileOf(size);
  const rows = profileOf(size);
  for (const { x, y, z, sigmaA, massKda } of gaussians) {
    const sigma = Math.max(LEAST_SIGMA, sigmaA / pixelSizeA);
    const turnedX = rowX[0] * x + rowX[1] * y + rowX[2] * z;
    const turnedY = rowY[0] * x + rowY[1] * y + rowY[2] * z;
    setProfile(columns, centre.x + turnedX / pixelSizeA, sigma, size);
    setProfile(rows, centre.y + turnedY / pixelSizeA, sigma, size);
    const peak = unit * massKda / (2 * Math.PI * (sigma * pixelSizeA) ** 2);
    for (let i = 0; i < rows.count; i++) {
      const at = (rows.from + i) * size + columns.from;
      addScaled(pixels, at, columns, peak * rows.values[i]);
    }
  }
}

/** Adds a scaled profile to consecutive pixels. */
function addScaled(
  pixels: Float32Array,
  start: number,
  { values, count }: Profile,
  weight: number,
): void {
  for (let j = 0, at = start; j < count; j++, at++) pixels[at] += weight * values[j];
}

/** Values of a Gaussian of peak 1 along a line of pixels. */
interface Profile {
  from: number;
  count: number;
  values: Float64Array;
}

function profileOf(size: number): Profile {
  return { from: 0, count: 0, values: new Float64Array(size) };
}

/**
 * Sets exp(−(i − centre)² / (2 σ²)) at the whole i near the centre that lie on the image.
 *
 * The ratio of neighbours falls by the constant factor exp(−1 / σ²) from one to the next.
 */
function setProfile(profile: Profile, centre: number, sigma: number, size: number): void {
  const { from, to } = spanOn(size, centre, REACH_SIGMAS * sigma);
  const width = 1 / (2 * sigma * sigma);
  const off = from - centre;
  let value = Math.exp(-off * off * width);
  let ratio = Math.exp(-(2 * off + 1) * width);
  const change = Math.exp(-2 * width);
  profile.from = from;
  profile.count = Math.max(0, to - from + 1);
  for (let i = 0; i < profile.count; i++) {
    profile.values[i] = value;
    value *= ratio;
    ratio *= change;
  }
}
