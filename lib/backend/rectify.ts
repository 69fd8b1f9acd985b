import * as tf from "@tensorflow/tfjs";
import { ownKernel } from "./own_kernel.ts";

/**
 * max(0, x) (ReLU), differentiable: the gradient takes one pass where tfjs takes three.
 *
 * @param x [n, h, w, c].
 */
export function rectify(x: tf.Tensor4D): tf.Tensor4D {
  return tf.customGrad((input, save) => {
    const value = tf.relu(input as tf.Tensor);
    (save as tf.GradSaveFunc)([value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => gated(dy, saved[0]);
    return { value, gradFunc };
  })(x) as tf.Tensor4D;
}

function gated(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return ownKernel("ReluGrad", { dy, y }) ?? tf.mul(dy, tf.step(y));
}
