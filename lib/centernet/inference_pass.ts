import * as tf from "@tensorflow/tfjs";
import type { Layout, Slot, Weights } from "./layout.ts";
import type { Interpreter } from "./network.ts";
import { NORM_EPSILON, SHARED } from "./training_pass.ts";

/** Filters and biases of every convolution, normalisation folded in; the caller disposes them. */
export type FoldedWeights = Map<string, { filter: tf.Tensor4D; bias: tf.Tensor1D }>;

/**
 * Folds every normalisation into its convolution: w' = w γ/√(σ² + ε), b' = β − μ γ/√(σ² + ε).
 */
export function foldWeights(layout: Layout, weights: Weights): FoldedWeights {
  const arrays = new Map<string, Float32Array>();
  const take = (slots: Slot[], vector: Float32Array) => {
    for (const { name, offset, length } of slots) {
      arrays.set(name, vector.subarray(offset, offset + length));
    }
  };
  take(layout.parameters, weights.parameters);
  take(layout.statistics, weights.statistics);
  const folded: FoldedWeights = new Map();
  for (const { name, shape } of layout.parameters) {
    if (!name.endsWith(".weight")) continue;
    const conv = name.slice(0, -".weight".length);
    folded.set(conv, foldOne(arrays, conv, shape as [number, number, number, number]));
  }
  return folded;
}

function foldOne(
  arrays: Map<string, Float32Array>,
  name: string,
  shape: [number, number, number, number],
) {
  const filter = arrays.get(`${name}.weight`)!;
  const bias = arrays.get(`${name}.bias`);
  if (bias !== undefined) return { filter: tf.tensor4d(filter, shape), bias: tf.tensor1d(bias) };
  const array = (part: string) => arrays.get(`${name}.${part}`)!;
  const [scale, shift, mean] = [array("scale"), array("shift"), array("mean")];
  const factor = array("variance").map((v, c) => scale[c] / Math.sqrt(v + NORM_EPSILON));
  const channels = shape[3];
  return {
    filter: tf.tensor4d(filter.map((w, i) => w * factor[i % channels]), shape),
    bias: tf.tensor1d(factor.map((f, c) => shift[c] - mean[c] * f)),
  };
}

/** The network on folded weights: every convolution with its bias and ReLU is one kernel. */
export function inferenceInterpreter(weights: FoldedWeights): Interpreter<tf.Tensor4D> {
  const conv: Interpreter<tf.Tensor4D>["convBias"] = (
    name,
    x,
    _channels,
    { kernel = 3, stride = 1, relu = true } = {},
  ) => {
    const { filter, bias } = weights.get(name)!;
    const activation = relu ? "relu" : "linear";
    return tf.fused.conv2d({ x, filter, bias, strides: stride, pad: kernel >> 1, activation });
  };
  return { convNorm: conv, convBias: conv, ...SHARED };
}
