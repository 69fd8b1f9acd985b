/** Output channels that one pass of the kernels computes; other counts are filled up with zeros. */
export const LANES = 8;

/** Output pixels of all images from which on the spectrum of the filter costs less than it saves. */
const WINOGRAD_PIXELS = 256;

/** Output pixels × channels of input and output from which on Winograd's algorithm is used. */
const WINOGRAD_SIZE = 2 ** 18;

/** What decides about the algorithm of a convolution. */
export interface ConvolutionSize {
  /** Images that are convolved together. */
  batchSize: number;
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
 * Not where it is small: it costs little then, and the plain sum rounds half as much, which batch
 * normalisation over very few values amplifies.
 */
export function suitsWinograd(c: ConvolutionSize): boolean {
  const pixels = c.batchSize * c.outHeight * c.outWidth;
  return c.filterHeight === 3 && c.filterWidth === 3 && c.stride === 1 &&
    c.inChannels % LANES === 0 && c.outChannels % LANES === 0 &&
    pixels >= WINOGRAD_PIXELS && pixels * c.inChannels * c.outChannels >= WINOGRAD_SIZE;
}
