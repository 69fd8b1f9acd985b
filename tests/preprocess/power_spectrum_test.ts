import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { EPickerError, random } from "../../lib/core/mod.ts";
import { powerSpectrum, radialMean } from "../../lib/preprocess/mod.ts";

/** An image of 160 × 128 pixels. */
function imageOf(value: (x: number, y: number) => number) {
  const pixels = Float32Array.from({ length: 160 * 128 }, (_, i) => value(i % 160, (i / 160) | 0));
  return { name: "a", width: 160, height: 128, pixels };
}

Deno.test("a wave is a pair of peaks at its frequency, and holds its variance", () => {
  const [u, v] = [5 / 64, -9 / 64];
  const wave = imageOf((x, y) => 7 + 2 * Math.cos(2 * Math.PI * (u * x + v * y)));
  const { width, pixels } = powerSpectrum(wave, 64);
  const brightest = pixels.indexOf(pixels.reduce((a, b) => Math.max(a, b)));
  const at = [brightest % width - 32, Math.floor(brightest / width) - 32];
  assert(at.join() === "5,-9" || at.join() === "-5,9", `${at}`);
  const variance = pixels.reduce((sum, power) => sum + power, 0) / width ** 2;
  assertAlmostEquals(variance, 2, 0.01); // 2² / 2
});

Deno.test("white noise has its variance at every frequency", () => {
  const stream = random(3);
  const rings = radialMean(powerSpectrum(imageOf(() => 5 + 1.5 * stream.normal()), 32));
  assertAlmostEquals(rings.at(-1)![0], 0.5);
  for (const [frequency, power] of rings.slice(3)) {
    assertAlmostEquals(power, 1.5 ** 2, 0.5, `${frequency}`);
  }
});

Deno.test("a tile that is no power of two or does not fit is refused", () => {
  for (const tile of [48, 1, 256]) {
    assertThrows(() => powerSpectrum(imageOf(() => 0), tile), EPickerError, "tiles of");
  }
});
