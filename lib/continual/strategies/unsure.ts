import * as tf from "@tensorflow/tfjs";
import type { TargetTensors } from "../../centernet/mod.ts";
import { type Batch, DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/** Edge in cells of what is ignored around a peak: a particle of the view `particle`, 40 pixels. */
const REACH = 9;

/**
 * Replay that believes labels to be incomplete: where the old model is sure of a particle and there
 * is no label, be it on exemplars or on new crops, nothing is learned.
 *
 * @param options.sure Least probability of a peak of the old model.
 */
export function create({ sure = 0.5 } = {}): Strategy {
  return {
    ...DETECTION,
    title: "unsure labels",
    start: "old",
    data: "exemplars",
    teacherOn: "all",
    prepare: (batch) => ({ ...batch, targets: withUnsure(batch, sure) }),
  };
}

function withUnsure({ targets, teacher }: Batch, sure: number): TargetTensors {
  if (teacher === undefined) return targets;
  const probability = teacher.heat.sigmoid() as tf.Tensor4D;
  const isPeak = tf.equal(probability, tf.maxPool(probability, 3, 1, "same"));
  const isBare = tf.equal(targets.heat, 0);
  const found = tf.logicalAnd(tf.logicalAnd(isPeak, isBare), tf.greater(probability, sure));
  const around = tf.maxPool(found.cast("float32") as tf.Tensor4D, REACH, 1, "same");
  return { ...targets, ignored: tf.maximum(around, targets.ignored ?? 0) as tf.Tensor4D };
}
