/** Output channels that one pass of the kernels computes; other counts are filled up with zeros. */
export const LANES = 8;

/** Output pixels from which on Winograd's algorithm is used. */
const WINOGRAD_PIXELS = 24 * 32;

/** What decides about the algorithm of a convolution. */
export interface ConvolutionSize {
  /** Rows of the filter. */
  filterHeight: number;
  /** Columns of the filter. */
  filterWidth: number;
  /** Step of the window, down and across. */
  stride: number;
  /** Channels of the input. */
  inChannels: number;
  /** Channels of the output. */
  outChannels: number;
  /** Rows of the output. */
  outHeight: number;
  /** Columns of the output. */
  outWidth: number;
}

/**
 * Whether a convolution is done by the minimal filtering of `winograd.as`.
 *
 * Not for deep maps of few pixels: they cost little, and batch normalisation over few values
 * amplifies rounding, of which the plain sum has a little less.
 */
export function suitsWinograd(c: ConvolutionSize): boolean {
  return c.filterHeight === 3 && c.filterWidth === 3 && c.stride === 1 &&
    c.inChannels % LANES === 0 && c.outChannels % LANES === 0 &&
    c.outHeight * c.outWidth >= WINOGRAD_PIXELS;
}
