import { assert, assertEquals } from "@std/assert";
import { decode } from "fast-png";
import { decode as decodeJpeg } from "jpeg-js";
import { contactSheet } from "../../lib/plots/mod.ts";
import { MARGIN, type NetworkImage, preprocess } from "../../lib/preprocess/mod.ts";

function image(seed: number): NetworkImage {
  const pixels = Float32Array.from({ length: 64 * 48 }, (_, i) => (i * seed) % 101);
  return preprocess({ name: "a", width: 64, height: 48, pixels }, { targetSize: 64 });
}

Deno.test("a contact sheet shows the middles of images row after row", () => {
  const images = [3, 7, 12].map(image);
  const { width, height, data } = decode(contactSheet(images, { columns: 2, tile: 32 }));
  assertEquals([width, height], [68, 68]);
  const places = [[0, 0], [36, 0], [0, 36]];
  for (const [i, [left, top]] of places.entries()) {
    const { pixels, paddedWidth } = images[i];
    for (const [x, y] of [[0, 0], [31, 5], [13, 31]]) {
      const expected = pixels[(MARGIN + 8 + y) * paddedWidth + MARGIN + 16 + x];
      assertEquals(data[(top + y) * width + left + x], expected);
    }
  }
  assertEquals(data[40 * width + 50], 255);
});

Deno.test("images smaller than a tile are shown whole, and JPEG is grey", () => {
  const bytes = contactSheet([image(5)], { tile: 80, format: "jpeg" });
  const { width, height, data } = decodeJpeg(bytes, { useTArray: true });
  assertEquals([width, height], [80, 80]);
  const [r, g, b] = data.subarray(4 * (20 * 80 + 20));
  assert(Math.abs(r - g) <= 2 && Math.abs(g - b) <= 2);
});
