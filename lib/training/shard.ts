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
import { random } from "../core/mod.ts";
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
  const losses: Record<string, number> = {};
  for (const [name, part] of Object.entries(parts)) losses[name] = (await part.data())[0];
  const result = {
    gradient: await gradient.data() as Float32Array,
    statistics: await statistics.data() as Float32Array,
    losses,
  };
  tf.dispose([images, { ...stacked }, gradient, statistics, parts]);
  return result;
}

/** The crops and targets of one shard: every dataset is equally likely, then every image of it. */
function drawShard(
  { images, seed, shardSize, cropSize, augmentation }: ShardTask,
  step: number,
  shard: number,
) {
  const stream = random(seed, step, shard);
  const datasets = [...new Set(images.map(({ dataset }) => dataset))];
  const pixels = new Float32Array(shardSize * cropSize * cropSize);
  const targets = Array.from({ length: shardSize }, (_, i) => {
    const dataset = datasets[stream.integer(datasets.length)];
    const choices = images.filter((image) => image.dataset === dataset);
    const image = choices[stream.integer(choices.length)];
    const crop = randomCrop(image, cropSize, stream, augmentation);
    pixels.set(crop.pixels, i * cropSize * cropSize);
    return drawTargets(crop.objects, cropSize, cropSize);
  });
  return { pixels, targets };
}
