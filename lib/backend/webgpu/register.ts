import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import { convolution, type ConvolutionCall } from "./convolution.ts";
import { filterGradient, type FilterGradientCall } from "./filter_gradient.ts";
import { inputGradient, type InputGradientCall } from "./input_gradient.ts";

/** Columns of a filter above which unrolled shaders grow too long. */
const MOST_TAPS = 7;

/** The kernels that this module has registered. */
const ours = new WeakSet<tf.KernelFunc>();

/**
 * Replaces the kernels of convolutions and of their gradients in TensorFlow.js' WebGPU backend by
 * this folder's; calling it again changes nothing.
 *
 * Afterwards `tf.conv2d`, `tf.fused.conv2d`, `tf.grad` and optimizers use them on their own. What
 * they do not cover stays with the stock kernels: NCHW order, dilation, filters wider than 7,
 * activations other than ReLU, and the gradient with respect to an input whose number of channels
 * is not divisible by 4.
 *
 * @example
 * ```ts ignore
 * import * as tf from "@tensorflow/tfjs";
 *
 * registerWebgpuKernels();
 * await tf.setBackend("webgpu");
 * ```
 */
export function registerWebgpuKernels(): void {
  replaceKernel<ConvolutionCall>("Conv2D", convolution, coversConvolution);
  replaceKernel<ConvolutionCall>("FusedConv2D", convolution, coversConvolution);
  replaceKernel<FilterGradientCall>("Conv2DBackpropFilter", filterGradient, isPlain);
  replaceKernel<InputGradientCall>(
    "Conv2DBackpropInput",
    inputGradient,
    ({ attrs }) => isPlain({ attrs }) && attrs.inputShape[3] % 4 === 0,
  );
}

function coversConvolution({ inputs, attrs }: ConvolutionCall): boolean {
  return isPlain({ attrs }) && inputs.filter.shape[1] <= MOST_TAPS &&
    inputs.preluActivationWeights === undefined &&
    ["relu", "linear"].includes(attrs.activation ?? "linear");
}

function isPlain({ attrs }: { attrs: { dataFormat: string; dilations?: unknown } }): boolean {
  const { dataFormat, dilations } = attrs;
  return dataFormat !== "NCHW" && [dilations ?? 1].flat().every((dilation) => dilation === 1);
}

function replaceKernel<Call>(
  kernelName: string,
  kernel: (call: Call) => tf.TensorInfo,
  covers: (call: Call) => boolean,
): void {
  const stock = tf.getKernel(kernelName, "webgpu");
  if (stock === undefined || ours.has(stock.kernelFunc)) return;
  const kernelFunc: tf.KernelFunc = (params) => {
    const call = params as unknown as Call;
    return covers(call) ? kernel(call) : stock.kernelFunc(params);
  };
  ours.add(kernelFunc);
  tf.unregisterKernel(kernelName, "webgpu");
  tf.registerKernel({ ...stock, kernelFunc });
}
