import type * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as programs from "./batch_norm_programs.ts";
import type { Program } from "./program.ts";

type Tensors = Record<string, tf.TensorInfo>;
type Attributes = { epsilon: number; relu: boolean };

/**
 * Normalises with the batch's statistics: y, mean and variance of x, gamma and beta.
 *
 * Two passes over x, where tfjs's operations take a dozen and a transposition. Deterministic: the
 * sums of all parts are added up in a fixed order. Channels must be a multiple of 4.
 */
export function batchNormWebgpu(
  { x, gamma, beta }: Tensors,
  { epsilon, relu }: Attributes,
  backend: WebGPUBackend,
): tf.TensorInfo[] {
  const { plan, run } = start(x, epsilon, backend);
  const sums = run(programs.momentSums(plan), [x]);
  const mean = run(programs.meanOfSums(plan), [sums, x]);
  const variance = run(programs.varianceOfSums(plan), [sums, x, mean]);
  const inputs = [x, gamma, beta, mean, variance];
  const y = run(programs.normalise(plan, x.shape, relu), inputs);
  backend.disposeData(sums.dataId);
  return [y, mean, variance];
}

/** The gradients with respect to x, gamma and beta; deterministic, two passes. */
export function batchNormGradWebgpu(
  { x, gamma, y, mean, variance, dy }: Tensors,
  { epsilon, relu }: Attributes,
  backend: WebGPUBackend,
): tf.TensorInfo[] {
  const { plan, run } = start(x, epsilon, backend);
  const mask = relu ? [y] : []; // WebGPU refuses inputs that a shader does not read
  const sums = run(programs.gradientSums(plan, relu), [x, dy, mean, ...mask]);
  const dBeta = run(programs.shiftGradient(plan), [sums]);
  const dGamma = run(programs.scaleGradient(plan), [sums, variance]);
  const parts = [gamma, variance, dGamma, dBeta];
  const coefficients = run(programs.gradientCoefficients(plan), parts);
  const inputs = [x, dy, mean, coefficients, ...mask];
  const dx = run(programs.normInputGradient(plan, x.shape, relu), inputs);
  backend.disposeData(sums.dataId);
  backend.disposeData(coefficients.dataId);
  return [dx, dGamma, dBeta];
}

function start({ shape }: tf.TensorInfo, epsilon: number, backend: WebGPUBackend) {
  const [batch, height, width, channels] = shape;
  const plan = programs.planNorm(batch * height * width, channels);
  const uniforms = programs.normUniforms(plan, epsilon);
  const run = (program: Program, inputs: tf.TensorInfo[]) =>
    backend.runWebGPUProgram(program, inputs, "float32", uniforms);
  return { plan, run };
}
