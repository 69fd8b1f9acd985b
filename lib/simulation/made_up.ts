import { type Circle, distance, type Point, type Random } from "../core/mod.ts";
import { colouredNoise } from "./coloured_noise.ts";
import { filterPair } from "./fourier.ts";

/** A small image of particles that do not exist, and where they are. */
export interface MadeUpCrop {
  /** Row-major `size × size` values, particles dark, without any unit. */
  pixels: Float32Array;
  /** Centres in pixels; none in a crop that is empty. */
  centres: Point[];
  /** Diameter of the particles in pixels. */
  diameter: number;
}

/** Blobs of one size; coordinates and sigma in particle diameters, around the centre. */
interface Blobs {
  points: [x: number, y: number, z: number][];
  sigma: number;
}

/**
 * How far particles stand out of the noise: their depth over the noise that is left in the mean of as
 * many pixels as they have, which is what a matched filter sees of a disc. At 6 the eye sees nothing.
 */
const CLEARNESS = { least: 6, most: 40 };

/** Diameters in Å, by which the CTF's rings are wide or narrow. */
const SIZES_A = { least: 80, most: 500 };

/** Of single-particle micrographs: 0.7 to 5 µm at 300 kV; up to 7 to 18 Å are seen. */
export const OPTICS = { defocus: [0.014, 0.1], limit: [5.5, 14] } as const;

/** Most lumps of ice, in depths of a particle. */
const MOST_LUMPS = 0.4;

/**
 * Makes up a piece of a micrograph: particles of blobs, in a ball or on its shell, with or without an
 * axis of symmetry, each crop of one kind in random orientations; dirt of other sizes; a random CTF;
 * coloured noise, from hardly any to so much that particles are barely there. A quarter of the crops
 * has dirt and noise alone.
 *
 * Nothing in it is measured: it shows a network what particles of any kind have in common.
 *
 * @param size Columns and rows, a power of two.
 * @param typical Typical diameter in pixels; each crop's is drawn around it.
 */
export function madeUpCrop(size: number, typical: number, stream: Random): MadeUpCrop {
  const diameter = typical * Math.exp(stream.between(-0.3, 0.3));
  const kind = blobs(stream);
  const [particles, dirt] = [new Float32Array(size * size), new Float32Array(size * size)];
  const centres = places(size, diameter, stream);
  for (const { x, y } of centres) {
    const strength = stream.between(0.8, 1.2);
    paint({ pixels: particles, size, x, y, diameter, strength }, kind, stream);
  }
  const pieces = [0, 0, 0, 3, 8][stream.integer(5)];
  for (let i = 0; i < pieces; i++) {
    const [x, y] = [stream.between(0, size), stream.between(0, size)];
    const wide = diameter * [0.25, 0.35, 2.2, 3][stream.integer(4)];
    const strength = stream.between(0.5, 2);
    paint({ pixels: dirt, size, x, y, diameter: wide, strength }, blobs(stream), stream);
  }
  const diameterA = SIZES_A.least * (SIZES_A.most / SIZES_A.least) ** stream.uniform();
  if (stream.uniform() < 0.9) {
    transfer(particles, size, 100 * diameter / diameterA, stream, { other: dirt, ...OPTICS });
  }
  const area = centres.length * Math.PI * diameter ** 2 / 4;
  const depth = area === 0 ? 1 : depthOver(area, particles);
  const noise = background(size, diameter, stream);
  const pixels = particles.map((value, i) => value + dirt[i] + depth * noise[i]);
  return { pixels, centres, diameter };
}

/** Root mean square of particles over the area that they fill. */
function depthOver(area: number, particles: Float32Array): number {
  return Math.sqrt(particles.reduce((sum, value) => sum + value * value, 0) / area);
}

/** Noise and lumps of ice, in depths of the particles; coloured noise counts by what a particle sees. */
function background(size: number, diameter: number, stream: Random): Float32Array {
  const { least, most } = CLEARNESS;
  const clearness = least * (most / least) ** stream.uniform();
  const slope = stream.between(0, 0.5);
  const seen = Math.sqrt(Math.PI / 4) * diameter / (diameter / 2) ** slope;
  const noise = colouredNoise(size, slope, stream);
  const lumps = colouredNoise(size, 1.2, stream);
  const share = stream.between(0, MOST_LUMPS);
  return noise.map((value, i) => seen / clearness * value + share * lumps[i]);
}

/** Centres that keep their distance, of a random density; none in a quarter of the crops. */
function places(size: number, diameter: number, stream: Random): Point[] {
  const crowd = 5 + stream.integer(21);
  const most = [0, 1 + stream.integer(8), crowd, crowd][stream.integer(4)];
  const centres: Point[] = [];
  for (let tries = 0; tries < 300 && centres.length < most; tries++) {
    const centre = { x: stream.between(-10, size + 10), y: stream.between(-10, size + 10) };
    const least = stream.between(0.75, 1.1) * diameter;
    if (centres.every((other) => distance(other, centre) > least)) centres.push(centre);
  }
  return centres;
}

