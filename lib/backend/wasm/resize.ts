import type * as tf from "@tensorflow/tfjs";
import { offsetOf, wasmKernels } from "./heap.ts";
import type { WasmBackend } from "./tfjs.ts";
import { overrideKernel } from "./override.ts";

/** Attributes of tfjs's pooling. */
interface PoolAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
}

type Shape4D = [number, number, number, number];

/** Registers `Upsample2x`, `Upsample2xGrad` (for `upsample2x`) and `MaxPoolGrad`. */
export function registerResizing(): void {
  overrideKernel("Upsample2x", upsample);
  overrideKernel("Upsample2xGrad", upsampleGradient);
  overrideKernel("MaxPoolGrad", maxPoolGradient, coversPool);
}

function upsample({ x }: { x: tf.Tensor4D }, _: unknown, backend: WasmBackend): tf.TensorInfo {
  const [n, h, w, c] = x.shape;
  const y = backend.makeOutput([n, 2 * h, 2 * w, c], "float32");
  for (let i = 0; i < n; i++) {
    const [from, to] = [offsetOf(backend, x) + i * h * w * c * 4, offsetOf(backend, y)];
    wasmKernels().upsample(from, to + i * h * w * c * 16, h, w, c, 0, 2 * h);
  }
  return y;
}

function upsampleGradient(
  { x: dy }: { x: tf.Tensor4D },
  _: unknown,
  backend: WasmBackend,
): tf.TensorInfo {
  const [n, h, w, c] = halved(dy.shape);
  const dx = backend.makeOutput([n, h, w, c], "float32");
  for (let i = 0; i < n; i++) {
    const [from, to] = [offsetOf(backend, dy) + i * h * w * c * 16, offsetOf(backend, dx)];
    wasmKernels().upsampleGradient(from, to + i * h * w * c * 4, h, w, c);
  }
  return dx;
}

function halved([n, h, w, c]: Shape4D): Shape4D {
  return [n, h / 2, w / 2, c];
}

/** Ours are 2 × 2 windows side by side that cover the image. */
function coversPool(
  { input, output }: { input: tf.Tensor4D; output: tf.Tensor4D },
  { filterSize, strides }: PoolAttributes,
): boolean {
  return [filterSize, strides].flat().every((value) => value === 2) && input.shape[3] % 4 === 0 &&
    String(halved(input.shape)) === String(output.shape);
}

function maxPoolGradient(
  { dy, input, output }: Record<"dy" | "input" | "output", tf.Tensor4D>,
  _: PoolAttributes,
  backend: WasmBackend,
): tf.TensorInfo {
  const dx = backend.makeOutput(input.shape, "float32");
  const [n, h, w, c] = output.shape;
  const addresses = [input, output, dy, dx].map((tensor) => offsetOf(backend, tensor));
  const [x, y, ...gradients] = addresses;
  wasmKernels().maxPoolGradient(x, y, ...gradients, n * h, w, c);
  return dx;
}
