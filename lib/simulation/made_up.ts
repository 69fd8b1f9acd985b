import { type Circle, distance, mean, type Point, type Random } from "../core/mod.ts";
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
 * Makes up a piece of a micrograph: particles of blobs, in a ball or on its shell, with or without an
 * axis of symmetry, each crop of one kind in random orientations; dirt of other sizes; a random CTF;
 * coloured noise. About a third of the crops have dirt and noise alone.
 *
 * Nothing in it is measured: it shows a network what particles of any kind have in common.
 *
 * @param size Columns and rows, a power of two.
 * @param typical Typical diameter in pixels; each crop's is drawn around it.
 */
export function madeUpCrop(size: number, typical: number, stream: Random): MadeUpCrop {
  const diameter = typical * Math.exp(stream.between(-0.3, 0.3));
  const kind = blobs(stream);
  const pixels = new Float32Array(size * size);
  const centres = places(size, diameter, stream);
  for (const { x, y } of centres) {
    paint({ pixels, size, x, y, diameter, strength: stream.between(0.8, 1.2) }, kind, stream);
  }
  const dirt = [0, 0, 0, 3, 8][stream.integer(5)];
  for (let i = 0; i < dirt; i++) {
    const [x, y] = [stream.between(0, size), stream.between(0, size)];
    const wide = diameter * [0.25, 0.35, 2.2, 3][stream.integer(4)];
    paint(
      { pixels, size, x, y, diameter: wide, strength: stream.between(0.5, 2) },
      blobs(stream),
      stream,
    );
  }
  if (stream.uniform() < 0.8) transfer(pixels, size, diameter, stream);
  addNoise(pixels, size, centres.length > 0 ? 1 : 0.3, stream);
  return { pixels, centres, diameter };
}

/** Centres that keep their distance, of a random density; none in more than a third of the crops. */
function places(size: number, diameter: number, stream: Random): Point[] {
  const most = [0, 0, 1 + stream.integer(8), 5 + stream.integer(21)][stream.integer(4)];
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
  const count = [1, 2, 3, 6, 12, 24][stream.integer(6)];
  const axes = [0, 0, 0].map(() => Math.exp(stream.between(-0.5, 0.5)));
  const longest = Math.max(...axes);
  const sigma = count > 2 ? stream.between(0.08, 0.2) : stream.between(0.18, 0.3);
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

/** Something like a CTF with an envelope, in cycles per diameter; of another image as well. */
export function transfer(
  pixels: Float32Array,
  size: number,
  diameter: number,
  stream: Random,
  other: Float32Array = new Float32Array(pixels.length),
): void {
  const [defocus, phase] = [stream.between(0.02, 0.4), stream.integer(2) ? 0.1 : 0.2];
  const limit = stream.between(6, 15);
  filterPair(pixels, other, size, (u, v) => {
    const k = Math.hypot(u, v) * diameter;
    return Math.sin(Math.PI * defocus * k * k + phase) * Math.exp(-((k / limit) ** 2));
  });
}

/** Noise stronger or weaker than what is there. */
function addNoise(pixels: Float32Array, size: number, part: number, stream: Random): void {
  const noise = grain(size, stream);
  const strength = Math.exp(-stream.between(-1.6, 0.8) / 2);
  const signal = unit(pixels);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = part * signal[i] + strength * noise[i];
  }
}

/** White and lumpy noise of a random mixture; the white part has a standard deviation of 1. */
export function grain(size: number, stream: Random): Float64Array {
  const noise = colouredNoise(size, stream.between(0, 0.5), stream);
  const lumps = colouredNoise(size, 1.2, stream);
  const share = stream.between(0, 0.6);
  return Float64Array.from(noise, (value, i) => value + share * lumps[i]);
}

/** The values over their standard deviation. */
function unit(values: Float32Array): Float32Array {
  const middle = mean(values);
  const power = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
  return power > 0 ? values.map((value) => value / Math.sqrt(power)) : values;
}
