import { fromCell, OUTPUT_STRIDE, toCell } from "../centernet/mod.ts";
import type { Circle, Random } from "../core/mod.ts";
import { NORMALISED } from "../preprocess/mod.ts";
import { degrade } from "./degrade.ts";
import type { TrainingImage } from "./images.ts";

/** How much crops vary. */
export interface Augmentation {
  /** Enlargement is drawn log-uniformly from 1/scale to scale. */
  scale: number;
  /** Standard deviation of the log of the contrast. */
  contrast: number;
  /** Standard deviation of the shift of the normalised grey values. */
  brightness: number;
  /** Most that an oscillating transfer function weakens frequencies, 0…1. @default {0} */
  transfer?: number;
  /** Most noise that is added, in standard deviations of the crop. @default {0} */
  noise?: number;
  /** Widest blur, standard deviation of a Gaussian in network pixels. @default {0} */
  blur?: number;
}

/** The default variation; dihedral symmetry is always used. */
export const AUGMENTATION: Augmentation = { scale: 1.1, contrast: 0.12, brightness: 0.2 };

/** The variation in the view `particle`: of another microscope, dose, defocus, and size. */
export const GENERAL_AUGMENTATION: Augmentation = {
  scale: 1.35,
  contrast: 0.12,
  brightness: 0,
  transfer: 0.7,
  noise: 1.6,
  blur: 2,
};

/** A square piece of an image for training. */
export interface Crop {
  /** Normalised pixels, row-major `size × size`. */
  pixels: Float32Array;
  /** The objects in pixels of the crop, those outside included. */
  objects: Circle[];
  /** Circles in which nothing is known, likewise. */
  ignored: Circle[];
  /** The image that it was cut from. */
  image: TrainingImage;
  /** Where its pixels lie in the image. */
  map: Affine;
}

/** An affine map from crop pixels to image pixels: (a x + b y + c, d x + e y + f). */
export type Affine = [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * Cuts a random piece out of an image: place, one of the eight symmetries of the square, scale,
 * contrast and brightness are drawn. Where only some objects are labelled, one of them is in the
 * piece, anywhere, since most other pieces would teach nothing.
 */
export function randomCrop(
  source: TrainingImage,
  size: number,
  stream: Random,
  augmentation: Augmentation = AUGMENTATION,
): Crop {
  const { image, objects, ignored = [] } = source;
  const enlargement = augmentation.scale ** stream.between(-1, 1);
  const isAimed = source.sparse && objects.length > 0;
  const target = isAimed ? objects[stream.integer(objects.length)] : undefined;
  const map = randomAffine(image, size, enlargement, stream, target);
  const gain = Math.exp(augmentation.contrast * stream.normal());
  const shift = augmentation.brightness * stream.normal();
  const grey = NORMALISED.map((value) => gain * value + shift);
  const pixels = resample(image, map, size, grey);
  degrade(pixels, size, stream, augmentation);
  return {
    pixels,
    objects: objects.map((object) => moveObject(object, map, enlargement)),
    ignored: ignored.map((region) => moveObject(region, map, enlargement)),
    image: source,
    map,
  };
}

/**
 * The heat map stored with a crop's image, sampled (bilinear) at the cells of the crop.
 *
 * @returns Row-major `(size / 4)²` values, 0 outside the image; undefined where none is stored.
 */
export function cellsOf({ image: { heat, image }, map }: Crop, size: number) {
  if (heat === undefined) return undefined;
  const [a, b, c, d, e, f] = map;
  const [rows, columns] = [image.paddedHeight / OUTPUT_STRIDE, image.paddedWidth / OUTPUT_STRIDE];
  const cells = size / OUTPUT_STRIDE;
  const at = (row: number, column: number) =>
    row >= 0 && column >= 0 && row < rows && column < columns ? heat[row * columns + column] : 0;
  return Float32Array.from({ length: cells * cells }, (_, i) => {
    const [px, py] = [fromCell(i % cells), fromCell(Math.floor(i / cells))];
    const [x, y] = [toCell(a * px + b * py + c), toCell(d * px + e * py + f)];
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [x - left, y - top];
    return (1 - v) * ((1 - u) * at(top, left) + u * at(top, left + 1)) +
      v * ((1 - u) * at(top + 1, left) + u * at(top + 1, left + 1));
  });
}

function randomAffine(
  { paddedWidth: width, paddedHeight: height }: TrainingImage["image"],
  size: number,
  enlargement: number,
  stream: Random,
  target?: Circle,
): Affine {
  const extent = size / enlargement;
  const place = (length: number, seen?: number) => {
    if (extent >= length) return length / 2;
    const [from, to] = seen === undefined
      ? [0, length]
      : [seen + 0.5 - extent / 2, seen + 0.5 + extent / 2];
    // centres beyond the reach of a whole crop are moved inside, so that many crops touch a border
    return Math.max(extent / 2, Math.min(length - extent / 2, stream.between(from, to)));
  };
  const [centreX, centreY] = [place(width, target?.x) - 0.5, place(height, target?.y) - 0.5];
  const unit = 1 / enlargement;
  const [flipX, flipY] = [stream.integer(2) ? unit : -unit, stream.integer(2) ? unit : -unit];
  const [a, b, d, e] = stream.integer(2) ? [flipX, 0, 0, flipY] : [0, flipX, flipY, 0];
  const half = (size - 1) / 2;
  return [a, b, centreX - half * (a + b), d, e, centreY - half * (d + e)];
}

/** Bilinear sampling through a table of grey values; outside the image is black. */
function resample(
  { pixels, paddedWidth: width, paddedHeight: height }: TrainingImage["image"],
  [a, b, c, d, e, f]: Affine,
  size: number,
  grey: Float32Array,
): Float32Array {
  const out = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = a * column + b * row + c;
      const y = d * column + e * row + f;
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) {
        out[row * size + column] = grey[0];
        continue;
      }
      const u = x - left; // an array of the three would be garbage for every pixel
      const v = y - top;
      const at = top * width + left;
      const upper = grey[pixels[at]] * (1 - u) + grey[pixels[at + 1]] * u;
      const lower = grey[pixels[at + width]] * (1 - u) + grey[pixels[at + width + 1]] * u;
      out[row * size + column] = upper * (1 - v) + lower * v;
    }
  }
  return out;
}

/** Image pixels to crop pixels; the map's linear part is a scaled permutation with signs. */
function moveObject(
  { x, y, diameter }: Circle,
  [a, b, c, d, e, f]: Affine,
  enlargement: number,
): Circle {
  const scale = enlargement * enlargement;
  const [dx, dy] = [x - c, y - f];
  return {
    x: scale * (a * dx + d * dy),
    y: scale * (b * dx + e * dy),
    diameter: diameter * enlargement,
  };
}
