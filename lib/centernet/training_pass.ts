import * as tf from "@tensorflow/tfjs";
import { batchNormTrain, rectify, upsample2x } from "../backend/mod.ts";
import type { NetworkConfig } from "./config.ts";
import type { Layout, Slot } from "./layout.ts";
import { centerNet, type Interpreter, type NetworkOutput } from "./network.ts";

/** ε under the root of every normalisation. */
export const NORM_EPSILON = 1e-5;

/** The arrays of a flat vector as tensors of their shapes; the caller disposes them. */
export function unflatten(vector: Float32Array, slots: Slot[]): tf.Tensor[] {
  return slots.map(({ offset, length, shape }) =>
    tf.tensor(vector.subarray(offset, offset + length), shape)
  );
}

/** A loss and its gradient, as flat vectors; the caller disposes them. */
export interface Gradients {
  /** ∂loss/∂parameters, in the layout's order. */
  gradient: tf.Tensor1D;
  /** The batch's means and variances, in the layout's order. */
  statistics: tf.Tensor1D;
  /** The parts that `lossOf` reported, by name. */
  parts: Record<string, tf.Scalar>;
}

/** A loss: its total and the parts worth reporting. */
export interface Loss {
  /** What is minimised. */
  total: tf.Scalar;
  /** Named scalars for progress and logs. */
  parts: Record<string, tf.Scalar>;
}

/**
 * Runs the network with batch statistics and differentiates a loss of its output.
 *
 * @param vector The trained vector.
 * @param images [n, h, w, 1], normalised.
 * @param lossOf The loss of the network's output and of the parameters.
 * @param frozen Means and variances to normalise by instead of the batch's.
 */
export function gradientsOf(
  vector: Float32Array,
  { parameters: slots, statistics: gatheredSlots }: Layout,
  config: NetworkConfig,
  images: tf.Tensor4D,
  lossOf: (output: NetworkOutput<tf.Tensor4D>) => Loss,
  frozen?: Float32Array,
): Gradients {
  const statistics: tf.Tensor1D[] = [];
  let parts: Record<string, tf.Scalar> = {};
  const leaves = unflatten(vector, slots);
  const gradient = tf.tidy(() => {
    const fixed = frozen && byName(gatheredSlots, unflatten(frozen, gatheredSlots));
    const run = (...tensors: tf.Tensor[]) => {
      const net = trainingInterpreter(byName(slots, tensors), statistics, fixed);
      const loss = lossOf(centerNet(net, images, config));
      parts = loss.parts;
      [...statistics, ...Object.values(parts)].forEach((tensor) => tf.keep(tensor));
      return loss.total;
    };
    const gradients = tf.grads(run)(leaves);
    return tf.concat1d(gradients.map((g) => g.flatten() as tf.Tensor1D));
  });
  const gathered = tf.concat1d(statistics);
  tf.dispose([leaves, statistics]);
  return { gradient, statistics: gathered, parts };
}

/** Tensors by the names of their slots. */
export function byName(slots: Slot[], tensors: tf.Tensor[]): Map<string, tf.Tensor> {
  return new Map(slots.map(({ name }, i) => [name, tensors[i]]));
}

function trainingInterpreter(
  values: Map<string, tf.Tensor>,
  statistics: tf.Tensor1D[],
  frozen?: Map<string, tf.Tensor>,
): Interpreter<tf.Tensor4D> {
  const parameter = <T extends tf.Tensor>(name: string) => values.get(name) as T;
  return {
    convNorm(name, x, _channels, { kernel = 3, stride = 1, relu = true } = {}) {
      const filter = parameter<tf.Tensor4D>(`${name}.weight`);
      const linear = tf.conv2d(x, filter, stride, kernel >> 1);
      const [scale, shift] = ["scale", "shift"].map((part) =>
        parameter<tf.Tensor1D>(`${name}.${part}`)
      );
      if (frozen !== undefined) {
        const [mean, variance] = ["mean", "variance"]
          .map((part) => frozen.get(`${name}.${part}`) as tf.Tensor1D);
        statistics.push(mean, variance);
        const gain = tf.mul(scale, tf.rsqrt(tf.add(variance, NORM_EPSILON)));
        const y: tf.Tensor4D = tf.add(tf.mul(linear, gain), tf.sub(shift, tf.mul(mean, gain)));
        return relu ? rectify(y) : y;
      }
      const { y, mean, variance } = batchNormTrain(
        linear,
        scale,
        shift,
        { epsilon: NORM_EPSILON, relu },
      );
      statistics.push(mean, variance);
      return y;
    },
    convBias(name, x, _channels, { kernel = 3, stride = 1, relu = true } = {}) {
      const filter = parameter<tf.Tensor4D>(`${name}.weight`);
      const bias = parameter(`${name}.bias`);
      const linear = tf.fused.conv2d({ x, filter, bias, strides: stride, pad: kernel >> 1 });
      return relu ? rectify(linear) : linear;
    },
    ...SHARED,
  };
}

/** The operations that training and inference share. */
export const SHARED = {
  add: (a: tf.Tensor4D, b: tf.Tensor4D) => tf.add(a, b) as tf.Tensor4D,
  relu: rectify,
  concat: (maps: tf.Tensor4D[]) => tf.concat(maps, 3),
  maxPool: (x: tf.Tensor4D) => tf.maxPool(x, 2, 2, "valid"),
  upsample: upsample2x,
  channels: (x: tf.Tensor4D) => x.shape[3],
};
