import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { mean, random } from "../../lib/core/mod.ts";
import { blurred, displayOf, spectrumDisplay } from "../../lib/app/display.ts";
import { HELD_SIGMAS } from "../../lib/app/page/greys.ts";

/** Noise of mean 10 and standard deviation 2. */
function noise(width: number, height: number) {
  const stream = random(5);
  const pixels = Float32Array.from({ length: width * height }, () => 10 + 2 * stream.normal());
  return { name: "noise", width, height, pixels };
}

Deno.test("greys stand for sigmas about the middle", () => {
  const micrograph = noise(300, 200);
  const { width, height, step, pixels } = displayOf(micrograph, { longest: 300 });
  assertEquals([width, height, step], [300, 200, 1]);
  for (const i of [0, 1000, 59_999]) {
    const expected = 127.5 + 127.5 * (micrograph.pixels[i] - 10) / 2 / HELD_SIGMAS;
    assertAlmostEquals(pixels[i], expected, 1.5);
  }
});

Deno.test("a large micrograph is shown by means of blocks, of whole ones", () => {
  const micrograph = noise(100, 70);
  micrograph.pixels.fill(100, 0, 3 * 100);
  const { width, height, step, pixels } = displayOf(micrograph, { longest: 40 });
  assertEquals([width, height, step], [33, 23, 3]);
  assert(pixels.subarray(0, width).every((grey) => grey === 255));
  assert(pixels.subarray(width).every((grey) => grey > 0 && grey < 255));
});

Deno.test("a low-pass leaves half of a wave of its length, and little of finer ones", () => {
  const amplitude = (period: number) => {
    const [width, height] = [256, 256];
    const wave = (i: number) => Math.cos(2 * Math.PI * (i % width) / period);
    const pixels = Float32Array.from({ length: width * height }, (_, i) => wave(i));
    const sigma = Math.sqrt(Math.LN2 / 2) / Math.PI * 32;
    blurred({ width, height, pixels }, sigma);
    const row = [...pixels.subarray(128 * width + 64, 128 * width + 192)];
    return 2 * mean(row.map((value, i) => value * wave(i + 64)));
  };
  assertAlmostEquals(amplitude(32), 0.5, 0.02);
  assertAlmostEquals(amplitude(64), Math.exp(-Math.LN2 / 4), 0.02);
  assertAlmostEquals(amplitude(16), 1 / 16, 0.03);
});

Deno.test("what is no number, and a picture of one value, are shown all the same", () => {
  const micrograph = noise(64, 64);
  micrograph.pixels[5] = NaN;
  assertEquals(displayOf(micrograph, { longest: 64 }).pixels[5], 0);
  assert(spectrumDisplay(micrograph)!.pixels.some((grey) => grey !== 0));
  const flat = displayOf({ ...micrograph, pixels: new Float32Array(64 * 64) }, { longest: 64 });
  assert(flat.pixels.every((grey) => grey === 128));
  assertEquals(spectrumDisplay(noise(20, 64)), undefined);
});

Deno.test("in the power spectrum a wave is a bright spot on an even ground", () => {
  const micrograph = noise(512, 512);
  micrograph.pixels.forEach((value, i, all) => all[i] = value + Math.cos(i % 512 * Math.PI / 4));
  const { width, pixels } = spectrumDisplay(micrograph)!;
  const at = (u: number, v: number) => pixels[(v + width / 2) * width + u + width / 2];
  assertEquals(at(width / 8, 0), 255);
  const ring = [[0, 64], [45, 45], [-20, 61]].map(([u, v]) => at(u, v));
  assert(ring.every((grey) => Math.abs(grey - 128) < 110), String(ring));
});
