import { type Convolution, outputSize } from "../convolutions.ts";

/** The arrays of one convolution, row-major: `x` and `dy` NHWC, `filter` [k, k, in, out]. */
export type Arrays = Record<"x" | "filter" | "dy", Float32Array>;

/** A sum of products in float64, and the sum of their magnitudes, by which rounding is measured. */
export interface PlainSum {
  /** Σ a b. */
  value: number;
  /** Σ |a b|. */
  magnitude: number;
}

/** A cell of a four-dimensional array. */
export type Cell = [number, number, number, number];

/** One value of the output: Σ x[n, oy s + ky − p, ox s + kx − p, ci] · w[ky, kx, ci, co]. */
export function plainOutput(
  sizes: Convolution,
  { x, filter }: Arrays,
  [n, oy, ox, co]: Cell,
): PlainSum {
  const { height, width, inChannels, outChannels, kernel, stride } = sizes;
  const sum = { value: 0, magnitude: 0 };
  for (let ky = 0; ky < kernel; ky++) {
    for (let kx = 0; kx < kernel; kx++) {
      const [iy, ix] = [oy * stride + ky - (kernel >> 1), ox * stride + kx - (kernel >> 1)];
      if (iy < 0 || iy >= height || ix < 0 || ix >= width) continue;
      const at = ((n * height + iy) * width + ix) * inChannels;
      const weight = (ky * kernel + kx) * inChannels;
      for (let ci = 0; ci < inChannels; ci++) {
        add(sum, x[at + ci] * filter[(weight + ci) * outChannels + co]);
      }
    }
  }
  return sum;
}

/** One value of the input's gradient: the outputs that it went into, times their weights. */
export function plainInputGradient(
  sizes: Convolution,
  { filter, dy }: Arrays,
  [n, iy, ix, ci]: Cell,
): PlainSum {
  const { inChannels, outChannels, kernel, stride } = sizes;
  const { height, width } = outputSize(sizes);
  const sum = { value: 0, magnitude: 0 };
  for (let ky = 0; ky < kernel; ky++) {
    for (let kx = 0; kx < kernel; kx++) {
      const [oy, ox] = [(iy + (kernel >> 1) - ky) / stride, (ix + (kernel >> 1) - kx) / stride];
      if (!Number.isInteger(oy) || !Number.isInteger(ox)) continue;
      if (oy < 0 || oy >= height || ox < 0 || ox >= width) continue;
      const at = ((n * height + oy) * width + ox) * outChannels;
      const weight = ((ky * kernel + kx) * inChannels + ci) * outChannels;
      for (let co = 0; co < outChannels; co++) add(sum, dy[at + co] * filter[weight + co]);
    }
  }
  return sum;
}

/** One value of the filter's gradient: Σ over images and places of x times dy. */
export function plainFilterGradient(
  sizes: Convolution,
  { x, dy }: Arrays,
  [ky, kx, ci, co]: Cell,
): PlainSum {
  const { batch, height, width, inChannels, outChannels, kernel, stride } = sizes;
  const output = outputSize(sizes);
  const sum = { value: 0, magnitude: 0 };
  for (let row = 0; row < batch * output.height; row++) {
    const [n, oy] = [Math.floor(row / output.height), row % output.height];
    const iy = oy * stride + ky - (kernel >> 1);
    if (iy < 0 || iy >= height) continue;
    for (let ox = 0; ox < output.width; ox++) {
      const ix = ox * stride + kx - (kernel >> 1);
      if (ix < 0 || ix >= width) continue;
      const from = ((n * height + iy) * width + ix) * inChannels + ci;
      add(sum, x[from] * dy[(row * output.width + ox) * outChannels + co]);
    }
  }
  return sum;
}

function add(sum: PlainSum, product: number): void {
  sum.value += product;
  sum.magnitude += Math.abs(product);
}
