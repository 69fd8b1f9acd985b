import * as tf from "@tensorflow/tfjs";

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
  const [, height, width, channels] = x.shape;
  return tf.customGrad((input) => ({
    value: tf.image.resizeBilinear(input as tf.Tensor4D, [2 * height, 2 * width], false, true),
    gradFunc: (dy) => {
      const mirrored = tf.mirrorPad(
        dy as tf.Tensor4D,
        [[0, 0], [1, 1], [1, 1], [0, 0]],
        "symmetric",
      );
      const kernel = tf.outerProduct(WEIGHTS, WEIGHTS).reshape([4, 4, 1, 1]);
      return tf.depthwiseConv2d(
        mirrored,
        kernel.tile([1, 1, channels, 1]) as tf.Tensor4D,
        2,
        "valid",
      );
    },
  }))(x) as tf.Tensor4D;
}
