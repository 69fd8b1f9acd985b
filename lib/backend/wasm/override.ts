import * as tf from "@tensorflow/tfjs";
import type { WasmBackend } from "./tfjs.ts";

/** A kernel as tfjs calls it, with its inputs and attributes typed by whoever writes it. */
export type Kernel<I, A, O = tf.TensorInfo> = (inputs: I, attributes: A, backend: WasmBackend) => O;

/** Puts our kernel in the place of tfjs's; what is not `covered` stays with tfjs's, if it has one. */
export function overrideKernel<I, A>(
  kernelName: string,
  kernel: Kernel<I, A, tf.TensorInfo | tf.TensorInfo[]>,
  covered: (inputs: I, attributes: A) => boolean = () => true,
): void {
  const stock = tf.getKernel(kernelName, "wasm");
  if (stock) tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({
    ...stock,
    kernelName,
    backendName: "wasm",
    kernelFunc: (params) => {
      const inputs = params.inputs as I;
      const attributes = params.attrs as A;
      if (stock && !covered(inputs, attributes)) return stock.kernelFunc(params);
      return kernel(inputs, attributes, params.backend as unknown as WasmBackend);
    },
  });
}
