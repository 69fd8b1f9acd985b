import * as tf from "@tensorflow/tfjs";
import type { Loss, NetworkOutput } from "../centernet/mod.ts";

/** The part of the output that belongs to crops `start` … `start + count − 1` of a batch. */
export function cropsOf(map: tf.Tensor4D, start: number, count: number): tf.Tensor4D {
  const [, height, width, channels] = map.shape;
  return tf.slice(map, [start, 0, 0, 0], [count, height, width, channels]);
}

/** The last crops of a batch, as those are that are replayed. */
export function lastCrops(map: tf.Tensor4D, count: number): tf.Tensor4D {
  return cropsOf(map, map.shape[0] - count, count);
}

/** Mean squared difference of two feature maps. */
export function featureDistance(student: tf.Tensor4D, teacher: tf.Tensor4D): tf.Scalar {
  return tf.mean(tf.squaredDifference(student, teacher)) as tf.Scalar;
}

/**
 * Squared difference of two heat maps, summed, per particle that the second one sees.
 *
 * @param logits The student's heat map before the sigmoid.
 * @param probability The heat map to be kept, 0…1; its sum over peaks of σ ≈ 1 cell counts particles.
 */
export function heatDistance(logits: tf.Tensor4D, probability: tf.Tensor4D): tf.Scalar {
  const sum = tf.sum(tf.squaredDifference(tf.sigmoid(logits), probability));
  const strength = tf.maximum(tf.sum(tf.square(probability)), 1);
  return tf.div(sum, strength) as tf.Scalar;
}

/** L1 of the offsets where the teacher sees particles. */
export function offsetDistance(
  student: NetworkOutput<tf.Tensor4D>,
  teacher: NetworkOutput<tf.Tensor4D>,
): tf.Scalar {
  const weight = tf.sigmoid(teacher.heat);
  const sum = tf.sum(tf.mul(tf.abs(tf.sub(student.offset, teacher.offset)), weight));
  return tf.div(sum, tf.maximum(tf.sum(weight), 1)) as tf.Scalar;
}

/** A loss with one more term, reported under its name without its weight. */
export function addTerm(
  { total, parts }: Loss,
  name: string,
  term: tf.Scalar,
  weight: number,
): Loss {
  return {
    total: tf.add(total, tf.mul(term, weight)) as tf.Scalar,
    parts: { ...parts, [name]: term },
  };
}
