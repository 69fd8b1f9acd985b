import * as tf from "@tensorflow/tfjs";
import { type BackendName, readPeaks, startBackend } from "../../backend/mod.ts";
import { noise } from "../noise.ts";
import { type Check, checkOf, onDevice } from "./check.ts";

/** Least value of a peak. */
const LEAST = 0.3;

/**
 * Compares the list of peaks with that of the plain CPU backend, bit by bit: a map with few peaks,
 * and one with more than the list has room for.
 */
export async function checkPeaks(
  backend: BackendName,
  height: number,
  width: number,
): Promise<Check[]> {
  const cells = height * width;
  const many = noise(cells).map((value) => Math.round(2 * value + 2) / 4); // many equal neighbours
  const few = many.map((value, i) => i % 97 === 0 ? value : value / 8);
  const others = noise(3 * cells);
  const checks: Check[] = [];
  for (const [name, score] of [["few", few], ["many", many]] as const) {
    const [expected, found] = [
      await peaksOn("cpu", score, others, height, width),
      await peaksOn(backend, score, others, height, width),
    ];
    const differing = found.filter((value, i) => value !== expected[i]).length;
    checks.push(checkOf({
      kind: "peaks",
      what: `${name} in ${height} × ${width}`,
      against: "the plain CPU backend, values that differ",
      off: found.length === expected.length ? differing : NaN,
      bound: 0,
    }));
  }
  return checks;
}

async function peaksOn(
  backend: BackendName,
  score: Float32Array,
  others: Float32Array,
  height: number,
  width: number,
): Promise<Float32Array> {
  await startBackend(backend);
  return await onDevice(async () => {
    const maps = [
      tf.tensor4d(score, [1, height, width, 1]),
      tf.tensor4d(others.subarray(0, 2 * score.length), [1, height, width, 2]),
      tf.tensor4d(others.subarray(2 * score.length), [1, height, width, 1]),
    ];
    const found = await readPeaks(maps[0], maps.slice(1), LEAST);
    tf.dispose(maps);
    return found;
  });
}
