import {
  type ImageDetector,
  LIGHT,
  type Model,
  OUTPUT_STRIDE,
  type OutputMaps,
} from "../centernet/mod.ts";
import { NORMALISED, PARTICLE_SIZE, VIEW_VERSIONS } from "../preprocess/mod.ts";

/** σ of the Laplacian that answers most to a disc of the particle's size: radius / √2, in cells. */
const SIGMA = PARTICLE_SIZE / 2 / Math.SQRT2 / OUTPUT_STRIDE;

/** The two Gaussians whose difference stands for the Laplacian (Marr and Hildreth 1980). */
const RATIO = 1.6;

/** Answer, in its own standard deviations, that scores one half. */
const HALF = 2;

/** Name by which the blob detector is picked with in place of a model. */
export const BLOB = "blob";

/** What stands for the blob detector where a model is wanted: it has learned nothing. */
export function blobModel(): Model {
  return {
    config: LIGHT,
    weights: { parameters: new Float32Array(0), statistics: new Float32Array(0) },
    mode: "particle",
    preprocess: VIEW_VERSIONS.particle,
    threshold: 0.5,
    diameter: PARTICLE_SIZE,
    notes: { name: BLOB },
  };
}

/** Whether a model is {@linkcode blobModel}'s. */
export function isBlob({ weights }: Model): boolean {
  return weights.parameters.length === 0;
}

/**
 * A picker without learning: dark blobs of the particle's size, by a difference of Gaussians.
 *
 * For images of the view `particle`; it is what a network has to be better than.
 */
export class BlobDetector implements ImageDetector {
  /** The peaks of the difference of Gaussians; scores are its logistic in standard deviations. */
  detect(pixels: Float32Array, height: number, width: number): Promise<OutputMaps> {
    const [rows, columns] = [height / OUTPUT_STRIDE, width / OUTPUT_STRIDE];
    const cells = cellMeans(pixels, width, rows, columns);
    const narrow = blurred(cells, rows, columns, SIGMA / Math.sqrt(RATIO));
    const wide = blurred(cells, rows, columns, SIGMA * Math.sqrt(RATIO));
    const answer = narrow.map((value, i) => wide[i] - value); // dark is positive
    const sigma = Math.sqrt(answer.reduce((sum, value) => sum + value ** 2, 0) / answer.length) ||
      1;
    const values = new Float32Array(3 * answer.length);
    for (let row = 1; row + 1 < rows; row++) {
      for (let column = 1; column + 1 < columns; column++) {
        const at = row * columns + column;
        if (!isPeak(answer, at, columns)) continue;
        values[3 * at] = 1 / (1 + Math.exp(HALF - answer[at] / sigma));
        values[3 * at + 1] = summit(answer[at - 1], answer[at], answer[at + 1]);
        values[3 * at + 2] = summit(answer[at - columns], answer[at], answer[at + columns]);
      }
    }
    return Promise.resolve({ values, height: rows, width: columns, channels: 3 });
  }

  /** Nothing to free. */
  [Symbol.dispose](): void {}
}

/** Means of the cells; black, which lies outside the micrograph, counts as background. */
function cellMeans(pixels: Float32Array, width: number, rows: number, columns: number) {
  const means = new Float32Array(rows * columns);
  for (let y = 0; y < rows * OUTPUT_STRIDE; y++) {
    const row = Math.floor(y / OUTPUT_STRIDE) * columns;
    for (let x = 0; x < columns * OUTPUT_STRIDE; x++) {
      const value = pixels[y * width + x];
      if (value <= NORMALISED[0]) continue;
      means[row + Math.floor(x / OUTPUT_STRIDE)] += value / OUTPUT_STRIDE ** 2;
    }
  }
  return means;
}

/** A Gaussian blur; outside the image are the border's values. */
function blurred(values: Float32Array, rows: number, columns: number, sigma: number): Float32Array {
  const reach = Math.ceil(4 * sigma);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, i) => {
    return Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2));
  });
  const total = taps.reduce((a, b) => a + b);
  const along = (
    source: Float32Array,
    count: number,
    step: number,
    lines: number,
    next: number,
  ) => {
    const out = new Float32Array(source.length);
    for (let line = 0; line < lines; line++) {
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (let j = -reach; j <= reach; j++) {
          sum += taps[j + reach] *
            source[line * next + step * Math.max(0, Math.min(count - 1, i + j))];
        }
        out[line * next + step * i] = sum / total;
      }
    }
    return out;
  };
  return along(along(values, columns, 1, rows, columns), rows, columns, columns, 1);
}

function isPeak(values: Float32Array, at: number, columns: number): boolean {
  for (const dy of [-columns, 0, columns]) {
    for (const dx of [-1, 0, 1]) if (values[at + dy + dx] > values[at]) return false;
  }
  return values[at] > 0;
}

/** Where the parabola through three neighbours is highest, from the middle one. */
function summit(before: number, here: number, behind: number): number {
  const bend = before - 2 * here + behind;
  return bend < 0 ? Math.max(-0.5, Math.min(0.5, (before - behind) / (2 * bend))) : 0;
}
