import { type Maps, values } from "../centernet/_plain_loss.ts";
import { random } from "../../lib/core/mod.ts";

// The terms of the strategies in float64, value by value, for outputs of two crops.

/** All maps of a network's output, [n, h, w, c] row-major. */
export interface AllMaps extends Maps {
  deep: Float64Array;
  fine: Float64Array;
}

/** Shapes of one crop's maps. */
export const SHAPES = {
  heat: [4, 6, 1],
  offset: [4, 6, 2],
  size: [4, 6, 1],
  deep: [1, 2, 3],
  fine: [4, 6, 2],
} as const;

/** The names of the maps. */
export const MAPS = Object.keys(SHAPES) as (keyof AllMaps)[];

/** Values of a map of one crop. */
function lengthOf(map: keyof AllMaps): number {
  const [height, width, channels] = SHAPES[map];
  return height * width * channels;
}

/** Normal values, logits around `bias`. */
export function drawMaps(seed: number, crops: number, bias = -1): AllMaps {
  const stream = random(seed, 7);
  const draw = (map: keyof AllMaps) =>
    values(crops * lengthOf(map), () => (map === "heat" ? bias : 0) + stream.normal());
  return Object.fromEntries(MAPS.map((map) => [map, draw(map)])) as unknown as AllMaps;
}

/** The maps of some of the crops. */
export function part(maps: AllMaps, from: number): AllMaps {
  const cut = (map: keyof AllMaps) => [map, maps[map].slice(from * lengthOf(map))];
  return Object.fromEntries(MAPS.map(cut)) as unknown as AllMaps;
}

const sum = (length: number, term: (i: number) => number) => {
  let total = 0;
  for (let i = 0; i < length; i++) total += term(i);
  return total;
};

export const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** Mean squared difference. */
function meanSquare(a: Float64Array, b: Float64Array): number {
  return sum(a.length, (i) => (a[i] - b[i]) ** 2) / a.length;
}

/** Mean squared differences of the deepest and of the finest feature maps. */
export function featureTerm(student: AllMaps, teacher: AllMaps): number {
  return meanSquare(student.deep, teacher.deep) + meanSquare(student.fine, teacher.fine);
}

/** Σ (p − q)² / max(1, Σ q²) with p from the student's logits. */
export function heatTerm({ heat }: AllMaps, q: Float64Array): number {
  const square = sum(heat.length, (i) => (sigmoid(heat[i]) - q[i]) ** 2);
  return square / Math.max(1, sum(q.length, (i) => q[i] ** 2));
}

/** Σ w (|Δx| + |Δy|) / max(1, Σ w), where w is the teacher's probability of a cell. */
export function offsetTerm({ offset }: AllMaps, teacher: AllMaps): number {
  const q = teacher.heat.map(sigmoid);
  const distance = (i: number) => Math.abs(offset[i] - teacher.offset[i]);
  const weighted = sum(q.length, (i) => q[i] * (distance(2 * i) + distance(2 * i + 1)));
  return weighted / Math.max(1, sum(q.length, (i) => q[i]));
}
