import * as tf from "@tensorflow/tfjs";
import { batchNormTrain } from "../../backend/mod.ts";
import { type Convolution, outputSize } from "../convolutions.ts";
import { noise } from "../noise.ts";
import { type Check, checkOf, onDevice, relativeDifference, valuesOf } from "./check.ts";

/** Greatest difference as a part of the greatest magnitude. */
const BOUND = 2e-5;

const EPSILON = 1e-5;

/** Sizes of a map: images, rows, columns, channels. */
export type MapShape = [number, number, number, number];

/**
 * The maps that the convolutions of a network give, each once: those with channels in fours, which
 * our kernels want, and with more than one place, without which nothing varies.
 */
export function mapsOf(convolutions: readonly Convolution[]): MapShape[] {
  const shapes = convolutions.map((sizes): MapShape => {
    const { height, width } = outputSize(sizes);
    return [sizes.batch, height, width, sizes.outChannels];
  });
  const fitting = shapes.filter(([n, h, w, channels]) => channels % 4 === 0 && n * h * w > 1);
  return [...new Map(fitting.map((shape) => [shape.join(), shape])).values()];
}

/** Compares batch normalisation with ReLU, and its gradients, with the formula in float64. */
export async function checkNorm(shape: MapShape): Promise<Check[]> {
  const channels = shape[3];
  const size = shape.reduce((product, length) => product * length);
  const x = noise(size).map((value, i) => 0.7 + (1 + i % channels) * value);
  const dy = noise(size + 77).subarray(77).map((value) => value);
  const gamma = Float32Array.from({ length: channels }, (_, c) => 0.5 + c / channels);
  const beta = Float32Array.from({ length: channels }, (_, c) => 0.2 - c / channels);
  const found = await onDevice(() => computed(shape, { x, dy, gamma, beta }));
  const expected = plainNorm({ x, dy, gamma, beta }, found[0]);
  const names = ["", ", mean", ", variance", ", gradient", ", gradient of γ", ", gradient of β"];
  return names.map((name, i) =>
    checkOf({
      kind: `batch normalisation${name}`,
      what: shape.join(" × "),
      against: "the formula in float64",
      off: relativeDifference(found[i], expected[i]),
      bound: BOUND,
    })
  );
}

type Arrays = Record<"x" | "dy" | "gamma" | "beta", Float32Array>;

/** y, mean, variance, and the gradients of x, γ and β. */
async function computed(shape: MapShape, arrays: Arrays): Promise<Float32Array[]> {
  return await valuesOf(tf.tidy(() => {
    const [x, dy] = [tf.tensor4d(arrays.x, shape), tf.tensor4d(arrays.dy, shape)];
    const [gamma, beta] = [tf.tensor1d(arrays.gamma), tf.tensor1d(arrays.beta)];
    const options = { epsilon: EPSILON, relu: true };
    const { y, mean, variance } = batchNormTrain(x, gamma, beta, options);
    const run = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor) =>
      batchNormTrain(a as tf.Tensor4D, b as tf.Tensor1D, c as tf.Tensor1D, options).y;
    return [y, mean, variance, ...tf.grads(run)([x, gamma, beta], dy)];
  }));
}

/** The same by the formula; where ReLU cuts is read off the backend's own y, since rounding may decide. */
function plainNorm({ x, dy, gamma, beta }: Arrays, cut: Float32Array): ArrayLike<number>[] {
  const channels = gamma.length;
  const rows = x.length / channels;
  const zeros = () => new Float64Array(channels);
  const [mean, variance, dGamma, dBeta] = [zeros(), zeros(), zeros(), zeros()];
  x.forEach((value, i) => mean[i % channels] += value / rows);
  x.forEach((value, i) => variance[i % channels] += (value - mean[i % channels]) ** 2 / rows);
  const inverse = variance.map((value) => 1 / Math.sqrt(value + EPSILON));
  const centred = (i: number) => (x[i] - mean[i % channels]) * inverse[i % channels];
  const through = (i: number) => cut[i] > 0 ? dy[i] : 0;
  const y = x.map((_, i) => Math.max(0, gamma[i % channels] * centred(i) + beta[i % channels]));
  x.forEach((_, i) => {
    dBeta[i % channels] += through(i);
    dGamma[i % channels] += through(i) * centred(i);
  });
  const dx = x.map((_, i) => {
    const c = i % channels;
    const inner = through(i) - dBeta[c] / rows - centred(i) * dGamma[c] / rows;
    return gamma[c] * inverse[c] * inner;
  });
  return [y, mean, variance, dx, dGamma, dBeta];
}
