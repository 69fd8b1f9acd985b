import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { convolutionProgram, convolutionUniforms, planConvolution } from "./convolution_program.ts";

/** What TensorFlow.js hands to a kernel of `Conv2D` or `FusedConv2D`. */
export interface ConvolutionCall {
  /** The input, the filter and maybe a bias `[co]`. */
  inputs: {
    x: tf.TensorInfo;
    filter: tf.TensorInfo;
    bias?: tf.TensorInfo;
    preluActivationWeights?: tf.TensorInfo;
  };
  /** Options of the convolution. */
  attrs: tf.Conv2DAttrs & { activation?: string };
  /** The backend that holds the inputs. */
  backend: WebGPUBackend;
}

/**
 * A convolution with bias and ReLU, NHWC: `Conv2D` and `FusedConv2D`.
 *
 * @returns `[n, oh, ow, co]`.
 */
export function convolution({ inputs, attrs, backend }: ConvolutionCall): tf.TensorInfo {
  const { x, filter, bias } = inputs;
  const sizes = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const relu = attrs.activation === "relu";
  const plan = planConvolution(sizes, { bias: bias !== undefined, relu });
  return backend.runWebGPUProgram(
    convolutionProgram(sizes, plan),
    bias ? [x, filter, bias] : [x, filter],
    x.dtype,
    convolutionUniforms(sizes),
  );
}
