import { assertAlmostEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { filterPair } from "../../lib/simulation/fourier.ts";

const size = 32;

function wave(u: number, v: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => {
    return Math.cos(2 * Math.PI * (u * (i % size) + v * Math.floor(i / size)) / size);
  });
}

function assertClose(actual: Float32Array, expected: Float32Array) {
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-5));
}

Deno.test("a filter of 1 changes nothing", () => {
  const draw = random(1);
  const noise = () => Float32Array.from({ length: size * size }, () => draw.normal());
  const [a, b] = [noise(), noise()];
  const [filteredA, filteredB] = [a.slice(), b.slice()];
  filterPair(filteredA, filteredB, size, () => 1);
  assertClose(filteredA, a);
  assertClose(filteredB, b);
});

Deno.test("waves are multiplied by the filter at their frequency, each image for itself", () => {
  const [a, b] = [wave(3, 4), wave(16, 0)];
  filterPair(a, b, size, (frequency) => 2 - 4 * frequency);
  assertClose(a, wave(3, 4).map((value) => value * (2 - 4 * 5 / 32)));
  assertClose(b, wave(16, 0).map((value) => value * (2 - 4 * 16 / 32)));
});
