import * as tf from "@tensorflow/tfjs";
import { readPeaks } from "../backend/mod.ts";
import { MIN_SCORE, type OutputMaps } from "./decode.ts";
import { FrozenNetwork } from "./frozen_network.ts";
import type { Model } from "./model.ts";
import { detectInTiles, mostAtOnce } from "./tiles.ts";

/** A model ready for images, whatever runs it; dispose it when done. */
export interface ImageDetector extends Disposable {
  /**
   * Runs the network on one image, in tiles where it is large.
   *
   * Probabilities that are not the maximum of their 3 × 3 neighbourhood are 0.
   *
   * @param pixels Normalised pixels, row-major `height × width`, both multiples of 32.
   */
  detect(pixels: Float32Array, height: number, width: number): Promise<OutputMaps>;
}

/** A model on the running backend of TensorFlow.js. */
export class Detector implements ImageDetector {
  /** The model as it was loaded. */
  readonly model: Model;
  #network: FrozenNetwork;
  #most: number;

  /**
   * Folds the normalisations and brings the weights to the backend.
   *
   * @param most Most pixels that are seen at once; larger images are seen in tiles.
   */
  constructor(model: Model, most: number = mostAtOnce(model.config)) {
    this.model = model;
    this.#most = most;
    this.#network = new FrozenNetwork(model);
  }

  /**
   * Runs the network on one image, in tiles where it is large.
   *
   * Only the peaks are read back; everything else in the maps is 0.
   *
   * @param pixels Normalised pixels, row-major `height × width`, both multiples of 32.
   */
  async detect(pixels: Float32Array, height: number, width: number): Promise<OutputMaps> {
    const run = this.#run.bind(this);
    return await detectInTiles(pixels, height, width, run, this.#most);
  }

  async #run(pixels: Float32Array, height: number, width: number): Promise<OutputMaps> {
    const [score, ...others] = tf.tidy(() => {
      const image = tf.tensor4d(pixels, [1, height, width, 1]);
      const { heat, offset, size } = this.#network.forward(image);
      return [tf.sigmoid(heat), offset, ...(size ? [size] : [])];
    });
    const values = await readPeaks(score, others, MIN_SCORE);
    const [, rows, columns] = score.shape;
    tf.dispose([score, ...others]);
    return { values, height: rows, width: columns, channels: values.length / score.size };
  }

  /**
   * The whole map of probabilities, not only its peaks: row-major, a value per 4 × 4 pixels; in tiles
   * where the image is large.
   *
   * @param pixels Normalised pixels, row-major `height × width`, both multiples of 32.
   */
  async heatMap(pixels: Float32Array, height: number, width: number): Promise<Float32Array> {
    const run = this.#heat.bind(this);
    return (await detectInTiles(pixels, height, width, run, this.#most)).values;
  }

  async #heat(pixels: Float32Array, height: number, width: number): Promise<OutputMaps> {
    const map = tf.tidy(() => {
      const image = tf.tensor4d(pixels, [1, height, width, 1]);
      return tf.sigmoid(this.#network.forward(image).heat);
    });
    const values = await map.data<"float32">();
    const [, rows, columns] = map.shape;
    map.dispose();
    return { values, height: rows, width: columns, channels: 1 };
  }

  /** Frees the weights. */
  [Symbol.dispose](): void {
    this.#network[Symbol.dispose]();
  }
}