/** Blobs in a stretched ball or on its shell, repeated around an axis in half of the cases. */
export function blobs(stream: Random): Blobs {
  const count = [1, 2, 3, 6, 12, 24, 72][stream.integer(7)];
  const axes = [0, 0, 0].map(() => Math.exp(stream.between(-0.5, 0.5)));
  const longest = Math.max(...axes);
  const finest = 0.26 / Math.sqrt(count); // so that they nearly touch
  const sigma = count > 2 ? finest * (0.2 / finest) ** stream.uniform() : stream.between(0.18, 0.3);
  const isFull = stream.uniform() < 0.6;
  const points = Array.from({ length: count }, (): Blobs["points"][number] => {
    const radius = (isFull ? Math.cbrt(stream.uniform()) : 0.9) * (0.5 - sigma) / longest;
    const [x, y, z] = direction(stream);
    return [radius * axes[0] * x, radius * axes[1] * y, radius * axes[2] * z];
  });
  if (stream.uniform() >= 0.5) return { points, sigma };
  const fold = [2, 3, 4, 6, 7][stream.integer(5)];
  const all = points.flatMap(([x, y, z]) =>
    Array.from({ length: fold }, (_, i): Blobs["points"][number] => {
      const [c, s] = [Math.cos(2 * Math.PI * i / fold), Math.sin(2 * Math.PI * i / fold)];
      return [c * x - s * y, s * x + c * y, z];
    })
  );
  return { points: all.slice(0, 72), sigma };
}

function direction(stream: Random): [number, number, number] {
  const [x, y, z] = [stream.normal(), stream.normal(), stream.normal()];
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}

/** Where and how strongly blobs are painted. */
interface Brush extends Circle {
  pixels: Float32Array;
  size: number;
  strength: number;
}

/** Subtracts a projection in a random orientation. */
export function paint(brush: Brush, { points, sigma }: Blobs, stream: Random): void {
  const { pixels, size, x, y, diameter, strength } = brush;
  const w = direction(stream); // two axes of a random frame: one direction, and one across it
  const other = direction(stream);
  const along = w[0] * other[0] + w[1] * other[1] + w[2] * other[2];
  const across = other.map((value, i) => value - along * w[i]);
  const length = Math.hypot(...across) || 1;
  const s = sigma * diameter;
  const height = strength / points.length / sigma;
  for (const point of points) {
    const u = x + diameter * (w[0] * point[0] + w[1] * point[1] + w[2] * point[2]);
    const v = y +
      diameter * (across[0] * point[0] + across[1] * point[1] + across[2] * point[2]) / length;
    const range = (centre: number) => {
      const reach = 3.5 * s;
      return [
        Math.max(0, Math.ceil(centre - reach)),
        Math.min(size - 1, Math.floor(centre + reach)),
      ];
    };
    const [[left, right], [top, bottom]] = [range(u), range(v)];
    const row = new Float64Array(Math.max(0, right - left + 1));
    for (let i = 0; i < row.length; i++) row[i] = Math.exp(-((left + i - u) ** 2) / (2 * s * s));
    for (let j = top; j <= bottom; j++) {
      const value = height * Math.exp(-((j - v) ** 2) / (2 * s * s));
      for (let i = 0, at = j * size + left; i < row.length; i++, at++) pixels[at] -= value * row[i];
    }
  }
}

/** Optics of an image, drawn from ranges. */
export interface Optics {
  /** Wavelength times defocus, in (100 Å)²; 0.04 is 2 µm at 300 kV. @default {[0.02, 0.4]} */
  defocus?: readonly [number, number];
  /** Cycles per 100 Å at which the envelope has fallen to 1/e. @default {[6, 15]} */
  limit?: readonly [number, number];
  /** Another image, which is changed as well. */
  other?: Float32Array;
}

/** Something like a CTF with an envelope, in place. @param unit Pixels of 100 Å. */
export function transfer(
  pixels: Float32Array,
  size: number,
  unit: number,
  stream: Random,
  { defocus: range = [0.02, 0.4], limit: limits = [6, 15], other }: Optics = {},
): void {
  const [defocus, phase] = [stream.between(...range), stream.integer(2) ? 0.1 : 0.2];
  const limit = stream.between(...limits);
  filterPair(pixels, other ?? new Float32Array(pixels.length), size, (u, v) => {
    const k = Math.hypot(u, v) * unit;
    return Math.sin(Math.PI * defocus * k * k + phase) * Math.exp(-((k / limit) ** 2));
  });
}

/** White and lumpy noise of a random mixture; the white part has a standard deviation of 1. */
export function grain(size: number, stream: Random): Float64Array {
  const noise = colouredNoise(size, stream.between(0, 0.5), stream);
  const lumps = colouredNoise(size, 1.2, stream);
  const share = stream.between(0, 0.6);
  return Float64Array.from(noise, (value, i) => value + share * lumps[i]);
}
