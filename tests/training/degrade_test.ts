import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { blurInPlace, degrade } from "../../lib/training/degrade.ts";
import { NORMALISED } from "../../lib/preprocess/mod.ts";

const SIZE = 128;

Deno.test("a blur makes a Gaussian of a point, by its formula", () => {
  const pixels = new Float32Array(SIZE * SIZE);
  pixels[30 * SIZE + 33] = 1;
  blurInPlace(pixels, SIZE, 1.7);
  for (const [dx, dy] of [[0, 0], [1, 0], [0, 2], [3, -2], [-4, 1]]) {
    const expected = Math.exp(-(dx * dx + dy * dy) / (2 * 1.7 ** 2)) / (2 * Math.PI * 1.7 ** 2);
    assertAlmostEquals(pixels[(30 + dy) * SIZE + 33 + dx], expected, 3e-4);
  }
});

Deno.test("degrading keeps the contrast, lets what is outside be black, and follows its stream", () => {
  const make = () => {
    const stream = random(1);
    return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
      return i % SIZE < 8 ? NORMALISED[0] : 0.3 * stream.normal();
    });
  };
  const spread = (pixels: Float32Array) =>
    Math.sqrt(
      pixels.reduce((sum, value, i) => sum + (i % SIZE < 8 ? 0 : value ** 2), 0) /
        (SIZE * (SIZE - 8)),
    );
  const original = make();
  let changed = 0;
  for (let seed = 0; seed < 12; seed++) {
    const pixels = make();
    degrade(pixels, SIZE, random(seed), { noise: 1.6, blur: 2 });
    pixels.forEach((value, i) => {
      if (i % SIZE < 8) assertEquals(value, NORMALISED[0]);
    });
    assertAlmostEquals(spread(pixels), spread(original), 0.02);
    const again = make();
    degrade(again, SIZE, random(seed), { noise: 1.6, blur: 2 });
    assertEquals(again, pixels);
    if (pixels.some((value, i) => value !== original[i])) changed++;
  }
  assert(changed >= 7 && changed < 12, `${changed} of 12 were changed: most, not all`);
  const untouched = make();
  degrade(untouched, SIZE, random(0), {});
  assertEquals(untouched, original);
});

Deno.test("noise of a given strength lowers the correlation with the original by 1 / √(1 + n²)", () => {
  const stream = random(9);
  const original = Float32Array.from({ length: 128 * 128 }, () => 0.3 * stream.normal());
  const correlations: number[] = [];
  for (let seed = 0; seed < 40; seed++) {
    const pixels = original.slice();
    degrade(pixels, 128, random(seed), { noise: 1 });
    const [ab, aa, bb] = [0, 1, 2].map((k) =>
      pixels.reduce((sum, value, i) => {
        return sum + (k === 0 ? value * original[i] : k === 1 ? value ** 2 : original[i] ** 2);
      }, 0)
    );
    correlations.push(ab / Math.sqrt(aa * bb));
  }
  const least = Math.min(...correlations);
  assert(least > 1 / Math.SQRT2 - 0.03 && least < 0.8, `${least}`);
  assert(Math.max(...correlations) > 0.999, "some crops get no noise");
});

Deno.test("a crop of any size gets the noise of the next power of two", () => {
  for (const size of [32, 96, 192, 288]) {
    const pixels = new Float32Array(size * size).fill(0.5);
    degrade(pixels, size, random(3), { noise: 1.6 });
    assert(pixels.every(Number.isFinite), `${size}`);
  }
});

Deno.test("another transfer function weakens frequencies by its formula, about half of the crops", () => {
  const middle = SIZE / 2;
  let changed = 0;
  for (let seed = 0; seed < 12; seed++) {
    const pixels = new Float32Array(SIZE * SIZE);
    pixels[middle * SIZE + middle] = 1;
    degrade(pixels, SIZE, random(seed), { transfer: 0.7 });
    const stream = random(seed);
    const isChanged = stream.uniform() < 0.5;
    assertEquals(pixels.some((value, i) => value !== 0 && i !== middle * (SIZE + 1)), isChanged);
    if (!isChanged) continue;
    changed++;
    const strength = stream.between(0, 0.7);
    const zero = 0.1 * 5 ** stream.uniform(); // cycles per pixel
    const sine = (k: number) => Math.sin((Math.PI - 0.15) * (k / zero) ** 2 + 0.15);
    // the Fourier transform on an axis is that of the sums over the other one
    const sums = Array.from({ length: SIZE }, (_, x) => {
      return pixels.reduce((sum, value, i) => i % SIZE === x ? sum + value : sum, 0);
    });
    const transform = (wave: number) =>
      sums.reduce(
        (sum, value, x) => sum + value * Math.cos(2 * Math.PI * wave * (x - middle) / SIZE),
        0,
      );
    const gain = transform(0) / (1 - strength + strength * sine(0)); // the contrast stays
    for (const wave of [3, 10, 21, 40]) {
      const factor = 1 - strength + strength * sine(wave / SIZE);
      assertAlmostEquals(transform(wave) / gain, factor, 2e-3);
    }
  }
  assert(changed > 3 && changed < 9, `${changed} of 12`);
});
