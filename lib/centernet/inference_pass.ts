import * as tf from "@tensorflow/tfjs";
import { foldNorms } from "./fold.ts";
import type { Layout, Weights } from "./layout.ts";
import type { Interpreter } from "./network.ts";
import { SHARED } from "./training_pass.ts";

/** Filters and biases of every convolution, normalisation folded in; the caller disposes them. */
export type FoldedWeights = Map<string, { filter: tf.Tensor4D; bias: tf.Tensor1D }>;

/** Folds the normalisations ({@linkcode foldNorms}) and brings the result to the backend. */
export function foldWeights(layout: Layout, weights: Weights): FoldedWeights {
  const tensors: FoldedWeights = new Map();
  for (const [name, { shape, filter, bias }] of foldNorms(layout, weights)) {
    tensors.set(name, { filter: tf.tensor4d(filter, shape), bias: tf.tensor1d(bias) });
  }
  return tensors;
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
