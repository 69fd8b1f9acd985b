import * as tf from "@tensorflow/tfjs";
import { type CountedConvolution, flopsOf, outputSize, readsImage } from "./convolutions.ts";
import { noise } from "./noise.ts";
import { type ConvolutionKernel, currentKernel, stockKernel } from "./stock_kernels.ts";
import { timeTogether, type Timing, type TimingOptions, type Work } from "./timing.ts";

/** The three convolutions of training. */
export const PASSES = ["forward", "inputGradient", "filterGradient"] as const;

/** One of {@linkcode PASSES}. */
export type Pass = typeof PASSES[number];

/** Our kernel beside that of TensorFlow.js. */
export interface KernelSpeed {
  /** The kernel in use. */
  ours: Timing;
  /** TensorFlow.js' own; `"same"` where it is the one in use, `"none"` where there is none. */
  stock: Timing | "same" | "none";
}

/** The speed of one convolution and of its gradients; that of the image is not computed. */
export interface ConvolutionSpeed extends CountedConvolution, Partial<Record<Pass, KernelSpeed>> {
  /** Network that has it. */
  network: string;
  /** Operations of one call, in 10⁹; the same in all three passes. */
  gflop: number;
}

/** The tensors of one convolution. */
type Tensors = Record<"x" | "filter" | "dy", tf.Tensor4D>;

const KERNELS: Record<Pass, { kernel: ConvolutionKernel; inputs: (keyof Tensors)[] }> = {
  forward: { kernel: "Conv2D", inputs: ["x", "filter"] },
  inputGradient: { kernel: "Conv2DBackpropInput", inputs: ["dy", "filter"] },
  filterGradient: { kernel: "Conv2DBackpropFilter", inputs: ["x", "dy"] },
};

/** Times a convolution and both gradients on the running backend, ours and stock in turns. */
export async function measureConvolution(
  network: string,
  convolution: CountedConvolution,
  options: TimingOptions,
): Promise<ConvolutionSpeed> {
  const tensors = tensorsOf(convolution);
  const speeds: Partial<Record<Pass, KernelSpeed>> = {};
  for (const pass of PASSES) {
    if (pass === "inputGradient" && readsImage(convolution)) continue;
    speeds[pass] = await measurePass(pass, tensors, convolution, options);
  }
  tf.dispose(tensors);
  return { network, ...convolution, gflop: flopsOf(convolution) / 1e9, ...speeds };
}

async function measurePass(
  pass: Pass,
  tensors: Tensors,
  { kernel: edge, stride }: CountedConvolution,
  options: TimingOptions,
): Promise<KernelSpeed> {
  const { kernel, inputs } = KERNELS[pass];
  const attributes = {
    strides: [stride, stride],
    pad: edge >> 1,
    dataFormat: "NHWC",
    dilations: [1, 1],
    inputShape: tensors.x.shape,
    filterShape: tensors.filter.shape,
  };
  const given = Object.fromEntries(inputs.map((name) => [name, tensors[name]]));
  const work = (kernelFunc: tf.KernelFunc) => repeatedly(kernelFunc, given, attributes);
  const stock = stockKernel(kernel, tf.getBackend());
  const current = currentKernel(kernel, tf.getBackend())!;
  const rival = stock === undefined || stock === current ? {} : { stock: work(stock) };
  const timings = await timeTogether({ ours: work(current), ...rival }, options);
  const { ours, stock: other } = timings as { ours: Timing; stock?: Timing };
  return { ours, stock: other ?? (stock === undefined ? "none" : "same") };
}

/** Calls a kernel, then reads one value back, which waits for the device. */
function repeatedly(
  kernelFunc: tf.KernelFunc,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown>,
): Work {
  const params = { inputs, attrs: attributes as tf.NamedAttrMap, backend: tf.backend() };
  const call = () => tf.engine().makeTensorFromTensorInfo(kernelFunc(params) as tf.TensorInfo);
  return async (calls) => {
    for (let i = 1; i < calls; i++) call().dispose();
    const output = call();
    const value = tf.slice(output, [0, 0, 0, 0], [1, 1, 1, 1]);
    await value.data();
    tf.dispose([output, value]);
  };
}

function tensorsOf(sizes: CountedConvolution): Tensors {
  const { batch, height, width, inChannels, outChannels, kernel } = sizes;
  const output = outputSize(sizes);
  const tensor = (...shape: [number, number, number, number]) =>
    tf.tensor4d(noise(tf.util.sizeFromShape(shape)), shape);
  return {
    x: tensor(batch, height, width, inChannels),
    filter: tensor(kernel, kernel, inChannels, outChannels),
    dy: tensor(batch, output.height, output.width, outChannels),
  };
}
