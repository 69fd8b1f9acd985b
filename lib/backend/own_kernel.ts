import * as tf from "@tensorflow/tfjs";

/** The result of a kernel that only our backends have, for channels in fours; undefined elsewhere. */
export function ownKernel(name: string, inputs: Record<string, tf.Tensor>): tf.Tensor | undefined {
  const isCovered = Object.values(inputs).every(({ shape }) => shape[shape.length - 1] % 4 === 0);
  if (!isCovered || !tf.getKernel(name, tf.getBackend())) return undefined;
  return tf.engine().runKernel(name, inputs) as unknown as tf.Tensor;
}
