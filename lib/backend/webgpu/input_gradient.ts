import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import {
  inputGradientProgram,
  inputGradientUniforms,
  planInputGradient,
} from "./input_gradient_program.ts";

/** What TensorFlow.js hands to a kernel of `Conv2DBackpropInput`. */
export interface InputGradientCall {
  /** The gradient of the output and the filter `[kh, kw, ci, co]`. */
  inputs: { dy: tf.TensorInfo; filter: tf.TensorInfo };
  /** Shapes and options of the convolution. */
  attrs: tf.Conv2DBackpropInputAttrs;
  /** The backend that holds the inputs. */
  backend: WebGPUBackend;
}

/**
 * The gradient of a convolution with respect to its input, NHWC: `Conv2DBackpropInput`.
 *
 * The stock kernel takes a naive program unless `WEBGPU_USE_NAIVE_CONV2D_TRANSPOSE` is false, and
 * multiplies the zeros that a stride inserts. The number of input channels must be divisible by 4.
 *
 * @returns `[n, height, width, ci]`.
 */
export function inputGradient({ inputs, attrs, backend }: InputGradientCall): tf.TensorInfo {
  const { dy, filter } = inputs;
  const sizes = tf.backend_util.computeConv2DInfo(
    attrs.inputShape,
    filter.shape as [number, number, number, number],
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const plan = planInputGradient(sizes);
  const transposed = transpose(filter, backend);
  const gradient = backend.runWebGPUProgram(
    inputGradientProgram(sizes, plan),
    [dy, transposed],
    "float32",
    inputGradientUniforms(sizes, plan),
  );
  backend.disposeData(transposed.dataId);
  return gradient;
}

/** `[kh, kw, ci, co]` to `[kh, kw, co, ci]`. */
function transpose(filter: tf.TensorInfo, backend: WebGPUBackend): tf.TensorInfo {
  const { kernelFunc } = tf.getKernel("Transpose", "webgpu");
  return kernelFunc({
    inputs: { x: filter },
    attrs: { perm: [0, 1, 3, 2] },
    backend,
  }) as tf.TensorInfo;
}
