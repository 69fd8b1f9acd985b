import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { madeUpCrop } from "../../lib/simulation/mod.ts";
import { transfer } from "../../lib/simulation/made_up.ts";

const crops = Array.from({ length: 60 }, (_, seed) => madeUpCrop(128, 40, random(seed)));

Deno.test("the same stream makes up the same crop, another one another", () => {
  assertEquals(madeUpCrop(128, 40, random(3)), crops[3]);
  assert(crops[3].pixels.some((value, i) => value !== crops[4].pixels[i]));
});

Deno.test("made up particles are dark at their centres, in the mean over kinds and CTFs", () => {
  let [inside, count] = [0, 0];
  for (const { pixels, centres } of crops) {
    const mean = pixels.reduce((a, b) => a + b) / pixels.length;
    const spread = Math.sqrt(pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels.length);
    for (const { x, y } of centres) {
      if (x < 6 || y < 6 || x > 121 || y > 121) continue;
      for (let dy = -6; dy <= 6; dy++) {
        for (let dx = -6; dx <= 6; dx++) {
          inside += (pixels[(Math.round(y) + dy) * 128 + Math.round(x) + dx] - mean) / spread;
          count++;
        }
      }
    }
  }
  assert(count > 10_000);
  assert(inside / count < -0.3, `${inside / count} standard deviations`);
});

Deno.test("a quarter of the crops is empty, and sizes lie within e^±0.3", () => {
  const empty = crops.filter(({ centres }) => centres.length === 0).length;
  assert(empty >= 8 && empty <= 22, `${empty} of 60`);
  for (const { diameter, pixels } of crops) {
    assert(diameter >= 40 * Math.exp(-0.3) && diameter <= 40 * Math.exp(0.3));
    assert(pixels.every(Number.isFinite));
  }
});

Deno.test("centres keep three quarters of a diameter apart", () => {
  for (const { centres, diameter } of crops) {
    centres.forEach((a, i) => {
      for (const b of centres.slice(i + 1)) {
        assert(Math.hypot(a.x - b.x, a.y - b.y) > 0.75 * diameter);
      }
    });
  }
});

Deno.test("some particles hardly stand out of the noise, others by far", () => {
  const ratios = crops.flatMap(({ pixels, centres, diameter }) => {
    const rms = { inside: [0, 0], outside: [0, 0] };
    pixels.forEach((value, i) => {
      const from = Math.min(
        ...centres.map(({ x, y }) => Math.hypot(x - i % 128, y - Math.floor(i / 128))),
      );
      const part = from < diameter / 2 ? "inside" : from > diameter ? "outside" : undefined;
      if (part === undefined || centres.length === 0) return;
      rms[part][0] += value ** 2;
      rms[part][1]++;
    });
    const [inside, outside] = [rms.inside, rms.outside].map(([sum, count]) => sum / count);
    const isSeen = Math.min(rms.inside[1], rms.outside[1]) > 300;
    return isSeen ? [Math.sqrt(inside / outside)] : [];
  });
  const share = (isSo: (ratio: number) => boolean) => ratios.filter(isSo).length / ratios.length;
  assert(share((ratio) => ratio < 1.15) > 0.25, `${ratios}`);
  assert(share((ratio) => ratio > 1.6) > 0.25, `${ratios}`);
});

Deno.test("the optics of what is made up are a CTF in units of 100 Å, by its formula", () => {
  const [size, unit, defocus, limit] = [128, 20, 0.04, 12];
  const pixels = new Float32Array(size * size);
  pixels[0] = 1;
  transfer(pixels, size, unit, random(1), { defocus: [defocus, defocus], limit: [limit, limit] });
  const factor = (u: number) => { // of u waves from left to right, by the sum over all pixels
    let sum = 0;
    for (let i = 0; i < pixels.length; i++) {
      sum += pixels[i] * Math.cos(2 * Math.PI * u * (i % size) / size);
    }
    return sum;
  };
  const phase = factor(0) < 0.15 ? 0.1 : 0.2; // amplitude contrast, one of two
  for (const u of [0, 3, 10, 20, 32, 41]) {
    const k = u / size * unit;
    const expected = Math.sin(Math.PI * defocus * k * k + phase) * Math.exp(-((k / limit) ** 2));
    assertAlmostEquals(factor(u), expected, 1e-5);
  }
});
