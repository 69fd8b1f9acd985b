import * as tf from "@tensorflow/tfjs";
import { readPeaks } from "../backend/mod.ts";
import { MIN_SCORE, type OutputMaps } from "./decode.ts";
import { FrozenNetwork } from "./frozen_network.ts";
import type { Model } from "./model.ts";
import { detectInTiles, mostAtOnce, type RunNetwork } from "./tiles.ts";

/**
 * How a network sees an image: `1` once as it is, `2` also turned by half a turn, of which the mean
 * counts. Twice costs twice as much, and the errors of the two are not the same.
 */
export type Ways = 1 | 2;

/** A model ready for images, whatever runs it; dispose it when done. */
export interface ImageDetector extends Disposable {
  /**
   * Runs the network on one image, in tiles where it is large.
   *
   * Probabilities that are not the maximum of their 3 × 3 neighbourhood are 0.
   *
   * @param pixels Normalised pixels, row-major `height × width`, both multiples of 32.
   * @param ways How it sees the image. @default {1}
   */
  detect(pixels: Float32Array, height: number, width: number, ways?: Ways): Promise<OutputMaps>;
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
   * @param ways How it sees the image.
   */
  async detect(
    pixels: Float32Array,
    height: number,
    width: number,
    ways: Ways = 1,
  ): Promise<OutputMaps> {
    return await this.#inTiles([pixels, height, width], ways, ([score, ...others]) => {
      return readPeaks(score, others, MIN_SCORE);
    });
  }

  /**
   * The whole map of probabilities, not only its peaks: row-major, a value per 4 × 4 pixels; in tiles
   * where the image is large.
   *
   * @param pixels Normalised pixels, row-major `height × width`, both multiples of 32.
   * @param ways How it sees the image.
   */
  async heatMap(
    pixels: Float32Array,
    height: number,
    width: number,
    ways: Ways = 1,
  ): Promise<Float32Array> {
    const { values } = await this.#inTiles([pixels, height, width], ways, ([score]) => {
      return score.data<"float32">();
    });
    return values;
  }

  /** What is read of the maps, tile by tile. */
  async #inTiles(
    image: Parameters<RunNetwork>,
    ways: Ways,
    read: (maps: tf.Tensor4D[]) => Promise<Float32Array>,
  ): Promise<OutputMaps> {
    const run: RunNetwork = async (...tile) => {
      const maps = this.#see(...tile, ways);
      const values = await read(maps);
      const [{ shape: [, height, width], size }] = maps;
      tf.dispose(maps);
      return { values, height, width, channels: values.length / size };
    };
    return await detectInTiles(...image, run, this.#most);
  }

  /** Probabilities, offsets and, where the model has them, sizes, [1, h, w, c] each. */
  #see(pixels: Float32Array, height: number, width: number, ways: Ways): tf.Tensor4D[] {
    return tf.tidy(() => {
      const image = tf.tensor4d(pixels, [1, height, width, 1]);
      const once = this.#maps(image);
      if (ways === 1) return once;
      const again = this.#maps(turned(image)).map(turned);
      again[1] = tf.neg(again[1]); // offsets point the other way
      return once.map((map, i) => tf.mul(tf.add(map, again[i]), 0.5) as tf.Tensor4D);
    });
  }

  #maps(image: tf.Tensor4D): tf.Tensor4D[] {
    return tf.tidy(() => {
      const { heat, offset, size } = this.#network.forward(image);
      return [tf.sigmoid(heat), offset, ...(size ? [size] : [])];
    });
  }

  /** Frees the weights. */
  [Symbol.dispose](): void {
    this.#network[Symbol.dispose]();
  }
}

/** Images turned by half a turn, [n, h, w, c]. */
function turned(images: tf.Tensor4D): tf.Tensor4D {
  return tf.reverse(images, [1, 2]);
}
