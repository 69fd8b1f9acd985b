import type { Circle, Random } from "../core/mod.ts";
import { grain, transfer } from "./made_up.ts";
import { madeUpDirt, paintBall } from "./made_up_dirt.ts";
import { placeDiscs } from "./place.ts";
import { membranesIn, paintMembrane } from "./vesicles.ts";

/** A small image of vesicles that do not exist, and where they are. */
export interface MadeUpVesicles {
  /** Row-major `size × size` values, membranes dark, without any unit. */
  pixels: Float32Array;
  /** Outer membranes in pixels, which may be cut by the border; none in an image without vesicles. */
  vesicles: Circle[];
}

/** Widest scale in Å per pixel: membranes are hardly two pixels thick then. */
const COARSEST_A = 22;

/** Least diameter of a vesicle in Å. */
const LEAST_A = 150;

/**
 * Makes up a piece of a micrograph of vesicles: of one size or up to 1 : 4, few or crowded, single
 * membranes, double ones, vesicles within others, full or empty; balls of ice, clumps and the film that
 * are none; a random CTF and coloured noise. A third of the images has no vesicle.
 *
 * @param size Columns and rows, a power of two.
 * @param typical Typical diameter in pixels; those of an image are drawn around it.
 */
export function madeUpVesicles(size: number, typical: number, stream: Random): MadeUpVesicles {
  const middle = typical * Math.exp(stream.between(-0.3, 0.3));
  const range = [1.1, 1.4, 2, 2][stream.integer(4)]; // sizes lie from middle / range to middle · range
  const finest = Math.max(4, LEAST_A * range / middle);
  const pixelSizeA = finest * (COARSEST_A / finest) ** stream.uniform();
  const vesicles = layVesicles(size, middle, range, stream);
  const canvas = { size, pixelSizeA, pixels: new Float32Array(size * size) };
  const share = [0, 0, 0.15, 0.8][stream.integer(4)]; // of the vesicles with more than one membrane
  const isFull = stream.uniform() < 0.3;
  const filling = stream.between(-0.5, 1);
  for (const vesicle of vesicles) {
    const unit = -stream.between(0.8, 1.2);
    const inner = stream.uniform() < share ? membranesIn(vesicle, pixelSizeA, stream) : [];
    for (const membrane of [vesicle, ...inner]) paintMembrane(canvas, membrane, unit);
    if (isFull) paintBall(canvas.pixels, size, vesicle, 100 * filling);
  }
  const dirt = madeUpDirt(size, 0.6 * middle, stream);
  if (stream.uniform() < 0.8) {
    const isSeen = stream.uniform() < 0.5;
    transfer(canvas.pixels, size, 100 / pixelSizeA, stream, { other: isSeen ? dirt : undefined });
  }
  const gain = 1 / (depthIn(vesicles, canvas) || 1);
  const strength = 0.25 * Math.exp(stream.between(0, 2.2));
  const noise = grain(size, stream);
  const pixels = canvas.pixels.map((value, i) => gain * value + dirt[i] + strength * noise[i]);
  return { pixels, vesicles };
}

/** Circles that keep apart, or overlap as the projections of a crowd do. */
function layVesicles(size: number, middle: number, range: number, stream: Random): Circle[] {
  const count = [0, 0, 1 + stream.integer(4), 4 + stream.integer(9), 10 + stream.integer(16)][
    stream.integer(5)
  ];
  const diameters = Array.from({ length: count }, () => middle * range ** stream.between(-1, 1));
  const reach = middle / 3;
  const spacing = [1, 0.95, 0.7][stream.integer(3)];
  const places = { range: [-reach, size - 1 + reach] as const, spacing };
  return placeDiscs(diameters, places, stream).flatMap((disc) => disc ?? []);
}

/** Root mean square of an image over the area of its vesicles; 0 where there are none. */
function depthIn(
  vesicles: Circle[],
  { pixels, size }: { pixels: Float32Array; size: number },
): number {
  const isOn = (value: number) => value >= 0 && value < size;
  const area = vesicles.filter(({ x, y }) => isOn(x) && isOn(y))
    .reduce((sum, { diameter }) => sum + Math.PI * diameter ** 2 / 4, 0);
  if (area === 0) return 0;
  return Math.sqrt(pixels.reduce((sum, value) => sum + value * value, 0) / area);
}
