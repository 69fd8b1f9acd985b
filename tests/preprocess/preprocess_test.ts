import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { EPickerError, type Micrograph, random } from "../../lib/core/mod.ts";
import { type NetworkImage, normalise, preprocess, toNetwork } from "../../lib/preprocess/mod.ts";

const SMALL = { targetSize: 64 };

function noise(width: number, height: number): Micrograph {
  const stream = random(5);
  const pixels = Float32Array.from({ length: width * height }, () => 10 + stream.normal());
  return { name: "noise", width, height, pixels };
}

function constant(width: number, height: number, value: number): Micrograph {
  return { name: "flat", width, height, pixels: new Float32Array(width * height).fill(value) };
}

/** The grey values inside the margin of 16 pixels, row by row. */
function contentOf({ pixels, width, height, paddedWidth }: NetworkImage): Uint8Array {
  return pixels.filter((_, i) => {
    const [x, y] = [i % paddedWidth - 16, Math.floor(i / paddedWidth) - 16];
    return x >= 0 && x < width && y >= 0 && y < height;
  });
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

Deno.test("content lies inside a black margin of 16 pixels and black padding", () => {
  const image = preprocess(noise(150, 100), { targetSize: 75 });
  assertEquals([image.width, image.height], [75, 50]);
  assertEquals([image.paddedWidth, image.paddedHeight], [128, 96]);
  const { pixels, paddedWidth } = image;
  assertEquals(pixels.length, 128 * 96);
  const isContent = (x: number, y: number) => x >= 16 && x < 16 + 75 && y >= 16 && y < 16 + 50;
  assert(
    pixels.every((v, i) => isContent(i % paddedWidth, Math.floor(i / paddedWidth)) || v === 0),
  );
  const content = contentOf(image);
  assertEquals(content.length, 75 * 50);
  assertEquals([Math.min(...content), Math.max(...content)], [0, 255]);
});

Deno.test("a micrograph's pixel is seen where toNetwork says, on every side", () => {
  for (const [x, y] of [[0, 0], [99, 0], [0, 69], [99, 69], [31, 44]]) {
    const micrograph = constant(100, 70, 1);
    micrograph.pixels.forEach((_, i) => micrograph.pixels[i] = (i * 7919 % 101) / 100);
    micrograph.pixels[y * 100 + x] = 3;
    const image = preprocess(micrograph, { targetSize: 100 });
    const seen = toNetwork({ x, y }, image);
    assertEquals([seen.x, seen.y], [x + 16, y + 16]);
    assertEquals(image.pixels.indexOf(255), seen.y * image.paddedWidth + seen.x);
  }
});

Deno.test("an ordinary size gives 1024 pixels along the longer side", () => {
  const image = preprocess(noise(37, 1024));
  assertEquals([image.paddedWidth, image.paddedHeight, image.scale], [96, 1056, 1]);
  assertEquals(preprocess(noise(1, 1)).pixels.length, 1056 ** 2);
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
  assert(meanDifference(contentOf(clean), contentOf(dirty)) < 2);
});

Deno.test("ice beside a dark bar looks as it does without the bar", () => {
  const micrograph = noise(256, 256);
  const barred = { ...micrograph, pixels: micrograph.pixels.slice() };
  barred.pixels.fill(0, 0, 256 * 64);
  const [clean, dark] = [micrograph, barred].map((one) => contentOf(preprocess(one, SMALL)));
  const iceRows = [20 * 64, 64 * 64] as const;
  assert(meanDifference(clean.subarray(...iceRows), dark.subarray(...iceRows)) < 3);
  assert(dark.subarray(0, 14 * 64).every((value) => value === 0));
});

Deno.test("a micrograph without contrast is mid grey", () => {
  for (const value of [0, 7, 0.1, 1234.567, -1e30, 1e30]) {
    for (const [width, height] of [[70, 50], [64, 64], [20, 31], [200, 163]]) {
      const content = contentOf(preprocess(constant(width, height, value), SMALL));
      assertEquals(new Set(content), new Set([128]), `${value} on ${width} × ${height}`);
    }
  }
  const lonely = constant(70, 50, NaN);
  lonely.pixels[1234] = 5;
  assertEquals(new Set(contentOf(preprocess(lonely, SMALL))), new Set([128]));
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

Deno.test("grey values become numbers of mean 0 and spread 1, as equally frequent ones have", () => {
  const values = [...normalise(Uint8Array.from({ length: 256 }, (_, grey) => grey))];
  const mean = values.reduce((sum, value) => sum + value, 0) / 256;
  const square = values.reduce((sum, value) => sum + value ** 2, 0) / 256;
  assertAlmostEquals(mean, 0, 1e-6);
  assertAlmostEquals(square, 1, 0.01); // 256 steps in place of all values between
  for (const grey of [0, 100, 255]) {
    assertAlmostEquals(values[grey], (grey / 255 - 0.5) * Math.sqrt(12), 1e-3);
  }
});
