import * as tf from "@tensorflow/tfjs";
import { random } from "../../core/mod.ts";
import { type CountedConvolution, outputSize, readsImage } from "../convolutions.ts";
import { noise } from "../noise.ts";
import { type Check, checkOf, onDevice, valuesOf } from "./check.ts";
import {
  type Arrays,
  type Cell,
  plainFilterGradient,
  plainInputGradient,
  plainOutput,
  type PlainSum,
} from "./plain_convolution.ts";

/** Greatest difference from the exact sum, as a part of the sum of the products' magnitudes. */
const BOUND = 2e-6;

/** Values that are compared: of outputs and inputs, and of filters, each of which is a long sum. */
const CELLS = { maps: 400, filters: 40 };

/**
 * Compares a convolution and both gradients on the running backend with plain float64 code, in
 * places that are drawn, edges and corners more often than others.
 */
export async function checkConvolution(sizes: CountedConvolution): Promise<Check[]> {
  const arrays = arraysOf(sizes);
  const found = await onDevice(() => computed(sizes, arrays));
  const { height, width, outChannels } = { ...sizes, ...outputSize(sizes) };
  const { batch, kernel, inChannels } = sizes;
  const output: Cell = [batch, height, width, outChannels];
  const input: Cell = [batch, sizes.height, sizes.width, inChannels];
  const filter: Cell = [kernel, kernel, inChannels, outChannels];
  const parts: [kind: string, Float32Array | undefined, Cell, Plain, count: number][] = [
    ["convolution", found.y, output, plainOutput, CELLS.maps],
    ["convolution, bias, ReLU", found.fused, output, plainFused, CELLS.maps],
    ["gradient of the input", found.dx, input, plainInputGradient, CELLS.maps],
    ["gradient of the filter", found.dw, filter, plainFilterGradient, CELLS.filters],
  ];
  return parts.flatMap(([kind, values, shape, plain, count]) =>
    values === undefined ? [] : checkOf({
      kind,
      what: titleOf(sizes),
      against: "plain float64 code, sampled",
      off: worst(values, shape, count, (cell) => plain(sizes, arrays, cell)),
      bound: BOUND,
    })
  );
}

type Plain = (sizes: CountedConvolution, arrays: Arrays, cell: Cell) => PlainSum;

/** With a bias that grows with the channel, and without what is negative. */
function plainFused(sizes: CountedConvolution, arrays: Arrays, cell: Cell): PlainSum {
  const { value, magnitude } = plainOutput(sizes, arrays, cell);
  const bias = biasOf(sizes.outChannels)[cell[3]];
  return { value: Math.max(0, value + bias), magnitude: magnitude + Math.abs(bias) };
}

function biasOf(channels: number): Float32Array {
  return Float32Array.from({ length: channels }, (_, c) => (c + 1) / channels - 0.5);
}

/** What the backend makes of the arrays; the image needs no gradient. */
async function computed(sizes: CountedConvolution, arrays: Arrays) {
  const { batch, height, width, inChannels, outChannels, kernel, stride } = sizes;
  const output = outputSize(sizes);
  const [pad, strides] = [kernel >> 1, stride];
  const isImage = readsImage(sizes);
  const [y, fused, dw, dx] = await valuesOf(tf.tidy(() => {
    const x = tf.tensor4d(arrays.x, [batch, height, width, inChannels]);
    const filter = tf.tensor4d(arrays.filter, [kernel, kernel, inChannels, outChannels]);
    const dy = tf.tensor4d(arrays.dy, [batch, output.height, output.width, outChannels]);
    const bias = tf.tensor1d(biasOf(outChannels));
    const shapes = { inputShape: x.shape, filterShape: filter.shape };
    const attrs = { ...shapes, strides: [stride, stride], pad, dataFormat: "NHWC" };
    const run = (kernelName: string, inputs: Record<string, tf.Tensor>) =>
      tf.engine().runKernel(kernelName, inputs, attrs) as unknown as tf.Tensor;
    return [
      tf.conv2d(x, filter, stride, pad),
      tf.fused.conv2d({ ...{ x, filter, bias, strides, pad }, activation: "relu" }),
      run("Conv2DBackpropFilter", { x, dy }),
      ...(isImage ? [] : [run("Conv2DBackpropInput", { dy, filter })]),
    ];
  }));
  return { y, fused, dw, dx: dx as Float32Array | undefined };
}

/** Three arrays of noise, none like another. */
function arraysOf(sizes: CountedConvolution): Arrays {
  const { batch, height, width, inChannels, outChannels, kernel } = sizes;
  const output = outputSize(sizes);
  const from = (start: number, length: number) => noise(start + length).slice(start);
  return {
    x: from(0, batch * height * width * inChannels),
    filter: from(1000, kernel * kernel * inChannels * outChannels),
    dy: from(5000, batch * output.height * output.width * outChannels),
  };
}

/** The greatest error of drawn values, as a part of their sums of magnitudes. */
function worst(
  values: Float32Array,
  shape: Cell,
  count: number,
  plain: (cell: Cell) => PlainSum,
): number {
  const stream = random(1, ...shape);
  const place = (length: number) => {
    const u = stream.uniform();
    return u < 0.15 ? 0 : u < 0.3 ? length - 1 : stream.integer(length);
  };
  let most = 0;
  for (let i = 0; i < count; i++) {
    const cell = shape.map(place) as Cell;
    const at = cell.reduce((index, one, axis) => index * shape[axis] + one, 0);
    const { value, magnitude } = plain(cell);
    const off = Math.abs(values[at] - value) / (magnitude || 1);
    most = off <= most ? most : off; // keeps NaN
  }
  return values.length === shape.reduce((product, length) => product * length) ? most : NaN;
}

function titleOf(sizes: CountedConvolution): string {
  const { batch, height, width, inChannels, outChannels, kernel, stride } = sizes;
  const step = stride === 1 ? "" : ` / ${stride}`;
  const map = `${batch} × ${height} × ${width} × ${inChannels}`;
  return `${map} → ${outChannels}, ${kernel} × ${kernel}${step}`;
}
