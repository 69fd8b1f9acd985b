import type * as tf from "@tensorflow/tfjs";
import { offsetOf, room, wasmKernels } from "./heap.ts";
import { type ConvolutionSize, LANES, suitsWinograd } from "./suits_winograd.ts";
import type { WasmBackend } from "./tfjs.ts";

/** Sizes of one convolution of a batch of images. */
export interface Convolution extends ConvolutionSize {
  inHeight: number;
  inWidth: number;
  /** Zero rows above the image. */
  top: number;
  /** Zero columns to the left of the image. */
  left: number;
  /** Whether ReLU follows. */
  relu: boolean;
}

/** Where outputs go: bytes from one to the next pixel and row, of a whole image. */
export interface Steps {
  pixel: number;
  row: number;
  image: number;
}

/**
 * Convolves images on the heap: y = bias + x * filter, then ReLU where asked.
 *
 * @param filter Address of [kh, kw, cin, cout].
 * @param bias Address of [cout]; 0 for none.
 * @param y Address of the first output.
 * @param steps Where the further outputs go; next to one another by default.
 */
export function convolveImages(
  backend: WasmBackend,
  addresses: { x: number; filter: number; bias: number; y: number },
  c: Convolution,
  steps?: Steps,
): void {
  if (!steps && suitsWinograd(c)) convolveByWinograd(backend, addresses, c);
  else convolveDirectly(backend, addresses, c, steps ?? denseSteps(c, c.outChannels));
}

/** Steps of images [h, w, channels] without gaps. */
export function denseSteps({ outHeight, outWidth }: Convolution, channels: number): Steps {
  const pixel = 4 * channels;
  return { pixel, row: pixel * outWidth, image: pixel * outWidth * outHeight };
}

/** Bytes of one input image. */
export function imageBytes({ inHeight, inWidth, inChannels }: Convolution): number {
  return inHeight * inWidth * inChannels * 4;
}

/** Sizes in the order of the kernels of `winograd.as`. */
export function winogradSizes(c: Convolution): number[] {
  return [
    ...[c.batchSize, c.inHeight, c.inWidth, c.inChannels],
    ...[c.outHeight, c.outWidth, c.outChannels, c.top, c.left],
  ];
}

function convolveByWinograd(
  backend: WasmBackend,
  { x, filter, bias, y }: { x: number; filter: number; bias: number; y: number },
  c: Convolution,
): void {
  const { filterSpectrum, spectrumBytes, winograd, winogradBytes } = wasmKernels();
  const spectrum = room(backend, spectrumBytes(c.inChannels, c.outChannels));
  const scratch = room(backend, winogradBytes(c.inChannels, c.outChannels));
  const at = offsetOf(backend, spectrum);
  filterSpectrum(filter, at, c.inChannels, c.outChannels);
  winograd(
    x,
    at,
    bias,
    y,
    offsetOf(backend, scratch),
    ...winogradSizes(c),
    +c.relu,
  );
  for (const { dataId } of [spectrum, scratch]) backend.disposeData(dataId);
}

function convolveDirectly(
  backend: WasmBackend,
  { x, filter, bias, y }: { x: number; filter: number; bias: number; y: number },
  c: Convolution,
  steps: Steps,
): void {
  const kernels = wasmKernels();
  const taps = c.filterHeight * c.filterWidth * c.inChannels;
  const lanes = Math.ceil(c.outChannels / LANES) * LANES;
  const packed = room(backend, (taps + 1) * lanes * 4);
  const scratch = bandScratch(backend, c);
  // Channels beyond a multiple of 8 are computed as well, beside the output, and left out in copying.
  const wide = lanes === c.outChannels ? undefined : room(backend, denseSteps(c, lanes).image);
  const inner = wide ? denseSteps(c, lanes) : steps;
  kernels.packFilter(filter, bias, offsetOf(backend, packed), taps, c.outChannels);
  for (let n = 0; n < c.batchSize; n++) {
    const to = y + n * steps.image;
    kernels.convolve(
      x + n * imageBytes(c),
      offsetOf(backend, packed),
      wide ? offsetOf(backend, wide) : to,
      offsetOf(backend, scratch),
      c.inHeight,
      c.inWidth,
      c.inChannels,
      c.outHeight,
      c.outWidth,
      lanes,
      c.filterHeight,
      c.filterWidth,
      c.stride,
      c.top,
      c.left,
      inner.pixel,
      inner.row,
      +c.relu,
    );
    if (wide) copyPixels(offsetOf(backend, wide), to, inner, steps, c);
  }
  for (const tensor of [packed, scratch, wide]) if (tensor) backend.disposeData(tensor.dataId);
}

function copyPixels(from: number, to: number, inner: Steps, steps: Steps, c: Convolution): void {
  const { copyChannels } = wasmKernels();
  for (let row = 0; row < c.outHeight; row++) {
    const [source, target] = [from + row * inner.row, to + row * steps.row];
    copyChannels(source, target, c.outWidth, c.outChannels, inner.pixel, steps.pixel);
  }
}

/** Room for the padded bands of an image. */
export function bandScratch(backend: WasmBackend, c: Convolution): tf.TensorInfo {
  const rowBytes = ((c.outWidth - 1) * c.stride + c.filterWidth) * c.inChannels * 4;
  return room(backend, wasmKernels().bandBytes(rowBytes, c.filterHeight, c.stride));
}
