import * as tf from "@tensorflow/tfjs";
import type { NetworkOutput } from "./network.ts";
import { sparseMaps } from "./sparse_labels.ts";
import type { Targets } from "./targets.ts";
import type { Loss } from "./training_pass.ts";

/** Weight of the size loss; heat map and offset weigh 1. */
export const SIZE_WEIGHT = 0.1;

/** The target maps of a batch, [n, h, w, c]. */
export interface TargetTensors {
  /** Gaussians, c = 1. */
  heat: tf.Tensor4D;
  /** Centre cells, c = 1. */
  centre: tf.Tensor4D;
  /** Sub-cell offsets, c = 2. */
  offset: tf.Tensor4D;
  /** Logarithms of the diameters, c = 1. */
  size: tf.Tensor4D;
  /** 1 where nothing is known, c = 1; absent where all is known. */
  ignored?: tf.Tensor4D;
  /** 1 for an image in which only some objects are labelled, [n, 1, 1, 1]; absent without any. */
  sparse?: tf.Tensor4D;
  /**
   * Least number of centres that the sums of the loss are divided by, so that crops with hardly any
   * object do not outweigh the others. @default {1}
   */
  leastCentres?: number;
}

/** Stacks the targets of several images of one shape; the caller disposes the tensors. */
export function stackTargets(targets: Targets[]): TargetTensors {
  const { height, width } = targets[0];
  const stack = (part: "heat" | "centre" | "offset" | "size" | "ignored", channels: number) => {
    const values = new Float32Array(targets.length * height * width * channels);
    targets.forEach((target, i) => values.set(target[part] ?? [], i * height * width * channels));
    return tf.tensor4d(values, [targets.length, height, width, channels]);
  };
  return {
    heat: stack("heat", 1),
    centre: stack("centre", 1),
    offset: stack("offset", 2),
    size: stack("size", 1),
    ignored: targets.some(({ ignored }) => ignored) ? stack("ignored", 1) : undefined,
    sparse: targets.some(({ sparse }) => sparse)
      ? tf.tensor4d(targets.map(({ sparse }) => +(sparse ?? 0)), [targets.length, 1, 1, 1])
      : undefined,
  };
}

/**
 * The detection loss: focal loss of the heat map, L1 of offset and size at the centres.
 *
 * What an image does not tell lowers the penalty on its background: regions in which nothing is
 * known, and objects that nobody labelled ({@linkcode sparseMaps}).
 * All sums are dense and masked, so that gradients are deterministic on every backend.
 * Formulas: Zhou et al., Objects as Points, 2019, equations 1 to 4 (α = 2, β = 4), normalised by
 * the number of centres in the batch, or `leastCentres` where there are fewer.
 */
export function detectionLoss(
  output: NetworkOutput<tf.Tensor4D>,
  target: TargetTensors,
): Loss {
  const count = tf.maximum(tf.sum(target.centre), target.leastCentres ?? 1);
  const { sum, promoted } = focalSum(output.heat, target);
  const heat = tf.div(sum, count) as tf.Scalar;
  const offset = tf.div(
    tf.sum(tf.mul(tf.abs(tf.sub(output.offset, target.offset)), target.centre)),
    tf.mul(count, 2),
  ) as tf.Scalar;
  const total = tf.add(heat, offset) as tf.Scalar;
  const parts = { heat, offset, ...(promoted && { promoted }) };
  if (output.size === undefined) return { total, parts };
  const size = tf.div(
    tf.sum(tf.mul(tf.abs(tf.sub(output.size, target.size)), target.centre)),
    count,
  ) as tf.Scalar;
  return {
    total: tf.add(total, tf.mul(size, SIZE_WEIGHT)) as tf.Scalar,
    parts: { ...parts, size },
  };
}

/** Sum over all cells of the penalty-reduced focal loss of logits, and how many peaks it promotes. */
function focalSum(
  logits: tf.Tensor4D,
  { heat, centre, ignored, sparse }: TargetTensors,
): { sum: tf.Tensor; promoted?: tf.Scalar } {
  const p = tf.clipByValue(tf.sigmoid(logits), 1e-4, 1 - 1e-4);
  const q = tf.sub(1, p);
  let penalty = tf.mul(tf.sub(1, centre), tf.square(tf.square(tf.sub(1, heat))));
  if (ignored !== undefined) penalty = tf.mul(penalty, tf.sub(1, ignored));
  const rule = sparse && sparseMaps(p, { heat, sparse, ignored });
  if (rule !== undefined) penalty = tf.mul(penalty, rule.factor);
  const certain = rule ? tf.add(centre, rule.promoted) : centre;
  const positive = tf.mul(certain, tf.mul(tf.square(q), tf.log(p)));
  const negative = tf.mul(penalty, tf.mul(tf.square(p), tf.log(q)));
  const sum = tf.neg(tf.sum(tf.add(positive, negative)));
  return { sum, promoted: rule && tf.sum(rule.promoted) as tf.Scalar };
}
