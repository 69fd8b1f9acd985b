import * as tf from "@tensorflow/tfjs";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";

/** A result of the GPU beside what it should be. */
export interface Check {
  /** What was computed, e.g. `convolution`. */
  kind: string;
  /** Its sizes, for people. */
  what: string;
  /** What it was compared with, for people. */
  against: string;
  /** Greatest difference, in the unit of `bound`. */
  off: number;
  /** Greatest difference that rounding explains. */
  bound: number;
  /** Whether it is within the bound; a NaN is not. */
  passed: boolean;
}

/** A check, passed or not by its difference. */
export function checkOf(check: Omit<Check, "passed">): Check {
  return { ...check, passed: check.off <= check.bound };
}

/** The greatest difference of two arrays, divided by the greatest magnitude expected; NaN stays. */
export function relativeDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return NaN;
  let [most, worst] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(expected[i]));
    const difference = Math.abs(found[i] - expected[i]);
    worst = difference <= worst ? worst : difference; // keeps NaN
  }
  return worst === 0 ? 0 : worst / most;
}

/**
 * Does a piece of work on the running backend; on WebGPU, what the device complains of is thrown.
 *
 * @throws {Error} for a program that the device refuses, and where its memory is used up.
 */
export async function onDevice<Result>(work: () => Promise<Result>): Promise<Result> {
  if (tf.getBackend() !== "webgpu") return await work();
  const { device } = tf.backend() as WebGPUBackend;
  device.pushErrorScope("validation");
  device.pushErrorScope("out-of-memory");
  const result = await work().then((value) => ({ value }), (error: unknown) => ({ error }));
  const complaints = [await device.popErrorScope(), await device.popErrorScope()];
  const complaint = complaints.find((one) => one !== null);
  if (complaint) throw new Error(complaint.message);
  if ("error" in result) throw result.error;
  return result.value;
}

/** The values of tensors, which are disposed. */
export async function valuesOf(tensors: tf.Tensor[]): Promise<Float32Array[]> {
  const values = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
  tf.dispose(tensors);
  return values;
}
