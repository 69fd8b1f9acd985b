import * as tf from "@tensorflow/tfjs";
import type { Circle } from "../../lib/core/mod.ts";
import {
  layoutOf,
  lengthOf,
  type NetworkConfig,
  type Slot,
  type Targets,
  type Weights,
} from "../../lib/centernet/mod.ts";

/** L2 norm of an array and its projection on a fixed direction. */
export type Summary = [norm: number, projection: number];

/** One network of `tests/fixtures/centernet/make_golden.py`, filled by formula. */
export interface GoldenCase {
  config: NetworkConfig;
  shape: [n: number, height: number, width: number];
  counts: { parameters: number; statistics: number };
  filterShapes: number[][];
  inference: {
    heat: number[];
    offset: number[];
    size?: number[];
    deep: Summary;
    fine: Summary;
  };
  training: {
    heat: number[];
    offset: Summary;
    size: Summary;
    deep: Summary;
    fine: Summary;
    loss: number;
    parts: Record<string, number>;
    statistics: Summary[];
    gradients: Summary[];
  };
}

/** What PyTorch gave. */
export const GOLDEN: Record<"tiny" | "light" | "full", GoldenCase> & {
  counts: { config: NetworkConfig; parameters: number }[];
} = JSON.parse(
  await Deno.readTextFile(new URL("../fixtures/centernet/network.json", import.meta.url)),
);

/** Numbers in [0, 1) with 24 bits: the finalizer of MurmurHash3 of (array, index). */
export function uniform(array: number, length: number): Float64Array {
  const offset = Math.imul(array, 0x85ebca77);
  return Float64Array.from({ length }, (_, i) => {
    let h = (Math.imul(i, 0x9e3779b1) + offset) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 8) / 2 ** 24;
  });
}

/** The range of the formula's values, by what an array is. */
const RANGES: Record<string, [low: number, high: number]> = {
  scale: [0.75, 1.25],
  shift: [-0.2, 0.2],
  bias: [-0.1, 0.1],
  mean: [-0.1, 0.1],
  variance: [0.5, 1.5],
};

/** The weights that the formula gives for a network. */
export function goldenWeights(config: NetworkConfig): Weights {
  const { parameters, statistics } = layoutOf(config);
  return { parameters: filled(parameters, 0), statistics: filled(statistics, 1000) };
}

function filled(slots: Slot[], seed: number): Float32Array {
  const vector = new Float32Array(lengthOf(slots));
  slots.forEach(({ name, shape, length, offset }, i) => {
    const u = uniform(i + seed, length);
    if (shape.length === 4) {
      const reach = 2 * Math.sqrt(3 / (shape[0] * shape[1] * shape[2]));
      vector.set(u.map((value) => (value - 0.5) * reach), offset);
    } else {
      const [low, high] = RANGES[name.slice(name.lastIndexOf(".") + 1)];
      vector.set(u.map((value) => low + (high - low) * value), offset);
    }
  });
  return vector;
}

/** The formula's images, [n, h, w, 1] row-major. */
export function goldenImages([n, height, width]: GoldenCase["shape"]): Float32Array {
  return Float32Array.from(uniform(5000, n * height * width), (u) => 3.4 * (u - 0.5));
}

/** The same images as a tensor. */
export function goldenTensor(shape: GoldenCase["shape"]): tf.Tensor4D {
  return tf.tensor4d(goldenImages(shape), [...shape, 1]);
}

/** The formula's four objects of every image. */
export function goldenObjects([n, height, width]: GoldenCase["shape"]): Circle[][] {
  const u = uniform(6000, n * 12);
  return Array.from({ length: n }, (_, image) =>
    Array.from({ length: 4 }, (_, i) => {
      const [x, y, diameter] = u.subarray((image * 4 + i) * 3);
      return { x: x * width, y: y * height, diameter: 12 + 24 * diameter };
    }));
}

/**
 * The target maps straight from their definition, cell by cell: the largest of the Gaussians around
 * the objects, each cut off beyond 3 σ (rounded up to whole cells) along an axis, and 1 at centres.
 */
export function plainTargets(
  objects: Circle[],
  [, imageHeight, imageWidth]: GoldenCase["shape"],
  sigmaRatio = 1 / 8,
): Targets {
  const [height, width] = [imageHeight / 4, imageWidth / 4];
  const zeros = (channels: number) => new Float32Array(height * width * channels);
  const maps = { heat: zeros(1), centre: zeros(1), offset: zeros(2), size: zeros(1) };
  for (let cell = 0; cell < height * width; cell++) {
    const [row, column] = [Math.floor(cell / width), cell % width];
    for (const { x, y, diameter } of objects) {
      const [u, v] = [(x + 0.5) / 4 - 0.5, (y + 0.5) / 4 - 0.5];
      const [dx, dy] = [column - Math.round(u), row - Math.round(v)];
      const sigma = sigmaRatio * diameter / 4;
      const inside = Math.max(Math.abs(dx), Math.abs(dy)) <= Math.ceil(3 * sigma);
      const exponent = -((column - u) ** 2 + (row - v) ** 2) / (2 * sigma * sigma);
      const value = dx === 0 && dy === 0 ? 1 : inside ? Math.exp(exponent) : 0;
      maps.heat[cell] = Math.max(maps.heat[cell], value);
      if (dx !== 0 || dy !== 0) continue;
      maps.centre[cell] = 1;
      maps.offset.set([u - column, v - row], 2 * cell);
      maps.size[cell] = Math.log(diameter / 32);
    }
  }
  return { height, width, ...maps };
}

/** L2 norm and projection of an array, as the fixture has them. */
export function summaryOf(values: ArrayLike<number>): Summary {
  const direction = uniform(7000, values.length);
  let [square, projection] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    square += values[i] ** 2;
    projection += values[i] * (direction[i] - 0.5);
  }
  return [Math.sqrt(square), projection];
}
