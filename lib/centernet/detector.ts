import * as tf from "@tensorflow/tfjs";
import type { OutputMaps } from "./decode.ts";
import { FrozenNetwork } from "./frozen_network.ts";
import type { Model } from "./model.ts";

/** A model on the running backend, ready for images; dispose it when done. */
export class Detector implements Disposable {
  /** The model as it was loaded. */
  readonly model: Model;
  #network: FrozenNetwork;

  /** Folds the normalisations and brings the weights to the backend. */
  constructor(model: Model) {
    this.model = model;
    this.#network = new FrozenNetwork(model);
  }

  /**
   * Runs the network on one image.
   *
   * Probabilities that are not the maximum of their 3 × 3 neighbourhood are set to 0 on the device;
   * one read-back brings all maps.
   *
   * @param pixels Normalised pixels, row-major `height × width`, both multiples of 32.
   */
  async detect(pixels: Float32Array, height: number, width: number): Promise<OutputMaps> {
    const maps = tf.tidy(() => {
      const image = tf.tensor4d(pixels, [1, height, width, 1]);
      const { heat, offset, size } = this.#network.forward(image);
      const score = tf.sigmoid(heat) as tf.Tensor4D;
      const peak = tf.equal(tf.maxPool(score, 3, 1, "same"), score);
      const peaks = tf.mul(score, tf.cast(peak, "float32")) as tf.Tensor4D;
      return tf.concat(size ? [peaks, offset, size] : [peaks, offset], 3);
    });
    const values = await maps.data() as Float32Array;
    const [, rows, columns, channels] = maps.shape;
    maps.dispose();
    return { values, height: rows, width: columns, channels };
  }

  /** Frees the weights. */
  [Symbol.dispose](): void {
    this.#network[Symbol.dispose]();
  }
}
