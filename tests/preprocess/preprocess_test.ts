import { assert, assertEquals, assertThrows } from "@std/assert";
import { EPickerError, type Micrograph, random } from "../../lib/core/mod.ts";
import { preprocess } from "../../lib/preprocess/mod.ts";

const SMALL = { targetSize: 64 };

function noise(width: number, height: number): Micrograph {
  const stream = random(5);
  const pixels = Float32Array.from({ length: width * height }, () => 10 + stream.normal());
  return { name: "noise", width, height, pixels };
}

function constant(width: number, height: number, value: number): Micrograph {
  return { name: "flat", width, height, pixels: new Float32Array(width * height).fill(value) };
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

Deno.test("content is at the top left and the padding is mid grey", () => {
  const image = preprocess(noise(150, 100), { targetSize: 75 });
  assertEquals([image.width, image.height], [75, 50]);
  assertEquals([image.paddedWidth, image.paddedHeight], [96, 64]);
  const { pixels, paddedWidth } = image;
  assertEquals(pixels.length, 96 * 64);
  assert(pixels.every((v, i) => (i % paddedWidth < 75 && i / paddedWidth < 50) || v === 128));
  const content = pixels.filter((_, i) => i % paddedWidth < 75 && i / paddedWidth < 50);
  assertEquals([Math.min(...content), Math.max(...content)], [0, 255]);
});

Deno.test("an ordinary size gives 1024 pixels along the longer side", () => {
  const image = preprocess(noise(37, 1024));
  assertEquals([image.paddedWidth, image.paddedHeight, image.scale], [64, 1024, 1]);
  assertEquals(preprocess(noise(1, 1)).pixels.length, 1024 ** 2);
});

Deno.test("the same micrograph gives the same image and stays as it is", () => {
  const micrograph = noise(200, 180);
  const before = micrograph.pixels.slice();
  assertEquals(preprocess(micrograph, SMALL), preprocess(micrograph, SMALL));
  assertEquals(micrograph.pixels, before);
});

Deno.test("grey values do not depend on the micrograph's units", () => {
  const micrograph = noise(200, 180);
  const scaled = { ...micrograph, pixels: micrograph.pixels.map((v) => 1000 * v - 50) };
  const [a, b] = [preprocess(micrograph, SMALL), preprocess(scaled, SMALL)];
  assert(a.pixels.every((value, i) => Math.abs(value - b.pixels[i]) <= 1));
});

Deno.test("hot, dead and non-finite pixels hardly change the image", () => {
  const micrograph = noise(256, 256);
  const spoiled = { ...micrograph, pixels: micrograph.pixels.slice() };
  const stream = random(8);
  for (const value of [1e9, 1e4, -1e6, NaN, Infinity, -Infinity]) {
    for (let i = 0; i < 5; i++) spoiled.pixels[stream.integer(spoiled.pixels.length)] = value;
  }
  const [clean, dirty] = [preprocess(micrograph, SMALL), preprocess(spoiled, SMALL)];
  assert(meanDifference(clean.pixels, dirty.pixels) < 2);
});

Deno.test("ice beside a dark bar looks as it does without the bar", () => {
  const micrograph = noise(256, 256);
  const barred = { ...micrograph, pixels: micrograph.pixels.slice() };
  barred.pixels.fill(0, 0, 256 * 64);
  const [clean, dark] = [preprocess(micrograph, SMALL), preprocess(barred, SMALL)];
  const iceRows = [20 * 64, 64 * 64] as const;
  assert(meanDifference(clean.pixels.subarray(...iceRows), dark.pixels.subarray(...iceRows)) < 3);
  assert(dark.pixels.subarray(0, 14 * 64).every((value) => value === 0));
});

Deno.test("a micrograph without contrast is mid grey", () => {
  for (const value of [0, 7, 0.1, 1234.567, -1e30, 1e30]) {
    for (const [width, height] of [[70, 50], [64, 64], [20, 31], [200, 163]]) {
      const { pixels } = preprocess(constant(width, height, value), SMALL);
      assertEquals(new Set(pixels), new Set([128]), `${value} on ${width} × ${height}`);
    }
  }
  const lonely = constant(70, 50, NaN);
  lonely.pixels[1234] = 5;
  assertEquals(new Set(preprocess(lonely, SMALL).pixels), new Set([128]));
});

Deno.test("a micrograph without a finite pixel is refused by name", () => {
  const error = assertThrows(() => preprocess(constant(70, 50, NaN), SMALL), EPickerError);
  assertEquals(error.code, "bad-file");
  assert(error.message.startsWith("flat: found no finite pixel"));
});

Deno.test("empty micrographs, wrong pixel counts and bad target sizes are refused", () => {
  const bad = [constant(0, 5, 1), constant(5, 0, 1), { ...constant(5, 5, 1), width: 6 }];
  for (const micrograph of bad) {
    assertEquals(assertThrows(() => preprocess(micrograph), EPickerError).code, "bad-file");
  }
  for (const targetSize of [0, -1, 10.5, NaN]) {
    const error = assertThrows(() => preprocess(constant(5, 5, 1), { targetSize }), EPickerError);
    assertEquals(error.code, "bad-option");
  }
});
