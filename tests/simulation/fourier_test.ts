import { assertAlmostEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { filterPair } from "../../lib/simulation/fourier.ts";

const size = 32;

function wave(u: number, v: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) => {
    return Math.cos(2 * Math.PI * (u * (i % size) + v * Math.floor(i / size)) / size);
  });
}

function noise(seed: number): Float32Array {
  const draw = random(seed);
  return Float32Array.from({ length: size * size }, () => draw.normal());
}

function assertClose(actual: Float32Array, expected: Float32Array) {
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-5));
}

Deno.test("a filter of 1 changes nothing", () => {
  const [a, b] = [noise(1), noise(2)];
  const [filteredA, filteredB] = [a.slice(), b.slice()];
  filterPair(filteredA, filteredB, size, () => 1);
  assertClose(filteredA, a);
  assertClose(filteredB, b);
});

Deno.test("waves are multiplied by the filter at their frequency, each image for itself", () => {
  const [a, b] = [wave(3, 4), wave(16, 0)];
  filterPair(a, b, size, (u, v) => 2 - 4 * Math.hypot(u, v));
  assertClose(a, wave(3, 4).map((value) => value * (2 - 4 * 5 / 32)));
  assertClose(b, wave(16, 0).map((value) => value * (2 - 4 * 16 / 32)));
});

Deno.test("the filter may depend on the direction", () => {
  const [a, b] = [wave(3, 4), wave(-3, 4)];
  filterPair(a, b, size, (u, v) => u * v * 100);
  assertClose(a, wave(3, 4).map((value) => value * 1200 / 1024));
  assertClose(b, wave(-3, 4).map((value) => value * -1200 / 1024));
});

Deno.test("nothing of one image comes into the other, up to the highest frequency", () => {
  const [a, b] = [noise(1), new Float32Array(size * size)];
  filterPair(a, b, size, (u, v) => Math.cos(50 * u * u + 30 * u * v));
  assertClose(b, new Float32Array(size * size));
});
