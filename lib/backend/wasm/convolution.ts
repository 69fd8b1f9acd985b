import * as tf from "@tensorflow/tfjs";
import { offsetOf, type WasmBackend, wasmKernels, zeros } from "./heap.ts";

type Shape4D = [number, number, number, number];
type Geometry = tf.backend_util.Conv2DInfo;
type Inputs = Record<string, tf.Tensor4D>;

/** The attributes that tfjs hands to `Conv2D`, `FusedConv2D` and both gradients. */
interface ConvAttributes {
  strides: [number, number] | number;
  pad: "same" | "valid" | number | tf.backend_util.ExplicitPadding;
  dataFormat?: string;
  dilations?: [number, number] | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
  activation?: string;
  filterShape: Shape4D;
  inputShape: Shape4D;
}

type Kernel = (inputs: Inputs, attributes: ConvAttributes, backend: WasmBackend) => tf.TensorInfo;

/** Output channels that one pass of our kernel computes; other counts go to the stock kernel. */
const LANES = 8;

let registered = false;

/**
 * Registers `Conv2D`, `FusedConv2D` and both gradients on tfjs's WASM backend.
 *
 * tfjs has no filter gradient there, its input gradient is a plain loop, and its forward kernel
 * (XNNPACK) cannot use fused multiply-add. Convolutions that ours does not cover (dilated, NCHW,
 * unequal strides, output channels not a multiple of 8) keep the stock kernels, where there are any.
 * Calling it again changes nothing.
 */
export function registerConvolutions(): void {
  if (registered) return;
  registered = true;
  register("Conv2D", forward, coversForward);
  register(
    "FusedConv2D",
    forward,
    (inputs, a) =>
      coversForward(inputs, a) && inputs.preluActivationWeights === undefined &&
      (a.activation === "relu" || a.activation === "linear"),
  );
  register("Conv2DBackpropFilter", filterGradient);
  register("Conv2DBackpropInput", inputGradient, coversInputGradient);
}

function coversForward({ filter }: Inputs, { strides, dilations, dataFormat }: ConvAttributes) {
  return filter.shape[3] % LANES === 0 && isUniform(strides) && dataFormat !== "NCHW" &&
    [dilations ?? 1].flat().every((d) => d === 1);
}

function coversInputGradient({ filter }: Inputs, attributes: ConvAttributes) {
  if (filter.shape[2] % LANES !== 0 || !isUniform(attributes.strides)) return false;
  const { padInfo, filterHeight, filterWidth } = geometryOf(
    attributes,
    attributes.inputShape,
    filter.shape,
  );
  return padInfo.top < filterHeight && padInfo.left < filterWidth;
}

function isUniform(strides: ConvAttributes["strides"]): boolean {
  const [vertical, horizontal = vertical] = [strides].flat();
  return vertical === horizontal;
}

function register(
  kernelName: string,
  kernel: Kernel,
  covered: (inputs: Inputs, attributes: ConvAttributes) => boolean = () => true,
): void {
  const stock = tf.getKernel(kernelName, "wasm");
  if (stock) tf.unregisterKernel(kernelName, "wasm");
  tf.registerKernel({
    ...stock,
    kernelName,
    backendName: "wasm",
    kernelFunc: (params) => {
      const inputs = params.inputs as Inputs;
      const attributes = params.attrs as unknown as ConvAttributes;
      if (stock && !covered(inputs, attributes)) return stock.kernelFunc(params);
      return kernel(inputs, attributes, params.backend as unknown as WasmBackend);
    },
  });
}

function geometryOf(
  { strides, pad, dimRoundingMode }: ConvAttributes,
  inShape: Shape4D,
  filterShape: Shape4D,
): Geometry {
  return tf.backend_util.computeConv2DInfo(inShape, filterShape, strides, 1, pad, dimRoundingMode);
}

/** y [n, oh, ow, cout], with bias and ReLU where they are fused. */
function forward(
  { x, filter, bias }: Inputs,
  attributes: ConvAttributes,
  backend: WasmBackend,
): tf.TensorInfo {
  const g = geometryOf(attributes, x.shape, filter.shape);
  const taps = g.filterHeight * g.filterWidth * g.inChannels;
  const packed = backend.makeOutput([taps, g.outChannels], "float32");
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  wasmKernels().packFilter(at(filter), at(packed), taps, g.outChannels);
  const output = backend.makeOutput(g.outShape, "float32");
  const relu = attributes.activation === "relu";
  const { top, left } = g.padInfo;
  convolveImages(backend, x, packed, output, { ...g, bias, relu, top, left, dilation: 1 });
  backend.disposeData(packed.dataId);
  return output;
}

