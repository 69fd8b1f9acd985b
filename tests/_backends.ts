import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type Backend, startBackend } from "../lib/backend/mod.ts";
import { hasWebgpu } from "../lib/backend/webgpu/mod.ts";

tf.env().set("IS_TEST", true); // it then looks for kernels that leak

/** The backends present: CPU and WASM everywhere, WebGPU where there is an adapter. */
export const BACKENDS: Backend["name"][] = await hasWebgpu()
  ? ["cpu", "wasm", "webgpu"]
  : ["cpu", "wasm"];

/** One test for each backend present (of those given), which runs when the test does. */
export function testOnBackends(
  name: string,
  test: (backend: Backend["name"]) => void | Promise<void>,
  backends: Backend["name"][] = BACKENDS,
): void {
  for (const backend of backends.filter((one) => BACKENDS.includes(one))) {
    Deno.test(`${name} (${backend})`, async () => {
      await startBackend(backend);
      await test(backend);
    });
  }
}

/** Asserts that no difference exceeds `tolerance` times the largest expected magnitude. */
export function assertClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "values",
): void {
  assert(found.length === expected.length, `${what}: ${found.length}, not ${expected.length}`);
  let [most, worst] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(expected[i]));
    const difference = Math.abs(found[i] - expected[i]);
    worst = difference <= worst ? worst : difference; // keeps NaN
  }
  assert(worst <= tolerance * most, `${what}: off by ${worst}, where the largest is ${most}`);
}

/** Tensors of the engine and data of the backend, which a piece of work must leave as they were. */
export function heldMemory(): { tensors: number; data: number } {
  return { tensors: tf.memory().numTensors, data: tf.backend().numDataIds() };
}

/** Seeded standard normal values. */
export function noise<R extends tf.Rank>(shape: tf.ShapeMap[R], seed: number): tf.Tensor<R> {
  return tf.randomNormal<R>(shape, 0, 1, "float32", seed);
}
