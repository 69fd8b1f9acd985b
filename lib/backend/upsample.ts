import * as tf from "@tensorflow/tfjs";
import { ownKernel } from "./own_kernel.ts";

/** Weights of bilinear interpolation by two, half-pixel centres. */
const WEIGHTS = [0.25, 0.75, 0.75, 0.25];

/**
 * Bilinear enlargement by two (half-pixel centres, edges repeated), differentiable.
 *
 * tfjs's own gradient of `resizeBilinear` ignores half-pixel centres; this one is the adjoint: a
 * stride-2 convolution with the interpolation's weights over the edge-mirrored gradient.
 *
 * @param x [n, h, w, c].
 * @returns [n, 2h, 2w, c].
 */
export function upsample2x(x: tf.Tensor4D): tf.Tensor4D {
  return tf.customGrad((input) => ({
    value: enlarged(input as tf.Tensor4D),
    gradFunc: (dy) => gathered(dy as tf.Tensor4D),
  }))(x) as tf.Tensor4D;
}

function enlarged(x: tf.Tensor4D): tf.Tensor {
  const [, height, width] = x.shape;
  return ownKernel("Upsample2x", { x }) ??
    tf.image.resizeBilinear(x, [2 * height, 2 * width], false, true);
}

function gathered(dy: tf.Tensor4D): tf.Tensor {
  const own = ownKernel("Upsample2xGrad", { x: dy });
  if (own) return own;
  const mirrored = tf.mirrorPad(dy, [[0, 0], [1, 1], [1, 1], [0, 0]], "symmetric");
  const kernel = tf.outerProduct(WEIGHTS, WEIGHTS).reshape([4, 4, 1, 1]);
  const filter = kernel.tile([1, 1, dy.shape[3], 1]) as tf.Tensor4D;
  return tf.depthwiseConv2d(mirrored, filter, 2, "valid");
}
