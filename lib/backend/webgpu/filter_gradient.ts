import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import {
  filterGradientProgram,
  filterGradientUniforms,
  planFilterGradient,
} from "./filter_gradient_program.ts";
import { sumChunksProgram } from "./sum_chunks_program.ts";

/** What TensorFlow.js hands to a kernel of `Conv2DBackpropFilter`. */
export interface FilterGradientCall {
  /** The input of the convolution and the gradient of its output. */
  inputs: { x: tf.TensorInfo; dy: tf.TensorInfo };
  /** Shapes and options of the convolution. */
  attrs: tf.Conv2DBackpropFilterAttrs;
  /** The backend that holds the inputs. */
  backend: WebGPUBackend;
}

/**
 * The gradient of a convolution with respect to its filter, NHWC: `Conv2DBackpropFilter`.
 *
 * Deterministic: partial sums go to scratch memory and are added up in a fixed order.
 *
 * @returns `[kh, kw, ci, co]`.
 */
export function filterGradient({ inputs, attrs, backend }: FilterGradientCall): tf.TensorInfo {
  const { x, dy } = inputs;
  const sizes = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    attrs.filterShape,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  const plan = planFilterGradient(sizes);
  let sum = backend.runWebGPUProgram(
    filterGradientProgram(sizes, plan),
    [x, dy],
    "float32",
    filterGradientUniforms(sizes, plan),
  );
  while (sum.shape[0] > 1) {
    const parts = sum;
    sum = backend.runWebGPUProgram(sumChunksProgram(parts.shape), [parts], "float32");
    backend.disposeData(parts.dataId);
  }
  return { ...sum, shape: attrs.filterShape };
}
