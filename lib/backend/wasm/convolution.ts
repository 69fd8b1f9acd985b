import * as tf from "@tensorflow/tfjs";
import {
  bandScratch,
  type Convolution,
  convolveImages,
  denseSteps,
  imageBytes,
  winogradSizes,
} from "./convolve.ts";
import { offsetOf, room, wasmKernels, zeros } from "./heap.ts";
import { overrideKernel } from "./override.ts";
import { LANES, suitsWinograd } from "./suits_winograd.ts";
import type { WasmBackend } from "./tfjs.ts";

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

/**
 * Registers `Conv2D`, `FusedConv2D` and both gradients on tfjs's WASM backend.
 *
 * tfjs has no filter gradient there, its input gradient is a plain loop, and its forward kernel
 * (XNNPACK) cannot use fused multiply-add. Convolutions that ours does not cover (dilated, NCHW,
 * unequal strides) keep the stock kernels, where there are any.
 */
export function registerConvolutions(): void {
  overrideKernel("Conv2D", forward, (_, attributes) => isPlain(attributes));
  overrideKernel(
    "FusedConv2D",
    forward,
    (inputs: Inputs, attributes: ConvAttributes) =>
      isPlain(attributes) && inputs.preluActivationWeights === undefined &&
      (attributes.activation === "relu" || attributes.activation === "linear"),
  );
  overrideKernel("Conv2DBackpropFilter", filterGradient);
  overrideKernel("Conv2DBackpropInput", inputGradient, (_, { strides }) => isUniform(strides));
}

function isPlain({ strides, dilations, dataFormat }: ConvAttributes): boolean {
  return isUniform(strides) && dataFormat !== "NCHW" &&
    [dilations ?? 1].flat().every((d) => d === 1);
}

function isUniform(strides: ConvAttributes["strides"]): boolean {
  const [vertical, horizontal = vertical] = [strides].flat();
  return vertical === horizontal;
}

function geometryOf(
  { strides, pad, dimRoundingMode }: ConvAttributes,
  inShape: Shape4D,
  filterShape: Shape4D,
): Geometry {
  return tf.backend_util.computeConv2DInfo(inShape, filterShape, strides, 1, pad, dimRoundingMode);
}

/** The forward convolution of a geometry. */
function convolutionOf({ padInfo, strideHeight, ...g }: Geometry, relu = false): Convolution {
  return { ...g, stride: strideHeight, top: padInfo.top, left: padInfo.left, relu };
}

/** y [n, oh, ow, cout], with bias and ReLU where they are fused. */
function forward(
  { x, filter, bias }: Inputs,
  attributes: ConvAttributes,
  backend: WasmBackend,
): tf.TensorInfo {
  const g = geometryOf(attributes, x.shape, filter.shape);
  const y = backend.makeOutput(g.outShape, "float32");
  const addresses = {
    x: offsetOf(backend, x),
    filter: offsetOf(backend, filter),
    bias: bias ? offsetOf(backend, bias) : 0,
    y: offsetOf(backend, y),
  };
  convolveImages(backend, addresses, convolutionOf(g, attributes.activation === "relu"));
  return y;
}

/**
 * dL/dx: for every phase of the stride, the convolution of dL/dy with the mirrored part of the filter
 * that touches the pixels of the phase.
 */
function inputGradient(
  { dy, filter }: Inputs,
  attributes: ConvAttributes,
  backend: WasmBackend,
): tf.TensorInfo {
  const g = geometryOf(attributes, attributes.inputShape, filter.shape);
  const gaps = g.strideHeight > Math.min(g.filterHeight, g.filterWidth); // pixels that no tap reaches
  const dx = gaps ? zeros(backend, g.inShape) : backend.makeOutput(g.inShape, "float32");
  const mirrored = room(backend, filter.size * 4);
  for (let y = 0; y < g.strideHeight; y++) {
    for (let x = 0; x < g.strideHeight; x++) {
      addPhase(backend, { dy, filter, mirrored, dx }, g, [y, x]);
    }
  }
  backend.disposeData(mirrored.dataId);
  return dx;
}

