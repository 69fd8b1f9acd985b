import * as tf from "@tensorflow/tfjs";
import { offsetOf, wasmKernels } from "./wasm/heap.ts";
import type { WasmBackend } from "./wasm/tfjs.ts";
import { batchNormGradWebgpu, batchNormWebgpu } from "./webgpu/mod.ts";

/** Batch-normalised activations and the batch's statistics. */
export interface BatchNormResult {
  /** γ (x − mean) / √(variance + ε) + β, after ReLU where asked, [n, h, w, c]. */
  y: tf.Tensor4D;
  /** Mean of every channel, [c]. */
  mean: tf.Tensor1D;
  /** Biased variance of every channel, [c]. */
  variance: tf.Tensor1D;
}

/** What the normalisation is told beside its tensors. */
export interface NormAttributes {
  /** ε under the root. */
  epsilon: number;
  /** Whether ReLU follows. */
  relu: boolean;
}

type Tensors = Record<string, tf.Tensor>;

/**
 * Training-mode batch normalisation, with ReLU fused where asked, differentiable in x, γ and β.
 *
 * One kernel instead of the dozen small ones of tfjs; on WASM and WebGPU it is ours. Statistics
 * carry no gradient of their own.
 *
 * Formula: Ioffe and Szegedy, 2015, algorithm 1 and the gradient of section 3.
 *
 * @param x Activations [n, h, w, c].
 * @param gamma Scale [c].
 * @param beta Shift [c].
 * @param options ε under the root and whether ReLU follows.
 */
export function batchNormTrain(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  options: NormAttributes,
): BatchNormResult {
  const outputs: unknown = tf.engine().runKernel("BatchNormTrain", { x, gamma, beta }, {
    ...options,
  });
  const [y, mean, variance] = outputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
  return { y, mean, variance };
}

/** Registers the kernels of {@linkcode batchNormTrain} and of its gradient on a backend. */
export function registerBatchNorm(backendName: string): void {
  const [own, ownGradient] = OWN[backendName] ?? [forward, backward];
  registerKernel("BatchNormTrain", backendName, own, forward);
  registerKernel("BatchNormTrainGrad", backendName, ownGradient, backward);
}

// deno-lint-ignore no-explicit-any -- tfjs's backends have no common interface
type Kernel = (i: Tensors, a: NormAttributes, backend: any) => tf.TensorInfo[];

/** Kernels for channels in fours, and those of their gradients. */
const OWN: Record<string, [Kernel, Kernel]> = {
  wasm: [forwardWasm, backwardWasm],
  webgpu: [batchNormWebgpu, batchNormGradWebgpu],
};

/** Registers a kernel of ours for channels in fours, and operations of tfjs for the others. */
function registerKernel(kernelName: string, backendName: string, own: Kernel, other: Kernel): void {
  if (tf.getKernel(kernelName, backendName)) return;
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const tensors = inputs as Tensors;
      const kernel = tensors.gamma.size % 4 === 0 ? own : other;
      return kernel(tensors, attrs as unknown as NormAttributes, backend);
    },
  });
}

tf.registerGradient({
  kernelName: "BatchNormTrain",
  inputsToSave: ["x", "gamma", "beta"],
  outputsToSave: [true, true, true],
  gradFunc: (dy, saved, attrs) => {
    const [x, gamma, beta, y, mean, variance] = saved;
    const inputs = { x, gamma, beta, y, mean, variance, dy: Array.isArray(dy) ? dy[0] : dy };
    const outputs: unknown = tf.engine().runKernel("BatchNormTrainGrad", inputs, attrs);
    const [dx, dGamma, dBeta] = outputs as tf.Tensor[];
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
});

const PIXELS = [0, 1, 2];

function forward({ x, gamma, beta }: Tensors, { epsilon, relu }: NormAttributes) {
  return tf.tidy(() => {
    const { mean, variance } = tf.moments(x, PIXELS);
    const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon)));
    const linear = tf.add(tf.mul(x, scale), tf.sub(beta, tf.mul(mean, scale)));
    return [relu ? tf.relu(linear) : linear, mean, variance];
  });
}

function backward({ x, gamma, y, mean, variance, dy }: Tensors, attributes: NormAttributes) {
  return tf.tidy(() => {
    const rows = x.size / gamma.size;
    const g = attributes.relu ? tf.mul(dy, tf.step(y)) : dy;
    const centred = tf.sub(x, mean);
    const sumG = tf.sum(g, PIXELS);
    const sumGx = tf.sum(tf.mul(g, centred), PIXELS);
    const inverse = tf.rsqrt(tf.add(variance, attributes.epsilon));
    const slope = tf.div(tf.mul(sumGx, tf.square(inverse)), rows);
    const inner = tf.sub(tf.sub(g, tf.div(sumG, rows)), tf.mul(centred, slope));
    return [tf.mul(inner, tf.mul(gamma, inverse)), tf.mul(sumGx, inverse), sumG];
  });
}

function forwardWasm(
  { x, gamma, beta }: Tensors,
  attributes: NormAttributes,
  backend: WasmBackend,
) {
  const channels = gamma.size;
  const rows = x.size / channels;
  const kernels = wasmKernels();
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  const y = backend.makeOutput(x.shape, "float32");
  const mean = backend.makeOutput([channels], "float32");
  const variance = backend.makeOutput([channels], "float32");
  const scratch = backend.makeOutput([4, channels], "float32");
  const affine = [at(scratch), at(scratch) + channels * 4];
  const parameters = [at(gamma), at(beta), at(mean), at(variance)];
  kernels.moments(at(x), at(mean), at(variance), at(scratch), rows, channels);
  kernels.normCoefficients(...parameters, attributes.epsilon, ...affine, channels);
  kernels.affine(at(x), at(y), ...affine, rows, channels, +attributes.relu);
  backend.disposeData(scratch.dataId);
  return [y, mean, variance];
}

function backwardWasm(
  { x, gamma, beta, mean, variance, dy }: Tensors,
  { epsilon, relu }: NormAttributes,
  backend: WasmBackend,
) {
  const channels = gamma.size;
  const rows = x.size / channels;
  const kernels = wasmKernels();
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  const dx = backend.makeOutput(x.shape, "float32");
  const dGamma = backend.makeOutput([channels], "float32");
  const dBeta = backend.makeOutput([channels], "float32");
  const scratch = backend.makeOutput([4, channels], "float32");
  const [a, b, d, e] = [0, 1, 2, 3].map((row) => at(scratch) + row * channels * 4);
  const [sumG, sumGx] = [at(dBeta), at(dGamma)];
  const statistics = [at(mean), at(variance)];
  const size = [rows, channels];
  kernels.normCoefficients(at(gamma), at(beta), ...statistics, epsilon, a, b, channels);
  kernels.normGradientSums(at(x), at(dy), at(mean), a, b, sumG, sumGx, ...size, +relu);
  kernels.normGradientCoefficients(...statistics, epsilon, sumG, sumGx, a, d, e, ...size);
  kernels.normGradient(at(x), at(dy), at(dx), a, b, d, e, ...size, +relu);
  backend.disposeData(scratch.dataId);
  return [dx, dGamma, dBeta];
}
