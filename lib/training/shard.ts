import * as tf from "@tensorflow/tfjs";
import {
  detectionLoss,
  drawTargets,
  gradientsOf,
  type Layout,
  layoutOf,
  type NetworkConfig,
  stackTargets,
} from "../centernet/mod.ts";
import { type Random, random } from "../core/mod.ts";
import { type Augmentation, randomCrop } from "./augment.ts";
import type { TrainingImage } from "./images.ts";

/** What every worker must know to compute any shard of any step. */
export interface ShardTask {
  /** The network. */
  config: NetworkConfig;
  /** Images to cut crops from. */
  images: TrainingImage[];
  /** Seed of all draws. */
  seed: number;
  /** Crops in a shard. */
  shardSize: number;
  /** Edge of a crop in network pixels, a multiple of 32. */
  cropSize: number;
  /** How much crops vary. */
  augmentation: Augmentation;
}

/** What a shard gives back. */
export interface ShardResult {
  /** ∂loss/∂parameters. */
  gradient: Float32Array;
  /** Means and variances of the shard. */
  statistics: Float32Array;
  /** The parts of the loss. */
  losses: Record<string, number>;
}

/**
 * Computes the gradient of one shard: a few crops that are normalised together.
 *
 * A batch is a fixed number of shards whatever the number of workers, and the draws depend on
 * seed, step and shard alone, so that the number of workers does not change the result.
 */
export async function shardGradient(
  task: ShardTask,
  parameters: Float32Array,
  step: number,
  shard: number,
  layout: Layout = layoutOf(task.config),
): Promise<ShardResult> {
  const { pixels, targets } = drawShard(task, step, shard);
  const { shardSize, cropSize } = task;
  const images = tf.tensor4d(pixels, [shardSize, cropSize, cropSize, 1]);
  const stacked = stackTargets(targets);
  const { gradient, statistics, parts } = gradientsOf(
    parameters,
    layout,
    task.config,
    images,
    (output) => detectionLoss(output, stacked),
  );
  const scalars = tf.stack(Object.values(parts));
  const values = await scalars.data();
  const result = {
    gradient: await gradient.data() as Float32Array,
    statistics: await statistics.data() as Float32Array,
    losses: Object.fromEntries(Object.keys(parts).map((name, i) => [name, values[i]])),
  };
  tf.dispose([images, { ...stacked }, gradient, statistics, parts, scalars]);
  return result;
}

/** The crops and targets of one shard. */
function drawShard(
  { images, seed, shardSize, cropSize, augmentation }: ShardTask,
  step: number,
  shard: number,
) {
  const stream = random(seed, step, shard);
  const pixels = new Float32Array(shardSize * cropSize * cropSize);
  const targets = Array.from({ length: shardSize }, (_, i) => {
    const crop = randomCrop(drawImage(images, stream), cropSize, stream, augmentation);
    pixels.set(crop.pixels, i * cropSize * cropSize);
    return drawTargets(crop.objects, cropSize, cropSize);
  });
  return { pixels, targets };
}

/** Draws a dataset, likelier the more labels it has (cube root), then any image of it. */
function drawImage(images: TrainingImage[], stream: Random): TrainingImage {
  const datasets = Map.groupBy(images, ({ dataset }) => dataset);
  const weights = [...datasets.values()].map((group) =>
    Math.cbrt(group.reduce((sum, { objects }) => sum + objects.length, 0))
  );
  let at = stream.between(0, weights.reduce((sum, weight) => sum + weight, 0));
  for (const [i, group] of [...datasets.values()].entries()) {
    at -= weights[i];
    if (at < 0) return group[stream.integer(group.length)];
  }
  return images[images.length - 1];
}
