import * as tf from "@tensorflow/tfjs";
import { peaksIn } from "./peaks_in.ts";
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
  const read = await Promise.all(maps.map(async (map) => {
    return { values: await map.data<"float32">(), channels: map.shape[3] };
  }));
  return peaksIn(read, height, width, least);
}
