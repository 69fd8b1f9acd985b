import * as tf from "@tensorflow/tfjs";
import { offsetOf, wasmKernels } from "./heap.ts";
import type { WasmBackend } from "./tfjs.ts";
import { overrideKernel } from "./override.ts";

/** Registers `Identity`, `Concat`, `SplitV`, `Sum`, and `ReluGrad` (for `rectify`). */
export function registerDataKernels(): void {
  overrideKernel("Identity", identity, ({ x }) => x.dtype !== "string");
  overrideKernel("Concat", concat, (inputs, { axis }) => joinsChannels(inputs, axis));
  overrideKernel("SplitV", split, ({ x }, { axis }) => x.dtype === "float32" && isLast(axis, x));
  overrideKernel("Sum", sumOverPixels, ({ x }, { axis }) => sumsPixels(x, axis));
  overrideKernel("ReluGrad", reluGradient);
}

/** The same data under another name; tfjs copies them, for every tensor that a gradient needs. */
function identity({ x }: { x: tf.Tensor }, _: unknown, backend: WasmBackend): tf.TensorInfo {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
}

function isLast(axis: number, { shape }: tf.Tensor): boolean {
  return (axis + shape.length) % shape.length === shape.length - 1;
}

function joinsChannels(inputs: tf.Tensor[], axis: number): boolean {
  return inputs.length > 1 && isLast(axis, inputs[0]) &&
    inputs.every(({ dtype, size }) => dtype === "float32" && size > 0);
}

/** Joins maps along their channels; tfjs does it with one call of JavaScript per pixel and map. */
function concat(inputs: tf.Tensor[], _: { axis: number }, backend: WasmBackend): tf.TensorInfo {
  const counts = inputs.map(({ shape }) => shape[shape.length - 1]);
  const channels = counts.reduce((sum, count) => sum + count, 0);
  const rows = inputs[0].size / counts[0];
  const y = backend.makeOutput([...inputs[0].shape.slice(0, -1), channels], "float32");
  let to = offsetOf(backend, y);
  inputs.forEach((x, i) => {
    const from = offsetOf(backend, x);
    wasmKernels().copyChannels(from, to, rows, counts[i], counts[i] * 4, channels * 4);
    to += counts[i] * 4;
  });
  return y;
}

/** Parts of the channels, as the gradient of a join needs them. */
function split(
  { x }: { x: tf.Tensor },
  { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number },
  backend: WasmBackend,
): tf.TensorInfo[] {
  const last = (axis + x.rank) % x.rank;
  const channels = x.shape[last];
  const counts = tf.backend_util.prepareSplitSize(x, numOrSizeSplits, last);
  let from = offsetOf(backend, x);
  return counts.map((count) => {
    const y = backend.makeOutput([...x.shape.slice(0, -1), count], "float32");
    const rows = x.size / channels;
    wasmKernels().copyChannels(from, offsetOf(backend, y), rows, count, channels * 4, count * 4);
    from += count * 4;
    return y;
  });
}

function sumsPixels(x: tf.Tensor, axis: number | number[]): boolean {
  const axes = [axis].flat().toSorted((a, b) => a - b);
  return x.dtype === "float32" && x.rank > 1 && axes.length === x.rank - 1 &&
    axes.every((value, i) => value === i) && x.shape[x.rank - 1] % 4 === 0;
}

/** The sum of all pixels of every channel: the gradient of a bias. */
function sumOverPixels(
  { x }: { x: tf.Tensor },
  { keepDims }: { axis: number | number[]; keepDims: boolean },
  backend: WasmBackend,
): tf.TensorInfo {
  const channels = x.shape[x.rank - 1];
  const shape = keepDims ? [...x.shape.slice(0, -1).fill(1), channels] : [channels];
  const sum = backend.makeOutput(shape, "float32");
  wasmKernels().sumRows(offsetOf(backend, x), offsetOf(backend, sum), x.size / channels, channels);
  return sum;
}

function reluGradient(
  { dy, y }: Record<"dy" | "y", tf.Tensor>,
  _: unknown,
  backend: WasmBackend,
): tf.TensorInfo {
  const dx = backend.makeOutput(y.shape, "float32");
  const [from, output, to] = [dy, y, dx].map((tensor) => offsetOf(backend, tensor));
  wasmKernels().reluGradient(from, output, to, y.size);
  return dx;
}
