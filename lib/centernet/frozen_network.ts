import * as tf from "@tensorflow/tfjs";
import type { NetworkConfig } from "./config.ts";
import { type FoldedWeights, foldWeights, inferenceInterpreter } from "./inference_pass.ts";
import { layoutOf } from "./layout.ts";
import type { Model } from "./model.ts";
import { centerNet, type NetworkOutput } from "./network.ts";

/** A network that no longer learns: gathered statistics, no gradient; dispose it when done. */
export class FrozenNetwork implements Disposable {
  #config: NetworkConfig;
  #weights: FoldedWeights;

  /** Folds the normalisations and brings the weights to the backend. */
  constructor({ config, weights }: Pick<Model, "config" | "weights">) {
    this.#config = config;
    this.#weights = foldWeights(layoutOf(config), weights);
  }

  /** Logits, offsets, sizes and features of normalised images [n, h, w, 1]; the caller disposes. */
  forward(images: tf.Tensor4D): NetworkOutput<tf.Tensor4D> {
    return centerNet(inferenceInterpreter(this.#weights), images, this.#config);
  }

  /**
   * The values of what is made of the output for one image.
   *
   * @param pixels Normalised pixels, row-major `height × width`.
   */
  valuesOf(
    pixels: Float32Array,
    height: number,
    width: number,
    of: (output: NetworkOutput<tf.Tensor4D>) => tf.Tensor,
  ): Float32Array {
    return tf.tidy(() => {
      const image = tf.tensor4d(pixels, [1, height, width, 1]);
      return of(this.forward(image)).dataSync() as Float32Array;
    });
  }

  /** Frees the weights. */
  [Symbol.dispose](): void {
    for (const { filter, bias } of this.#weights.values()) {
      filter.dispose();
      bias.dispose();
    }
    this.#weights.clear();
  }
}
