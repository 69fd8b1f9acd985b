import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { detectionLoss, type TargetTensors } from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";

export const [N, ROWS, COLUMNS] = [2, 4, 6];
export const CELLS = N * ROWS * COLUMNS;

/** Output maps of a network, row-major [n, h, w, c]. */
export interface Maps {
  heat: Float64Array;
  offset: Float64Array;
  size: Float64Array;
}

export interface Truth extends Maps {
  centre: Float64Array;
  ignored?: Float64Array;
  /** 1 for each image with sparse labels. */
  sparse?: number[];
}

export function values(length: number, draw: () => number): Float64Array {
  return Float64Array.from({ length }, () => Math.fround(draw()));
}

export function randomMaps(seed: number): Maps {
  const stream = random(seed);
  return {
    heat: values(CELLS, () => 2.5 * stream.normal() - 1),
    offset: values(2 * CELLS, () => stream.normal()),
    size: values(CELLS, () => stream.normal()),
  };
}

export function randomTruth(seed: number, share = 0.2): Truth {
  const stream = random(seed, 1);
  const centre = values(CELLS, () => +(stream.uniform() < share));
  return {
    centre,
    heat: centre.map((one) => one || Math.fround(stream.uniform())),
    offset: values(2 * CELLS, () => stream.between(-0.5, 0.5)),
    size: values(CELLS, () => stream.normal()),
  };
}

/** The focal loss of one cell, and what the sparse rule of the reference makes of it. */
function plainCell(p: number, i: number, found: Maps, truth: Truth): number {
  const hit = -((1 - p) ** 2) * Math.log(p);
  const miss = -((1 - truth.heat[i]) ** 4) * p ** 2 * Math.log(1 - p);
  if (truth.centre[i] === 1) return hit;
  if (truth.ignored?.[i] === 1) return 0;
  const isOpen = truth.sparse?.[Math.floor(i / (ROWS * COLUMNS))] === 1 && truth.heat[i] === 0;
  if (!isOpen) return miss;
  if (p > 0.7 && isPeak(found.heat, i)) return hit;
  return (p > 0.5 ? 0.03 : 0.1) * miss;
}

/** Whether no cell of the 3 × 3 around one in its image is higher. */
export function isPeak(heat: Float64Array, i: number): boolean {
  const [row, column] = [Math.floor(i / COLUMNS) % ROWS, i % COLUMNS];
  for (let r = Math.max(0, row - 1); r <= Math.min(ROWS - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(COLUMNS - 1, column + 1); c++) {
      if (heat[i + (r - row) * COLUMNS + c - column] > heat[i]) return false;
    }
  }
  return true;
}

/** The loss from its equations, cell by cell in float64. */
export function plainLoss(found: Maps, truth: Truth, withSize: boolean) {
  let [focal, offset, size, count] = [0, 0, 0, 0];
  for (let i = 0; i < CELLS; i++) {
    const p = Math.min(1 - 1e-4, Math.max(1e-4, 1 / (1 + Math.exp(-found.heat[i]))));
    focal += plainCell(p, i, found, truth);
    if (truth.centre[i] === 1) {
      count++;
      offset += Math.abs(found.offset[2 * i] - truth.offset[2 * i]);
      offset += Math.abs(found.offset[2 * i + 1] - truth.offset[2 * i + 1]);
      size += Math.abs(found.size[i] - truth.size[i]);
    }
  }
  const centres = Math.max(1, count);
  const parts = { heat: focal / centres, offset: offset / (2 * centres), size: size / centres };
  return { ...parts, total: parts.heat + parts.offset + (withSize ? 0.1 * parts.size : 0) };
}

export function map(data: Float64Array, channels: number): tf.Tensor4D {
  return tf.tensor4d(Float32Array.from(data), [N, ROWS, COLUMNS, channels]);
}

export function truthTensors(truth: Truth): TargetTensors {
  return {
    heat: map(truth.heat, 1),
    centre: map(truth.centre, 1),
    offset: map(truth.offset, 2),
    size: map(truth.size, 1),
    ...(truth.ignored && { ignored: map(truth.ignored, 1) }),
    ...(truth.sparse && { sparse: tf.tensor4d(truth.sparse, [N, 1, 1, 1]) }),
  };
}

export function outputOf(heat: tf.Tensor, offset: tf.Tensor, size?: tf.Tensor) {
  const unused = tf.zeros([1, 1, 1, 1]) as tf.Tensor4D;
  return {
    heat: heat as tf.Tensor4D,
    offset: offset as tf.Tensor4D,
    ...(size ? { size: size as tf.Tensor4D } : {}),
    deep: unused,
    fine: unused,
  };
}

export async function lossOf(found: Maps, truth: Truth, withSize: boolean) {
  const scalars = tf.tidy(() => {
    const maps = [map(found.heat, 1), map(found.offset, 2), map(found.size, 1)] as const;
    const output = withSize ? outputOf(...maps) : outputOf(maps[0], maps[1]);
    const { total, parts } = detectionLoss(output, truthTensors(truth));
    return { total, ...parts };
  });
  const result: Record<string, number> = {};
  for (const [name, scalar] of Object.entries(scalars)) {
    assertEquals(scalar.shape, []);
    result[name] = (await scalar.data())[0];
    scalar.dispose();
  }
  return result;
}
