import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";

/** The kernels of convolutions and of their gradients, as TensorFlow.js calls them. */
export type ConvolutionKernel = "Conv2D" | "Conv2DBackpropInput" | "Conv2DBackpropFilter";

const NAMES: ConvolutionKernel[] = ["Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"];

/** What TensorFlow.js registers when it is loaded; ours come when a backend is started. */
const STOCK = new Map(
  ["webgpu", "wasm", "cpu"].flatMap((backend) =>
    NAMES.map((name) => [`${backend} ${name}`, tf.getKernel(name, backend)?.kernelFunc] as const)
  ),
);

/** A kernel as TensorFlow.js ships it; `undefined` where it ships none. */
export function stockKernel(name: ConvolutionKernel, backend: string): tf.KernelFunc | undefined {
  return STOCK.get(`${backend} ${name}`);
}

/** The kernel in use; `undefined` where there is none. */
export function currentKernel(name: ConvolutionKernel, backend: string): tf.KernelFunc | undefined {
  return tf.getKernel(name, backend)?.kernelFunc;
}
