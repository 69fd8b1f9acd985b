import * as tf from "@tensorflow/tfjs";
import {
  detectionLoss,
  drawTargets,
  gradientsOf,
  layoutOf,
  type NetworkConfig,
  type NetworkOutput,
  stackTargets,
} from "../../lib/centernet/mod.ts";
import { normalise } from "../../lib/preprocess/mod.ts";
import type { TrainingImage } from "../../lib/training/mod.ts";

// Images of which every crop is the same, so that a step can be worked out without its draws.

/** Edge of a still image and of its crops in network pixels. */
export const SIZE = 64;

/** A recipe whose crops of still images do not vary. */
export const STILL_RECIPE = {
  config: { width: 0.125, headWidth: 8, size: true },
  shardSize: 3,
  shards: 2,
  cropSize: SIZE,
  augmentation: { scale: 1, contrast: 0, brightness: 0 },
};

/**
 * Rings around the middle of a black image, and four objects, the same under all symmetries of the
 * square.
 *
 * @param wave Network pixels from one ring to the next, times 2 π.
 */
export function stillImage(dataset: string, wave: number, diameter: number): TrainingImage {
  const middle = (SIZE - 1) / 2;
  const pixels = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [dx, dy] = [i % SIZE - middle, Math.floor(i / SIZE) - middle];
    const r = Math.sqrt(dx * dx + dy * dy);
    return r < middle - 1 ? Math.round(127 * (1 + Math.cos(r / wave))) : 0;
  });
  const ends = [middle - 9.2, middle + 9.2];
  return {
    dataset,
    name: dataset,
    image: { pixels, width: SIZE, height: SIZE, paddedWidth: SIZE, paddedHeight: SIZE, scale: 1 },
    objects: ends.flatMap((x) => ends.map((y) => ({ x, y, diameter }))),
  };
}

/** Images as the network sees them, [n, SIZE, SIZE, 1]. */
export function stackImages(images: readonly TrainingImage[]): tf.Tensor4D {
  const pixels = images.flatMap(({ image }) => [...normalise(image.pixels)]);
  return tf.tensor4d(pixels, [images.length, SIZE, SIZE, 1]);
}

/** A term of a loss. */
export type Term = (output: NetworkOutput<tf.Tensor4D>) => tf.Scalar;

/** A gradient, and the means and variances of the images that gave it. */
export interface PlainShard {
  gradient: Float32Array;
  statistics: Float32Array;
}

/**
 * The gradient of the detection loss on whole still images that are normalised together, and of what
 * is added to it.
 */
export async function plainShard(
  config: NetworkConfig,
  parameters: Float32Array,
  images: readonly TrainingImage[],
  term: Term = () => tf.scalar(0),
): Promise<PlainShard> {
  const seen = stackImages(images);
  const targets = stackTargets(
    images.map(({ objects, ignored, sparse = false }) => ({
      ...drawTargets(objects, SIZE, SIZE, ignored),
      sparse,
    })),
  );
  const { gradient, statistics } = gradientsOf(
    parameters,
    layoutOf(config),
    config,
    seen,
    (output) => ({
      total: tf.add(detectionLoss(output, targets).total, term(output)),
      parts: {},
    }),
  );
  const shard = {
    gradient: await gradient.data() as Float32Array,
    statistics: await statistics.data() as Float32Array,
  };
  tf.dispose([seen, { ...targets }, gradient, statistics]);
  return shard;
}

/** The norm of a vector; the largest of its magnitudes. */
export const normOf = (vector: Float32Array) =>
  Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0));
export const largestOf = (vector: Float32Array) =>
  vector.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
