import * as tf from "@tensorflow/tfjs";
import {
  drawTargets,
  FrozenNetwork,
  gradientsOf,
  type Layout,
  layoutOf,
  type Model,
  type NetworkConfig,
  type NetworkOutput,
  OUTPUT_STRIDE,
  stackTargets,
  type Weights,
} from "../centernet/mod.ts";
import { type Circle, type Mode, type Random, random } from "../core/mod.ts";
import { flatten, NETWORK_SIZES, normalise } from "../preprocess/mod.ts";
import { madeUpCrop, madeUpFibers, madeUpVesicles } from "../simulation/mod.ts";
import { fiberPoints } from "../tracing/mod.ts";
import { type Augmentation, cellsOf, type Crop, randomCrop } from "./augment.ts";
import { degrade } from "./degrade.ts";
import { cornerOf, madeSide } from "./made_side.ts";
import type { TrainingImage } from "./images.ts";
import { type Batch, DETECTION, type Objective } from "./objective.ts";
import { pasteParticle } from "./paste.ts";

/** What every worker must know to compute any shard of any step. */
export interface ShardTask {
  /** The network. */
  config: NetworkConfig;
  /** Images to cut crops from. */
  images: TrainingImage[];
  /** Images with nothing to pick. */
  emptyImages?: TrainingImage[];
  /** What is picked; particles by default. */
  mode?: Mode;
  /** Part of the crops that are made up. */
  madeUp?: number;
  /** Power of a dataset's labels that says how often it is drawn. @default {1/3} */
  balance?: number;
  /** Objects of a crop below which its loss is not divided by their number. */
  leastCentres?: number;
  /** Part of the crops that are cut from empty images. */
  empty?: number;
  /** Images of old data from which half of every shard is cut; none by default. */
  replay?: TrainingImage[];
  /** What is minimised; detection by default. */
  objective?: Objective;
  /** The teacher that the objective asks for. */
  teacher?: Pick<Model, "config" | "weights">;
  /** Means and variances to normalise by, where they are not the shard's. */
  statistics?: Float32Array;
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
  gradient: Float32Array<ArrayBuffer>;
  /** Means and variances of the shard. */
  statistics: Float32Array<ArrayBuffer>;
  /** The parts of the loss. */
  losses: Record<string, number>;
}

/**
 * Computes gradients of shards: a few crops each that are normalised together.
 *
 * A batch is a fixed number of shards whatever the number of workers, and the draws depend on
 * seed, step and shard alone, so that the number of workers does not change the result.
 */
export class ShardComputer implements Disposable {
  #task: ShardTask;
  #layout: Layout;
  #objective: Objective;
  #teacher: FrozenNetwork | undefined;
  #prepared: { step: number; shard: number; drawn: DrawnShard } | undefined;

  /** Loads the task's teacher; dispose the computer when done. */
  constructor(task: ShardTask) {
    const { config, objective = DETECTION, teacher } = task;
    this.#task = task;
    this.#layout = layoutOf(config);
    this.#objective = objective;
    this.#teacher = objective.teacherOn && teacher && new FrozenNetwork(teacher);
  }

  /** Draws the crops of a shard before its gradient is asked for; it will be the same. */
  prepare(step: number, shard: number): void {
    this.#prepared = { step, shard, drawn: drawShard(this.#task, step, shard) };
  }

  /** The crops of a shard, drawn now unless it was the last to be prepared. */
  #drawn(step: number, shard: number): DrawnShard {
    const prepared = this.#prepared;
    if (prepared?.step === step && prepared.shard === shard) return prepared.drawn;
    return drawShard(this.#task, step, shard);
  }

