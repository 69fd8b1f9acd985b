import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import FFT from "fft.js";
import { random } from "../../lib/core/mod.ts";
import { colouredNoise } from "../../lib/simulation/mod.ts";

const SIZE = 256;

/** Slope of the logarithm of the amplitude over that of the frequency, along one axis (v = 0). */
function slopeOf(noise: Float32Array): number {
  const profile = Array.from({ length: SIZE }, (_, x) => {
    let sum = 0;
    for (let y = 0; y < SIZE; y++) sum += noise[y * SIZE + x];
    return sum / SIZE;
  });
  const fft = new FFT(SIZE);
  const out = fft.createComplexArray();
  fft.realTransform(out, profile);
  const amplitude = [4, 8, 16, 32].map((from) => {
    let power = 0;
    for (let k = from; k < 2 * from; k++) power += out[2 * k] ** 2 + out[2 * k + 1] ** 2;
    return Math.log2(power / from) / 2;
  });
  const mean = amplitude.reduce((a, b) => a + b) / 4;
  return amplitude.reduce((sum, value, i) => sum + (i - 1.5) * (value - mean), 0) / 5;
}

Deno.test("coloured noise has spread 1 and an amplitude that falls with the power asked for", () => {
  for (const slope of [0, 0.4, 0.8, 1.2]) {
    const slopes = Array.from({ length: 24 }, (_, seed) => {
      const noise = colouredNoise(SIZE, slope, random(seed));
      assertAlmostEquals(Math.sqrt(noise.reduce((a, b) => a + b * b, 0) / noise.length), 1, 1e-4);
      return slopeOf(noise);
    });
    const mean = slopes.reduce((a, b) => a + b) / slopes.length;
    assertAlmostEquals(mean, -slope, 0.15, `${slope}`);
  }
});

Deno.test("the same stream gives the same noise", () => {
  assertEquals(colouredNoise(128, 0.5, random(1)), colouredNoise(128, 0.5, random(1)));
  assert(colouredNoise(128, 0.5, random(1))[0] !== colouredNoise(128, 0.5, random(2))[0]);
});
