import * as tf from "@tensorflow/tfjs";
import { listedPeaks } from "./webgpu/mod.ts";

/**
 * Reads the peaks of a map, and what other maps say there, from the backend.
 *
 * A peak is a cell that reaches `least` and that no cell of its 3 × 3 neighbourhood exceeds; equal
 * neighbours are peaks both. On WebGPU the peaks are found on the device and a short list is read;
 * elsewhere the maps lie in main memory anyway. The result is the same, bit by bit.
 *
 * @param score `[1, h, w, 1]`.
 * @param others Further maps, `[1, h, w, c]`.
 * @returns Row-major `[h, w, channels of all maps]`, 0 at all other cells.
 */
export async function readPeaks(
  score: tf.Tensor4D,
  others: tf.Tensor4D[],
  least: number,
): Promise<Float32Array> {
  const maps = [score, ...others];
  const from = Math.fround(least);
  const listed = tf.getBackend() === "webgpu" ? await listedPeaks(maps, from) : undefined;
  return listed ?? await foundPeaks(maps, from);
}

async function foundPeaks(maps: tf.Tensor4D[], least: number): Promise<Float32Array> {
  const [, height, width] = maps[0].shape;
  const read = await Promise.all(maps.map((map) => map.data<"float32">()));
  const widths = maps.map(({ shape }) => shape[3]);
  const channels = widths.reduce((sum, width) => sum + width, 0);
  const values = new Float32Array(height * width * channels);
  for (let cell = 0; cell < height * width; cell++) {
    if (read[0][cell] < least || !isPeak(read[0], cell, height, width)) continue;
    let to = cell * channels;
    widths.forEach((width, i) => {
      values.set(read[i].subarray(cell * width, (cell + 1) * width), to);
      to += width;
    });
  }
  return values;
}

function isPeak(score: Float32Array, cell: number, height: number, width: number): boolean {
  const [y, x] = [Math.floor(cell / width), cell % width];
  for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
      if (score[row * width + column] > score[cell]) return false;
    }
  }
  return true;
}