/** dL/dx: the convolution of dL/dy, spread by the stride, with the mirrored filter. */
function inputGradient(
  { dy, filter }: Inputs,
  attributes: ConvAttributes,
  backend: WasmBackend,
): tf.TensorInfo {
  const g = geometryOf(attributes, attributes.inputShape, filter.shape);
  const positions = g.filterHeight * g.filterWidth;
  const packed = backend.makeOutput([positions * g.outChannels, g.inChannels], "float32");
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  wasmKernels().packMirrored(at(filter), at(packed), positions, g.inChannels, g.outChannels);
  const output = backend.makeOutput(g.inShape, "float32");
  convolveImages(backend, dy, packed, output, {
    batchSize: g.batchSize,
    inHeight: g.outHeight,
    inWidth: g.outWidth,
    inChannels: g.outChannels,
    outHeight: g.inHeight,
    outWidth: g.inWidth,
    outChannels: g.inChannels,
    filterHeight: g.filterHeight,
    filterWidth: g.filterWidth,
    strideHeight: 1,
    top: g.filterHeight - 1 - g.padInfo.top,
    left: g.filterWidth - 1 - g.padInfo.left,
    dilation: g.strideHeight,
  });
  backend.disposeData(packed.dataId);
  return output;
}

/** Sizes of a convolution of images that are first spread by `dilation` and padded. */
interface Convolution {
  batchSize: number;
  inHeight: number;
  inWidth: number;
  inChannels: number;
  outHeight: number;
  outWidth: number;
  outChannels: number;
  filterHeight: number;
  filterWidth: number;
  strideHeight: number;
  /** Zero rows above. */
  top: number;
  /** Zero columns to the left. */
  left: number;
  /** Distance of neighbouring input pixels after spreading with zeros. */
  dilation: number;
  bias?: tf.TensorInfo | undefined;
  relu?: boolean;
}

function convolveImages(
  backend: WasmBackend,
  input: tf.TensorInfo,
  packed: tf.TensorInfo,
  output: tf.TensorInfo,
  c: Convolution,
): void {
  const { padImage, dilate, convolve } = wasmKernels();
  const height = (c.outHeight - 1) * c.strideHeight + c.filterHeight;
  const width = (c.outWidth - 1) * c.strideHeight + c.filterWidth;
  const scratch = paddedImage(backend, c, height, width);
  const paddedWidth = scratch ? scratch.shape[1] : width;
  const noBias = c.bias ? undefined : zeros(backend, [c.outChannels]);
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  const from = (n: number) => at(input) + n * c.inHeight * c.inWidth * c.inChannels * 4;
  const to = (n: number) => at(output) + n * c.outHeight * c.outWidth * c.outChannels * 4;
  const { inHeight, inWidth, inChannels, top, left, dilation } = c;
  for (let n = 0; n < c.batchSize; n++) {
    const size = [inHeight, inWidth, inChannels];
    if (scratch && dilation === 1) padImage(from(n), at(scratch), ...size, top, left, paddedWidth);
    else if (scratch) dilate(from(n), at(scratch), ...size, dilation, top, left, paddedWidth);
    convolve(
      scratch ? at(scratch) : from(n),
      at(packed),
      at(c.bias ?? noBias!),
      to(n),
      paddedWidth,
      inChannels,
      c.outHeight,
      c.outWidth,
      c.outChannels,
      c.filterHeight,
      c.filterWidth,
      c.strideHeight,
      +(c.relu ?? false),
    );
  }
  for (const tensor of [scratch, noBias]) if (tensor) backend.disposeData(tensor.dataId);
}

/** Zeroed room for one padded image, where the image itself will not do. */
function paddedImage(
  backend: WasmBackend,
  { inHeight, inWidth, inChannels, dilation, top, left }: Convolution,
  height: number,
  width: number,
): tf.TensorInfo | undefined {
  const ready = dilation === 1 && top === 0 && left === 0 && inWidth === width;
  if (ready && inHeight >= height) return undefined;
  const spread = (size: number) => (size - 1) * dilation + 1;
  const rows = Math.max(height, top + spread(inHeight));
  return zeros(backend, [rows, Math.max(width, left + spread(inWidth)), inChannels]);
}

/** dL/dfilter [kh, kw, cin, cout], summed row by row; tfjs has no kernel to leave others to. */
function filterGradient(
  { x, dy }: Inputs,
  attributes: ConvAttributes,
  backend: WasmBackend,
): tf.TensorInfo {
  tf.util.assert(isUniform(attributes.strides), () => "WASM trains with equal strides only.");
  const g = geometryOf(attributes, x.shape, attributes.filterShape);
  const { top, left, bottom, right } = g.padInfo;
  const { padImage, filterGradient } = wasmKernels();
  const [height, width] = [g.inHeight + top + bottom, g.inWidth + left + right];
  const padded = zeros(backend, [height, width, g.inChannels]);
  const output = zeros(backend, attributes.filterShape);
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  const imageBytes = g.inHeight * g.inWidth * g.inChannels * 4;
  const gradientBytes = g.outHeight * g.outWidth * g.outChannels * 4;
  for (let n = 0; n < g.batchSize; n++) {
    const image = at(x) + n * imageBytes;
    padImage(image, at(padded), g.inHeight, g.inWidth, g.inChannels, top, left, width);
    filterGradient(
      at(padded),
      at(dy) + n * gradientBytes,
      at(output),
      width,
      g.inChannels,
      g.outHeight,
      g.outWidth,
      g.outChannels,
      g.filterHeight,
      g.filterWidth,
      g.strideHeight,
    );
  }
  backend.disposeData(padded.dataId);
  return output;
}