  /**
   * The gradient of one shard of a step.
   *
   * @param average The running average of the weights, where the objective looks at it.
   */
  async gradient(
    parameters: Float32Array,
    step: number,
    shard: number,
    average?: Weights,
  ): Promise<ShardResult> {
    const { config, shardSize, cropSize } = this.#task;
    const { crops, replayed } = this.#drawn(step, shard);
    const pixels = new Float32Array(shardSize * cropSize * cropSize);
    crops.forEach((crop, i) => pixels.set(crop.pixels, i * cropSize * cropSize));
    const images = tf.tensor4d(pixels, [shardSize, cropSize, cropSize, 1]);
    const maps = stackTargets(
      crops.map(({ objects, ignored, image: { sparse = false } }) => ({
        ...drawTargets(objects, cropSize, cropSize, ignored),
        sparse,
      })),
    );
    const leastCentres = Math.max(1, shardSize * (this.#task.leastCentres ?? 0));
    const batch: Batch = { targets: { ...maps, leastCentres }, count: shardSize, replayed };
    const { teacherOn, averageOn } = this.#objective;
    const teacher = batch.teacher = outputOf(this.#teacher, teacherOn, images, batch);
    using second = averageOn && average && new FrozenNetwork({ config, weights: average });
    const averaged = batch.averaged = outputOf(second, averageOn, images, batch);
    const stored = batch.stored = storedMaps(crops.slice(shardSize - replayed), cropSize);
    const { gradient, statistics, parts } = gradientsOf(
      parameters,
      this.#layout,
      config,
      images,
      (output) => {
        const { prepare, lossOf } = this.#objective;
        return lossOf(output, prepare ? prepare(batch) : batch);
      },
      this.#task.statistics,
    );
    const scalars = tf.stack(Object.values(parts));
    const values = await scalars.data();
    const result = {
      gradient: await gradient.data() as Float32Array<ArrayBuffer>,
      statistics: await statistics.data() as Float32Array<ArrayBuffer>,
      losses: Object.fromEntries(Object.keys(parts).map((name, i) => [name, values[i]])),
    };
    tf.dispose([
      images,
      { ...maps },
      { ...teacher },
      { ...averaged },
      gradient,
      statistics,
      parts,
      scalars,
    ]);
    stored?.dispose();
    return result;
  }

  /** Frees the teacher. */
  [Symbol.dispose](): void {
    this.#teacher?.[Symbol.dispose]();
  }
}

/** What a network gives for the crops at which it looks, where there are any. */
function outputOf(
  network: FrozenNetwork | undefined,
  on: Objective["teacherOn"],
  images: tf.Tensor4D,
  { count, replayed }: Batch,
): NetworkOutput<tf.Tensor4D> | undefined {
  if (network === undefined || on === undefined) return undefined;
  const [first, seen] = {
    new: [0, count - replayed],
    replayed: [count - replayed, replayed],
    all: [0, count],
  }[on];
  if (seen === 0) return undefined;
  const [, height, width] = images.shape;
  return tf.tidy(() => {
    const part = tf.slice(images, [first, 0, 0, 0], [seen, height, width, 1]);
    return { ...network.forward(part) };
  });
}

/** The crops of one shard, and how many of them, the last ones, are replayed. */
interface DrawnShard {
  crops: Crop[];
  replayed: number;
}

/** Draws a shard; where there is old data, the second half is cut from it. */
function drawShard(task: ShardTask, step: number, shard: number): DrawnShard {
  const { images, replay = [], seed, shardSize, cropSize, augmentation, balance = 1 / 3 } = task;
  const stream = random(seed, step, shard);
  const own = random(seed, step, shard, 1); // so that new crops are those of other strategies
  const replayed = replay.length === 0 ? 0 : shardSize >> 1;
  const pasted = replay.length === 0 ? 0 : task.objective?.pasted ?? 0;
  const crops = Array.from({ length: shardSize }, (_, i) => {
    if (i >= shardSize - replayed) {
      return randomCrop(drawImage(replay, balance, stream), cropSize, stream, augmentation);
    }
    const crop = otherCrop(task, stream) ??
      randomCrop(drawImage(images, balance, stream), cropSize, stream, augmentation);
    for (let n = 0; n < pasted; n++) {
      const from = randomCrop(drawImage(replay, balance, own), cropSize, own, augmentation);
      pasteParticle(from, crop, cropSize, own);
    }
    return crop;
  });
  return { crops, replayed };
}

/** The recipe's share of made up and empty crops; undefined for an ordinary one. */
function otherCrop(
  { mode, madeUp = 0, empty = 0, emptyImages = [], cropSize, augmentation }: ShardTask,
  stream: Random,
): Crop | undefined {
  const share = emptyImages.length > 0 ? empty : 0;
  if (madeUp + share === 0) return undefined;
  const kind = stream.uniform();
  if (kind < madeUp) return inventedCrop(mode, cropSize, stream, augmentation);
  if (kind >= madeUp + share) return undefined;
  return randomCrop(
    emptyImages[stream.integer(emptyImages.length)],
    cropSize,
    stream,
    augmentation,
  );
}

/** What there is to pick in a made up image, by what is picked. */
const INVENTED: Record<
  Mode,
  (size: number, stream: Random) => { values: Float32Array; objects: Circle[] }
> = {
  particle(size, stream) {
    const { pixels, centres, diameter } = madeUpCrop(size, NETWORK_SIZES.particle, stream);
    return { values: pixels, objects: centres.map((centre) => ({ ...centre, diameter })) };
  },
  vesicle(size, stream) {
    const { pixels, vesicles } = madeUpVesicles(size, NETWORK_SIZES.vesicle, stream);
    return { values: pixels, objects: vesicles };
  },
  fiber(size, stream) {
    const { pixels, lines, width } = madeUpFibers(size, NETWORK_SIZES.fiber, stream);
    const points = fiberPoints({ lines, pixels: [], width });
    return { values: pixels, objects: points.map((point) => ({ ...point, diameter: width })) };
  },
};

/** A made up crop as if it had been cut out of a micrograph. */
function inventedCrop(
  mode: Mode = "particle",
  size: number,
  stream: Random,
  augmentation: Augmentation,
): Crop {
  const side = madeSide(size);
  const { values, objects } = INVENTED[mode](side, stream);
  const grey = flatten({ values: cornerOf(values, side, size), width: size, height: size });
  const pixels = normalise(grey);
  degrade(pixels, size, stream, augmentation);
  const sides = { width: size, height: size, paddedWidth: size, paddedHeight: size, scale: 1 };
  const image = { dataset: "made up", name: "", image: { ...sides, pixels: grey }, objects };
  return { pixels, objects, ignored: [], image, map: [1, 0, 0, 0, 1, 0] };
}

/** Heat maps stored with the images of these crops, seen through the crops; none where one lacks. */
function storedMaps(crops: Crop[], cropSize: number): tf.Tensor4D | undefined {
  const maps = crops.map((crop) => cellsOf(crop, cropSize));
  if (maps.length === 0 || maps.some((map) => map === undefined)) return undefined;
  const cells = cropSize / OUTPUT_STRIDE;
  const values = new Float32Array(maps.length * cells * cells);
  maps.forEach((map, i) => values.set(map!, i * cells * cells));
  return tf.tensor4d(values, [maps.length, cells, cells, 1]);
}

/** Draws a dataset by its labels to the power of `balance`, then any image of it. */
function drawImage(images: TrainingImage[], balance: number, stream: Random): TrainingImage {
  const datasets = Map.groupBy(images, ({ dataset }) => dataset);
  const weights = [...datasets.values()].map((group) =>
    group.reduce((sum, { objects }) => sum + objects.length, 0) ** balance
  );
  let at = stream.between(0, weights.reduce((sum, weight) => sum + weight, 0));
  for (const [i, group] of [...datasets.values()].entries()) {
    at -= weights[i];
    if (at < 0) return group[stream.integer(group.length)];
  }
  return images[images.length - 1];
}