/** The pixels of dL/dx whose row and column, divided by the stride, leave `phase`. */
function addPhase(
  backend: WasmBackend,
  { dy, filter, mirrored, dx }: Record<"dy" | "filter" | "mirrored" | "dx", tf.TensorInfo>,
  g: Geometry,
  phase: [number, number],
): void {
  const stride = g.strideHeight;
  const vertical = phaseOf(phase[0], g.inHeight, g.filterHeight, stride, g.padInfo.top);
  const horizontal = phaseOf(phase[1], g.inWidth, g.filterWidth, stride, g.padInfo.left);
  const sizes = [vertical, horizontal].flatMap(({ outputs, taps }) => [outputs, taps]);
  if (sizes.includes(0)) return;
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  wasmKernels().mirrorFilter(
    at(filter),
    at(mirrored),
    g.filterHeight,
    g.filterWidth,
    g.inChannels,
    g.outChannels,
    vertical.firstTap,
    horizontal.firstTap,
    stride,
  );
  const pixel = g.inChannels * 4;
  const row = pixel * g.inWidth;
  const addresses = {
    x: at(dy),
    filter: at(mirrored),
    bias: 0,
    y: at(dx) + phase[0] * row + phase[1] * pixel,
  };
  const convolution: Convolution = {
    batchSize: g.batchSize,
    inHeight: g.outHeight,
    inWidth: g.outWidth,
    inChannels: g.outChannels,
    outHeight: vertical.outputs,
    outWidth: horizontal.outputs,
    outChannels: g.inChannels,
    filterHeight: vertical.taps,
    filterWidth: horizontal.taps,
    stride: 1,
    top: vertical.before,
    left: horizontal.before,
    relu: false,
  };
  const steps = { pixel: pixel * stride, row: row * stride, image: row * g.inHeight };
  convolveImages(backend, addresses, convolution, stride === 1 ? undefined : steps);
}

/** One phase along one axis: inputs i = phase + stride q touch the taps firstTap + stride m. */
function phaseOf(phase: number, inputs: number, size: number, stride: number, padding: number) {
  const firstTap = (phase + padding) % stride;
  const taps = Math.max(0, Math.ceil((size - firstTap) / stride));
  const shift = (phase + padding - firstTap) / stride; // input q touches the outputs q + shift − m
  return {
    firstTap,
    taps,
    before: taps - 1 - shift,
    outputs: Math.max(0, Math.ceil((inputs - phase) / stride)),
  };
}

/** dL/dfilter [kh, kw, cin, cout]; tfjs has no kernel to leave others to. */
function filterGradient(
  { x, dy }: Inputs,
  attributes: ConvAttributes,
  backend: WasmBackend,
): tf.TensorInfo {
  tf.util.assert(isUniform(attributes.strides), () => "WASM trains with equal strides only.");
  const c = convolutionOf(geometryOf(attributes, x.shape, attributes.filterShape));
  if (suitsWinograd(c)) return filterGradientByWinograd(x, dy, c, backend);
  const lanes = Math.ceil(c.outChannels / LANES) * LANES;
  const wide = withLanes(backend, dy, c.outChannels, lanes);
  const sum = zeros(backend, [c.filterHeight, c.filterWidth, c.inChannels, lanes]);
  const scratch = bandScratch(backend, c);
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  for (let n = 0; n < c.batchSize; n++) {
    wasmKernels().filterGradient(
      at(x) + n * imageBytes(c),
      at(wide) + n * denseSteps(c, lanes).image,
      at(sum),
      at(scratch),
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
    );
  }
  backend.disposeData(scratch.dataId);
  if (lanes === c.outChannels) return sum;
  const gradient = withLanes(backend, sum, lanes, c.outChannels);
  for (const { dataId } of [wide, sum]) backend.disposeData(dataId);
  return gradient;
}

/** A copy with another number of channels, further ones 0; the tensor itself where it is the same. */
function withLanes(
  backend: WasmBackend,
  tensor: tf.TensorInfo,
  from: number,
  to: number,
): tf.TensorInfo {
  if (from === to) return tensor;
  const copy = zeros(backend, [...tensor.shape.slice(0, -1), to]);
  const rows = tf.util.sizeFromShape(tensor.shape) / from;
  const addresses = [offsetOf(backend, tensor), offsetOf(backend, copy)];
  wasmKernels().copyChannels(...addresses, rows, Math.min(from, to), from * 4, to * 4);
  return copy;
}

function filterGradientByWinograd(
  x: tf.TensorInfo,
  dy: tf.TensorInfo,
  c: Convolution,
  backend: WasmBackend,
): tf.TensorInfo {
  const { winogradGradient, winogradBytes, filterOfSpectrum, spectrumBytes } = wasmKernels();
  const spectrum = zeros(backend, [spectrumBytes(c.inChannels, c.outChannels) / 4]);
  const scratch = room(backend, winogradBytes(c.inChannels, c.outChannels));
  const gradient = backend.makeOutput([3, 3, c.inChannels, c.outChannels], "float32");
  const at = (tensor: tf.TensorInfo) => offsetOf(backend, tensor);
  winogradGradient(at(x), at(dy), at(spectrum), at(scratch), ...winogradSizes(c));
  filterOfSpectrum(at(spectrum), at(gradient), c.inChannels, c.outChannels);
  for (const { dataId } of [spectrum, scratch]) backend.disposeData(dataId);
  return gradient;
}
