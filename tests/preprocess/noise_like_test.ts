import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import { MARGIN, type NetworkImage, noiseLike, normalise } from "../../lib/preprocess/mod.ts";

/** Columns, rows and what lies in them; margin 0. */
function image(side: number, greyAt: (x: number, y: number) => number): NetworkImage {
  const padded = side + 2 * MARGIN;
  const pixels = new Uint8Array(padded * padded);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) pixels[(y + MARGIN) * padded + x + MARGIN] = greyAt(x, y);
  }
  return { width: side, height: side, paddedWidth: padded, paddedHeight: padded, scale: 1, pixels };
}

/** Mean of the products of pixels so far apart along x, over the variance. */
function correlation(pixels: Float32Array, side: number, shift: number): number {
  const mean = pixels.reduce((a, b) => a + b) / pixels.length;
  let [products, squares] = [0, 0];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = pixels[y * side + x] - mean;
      products += value * (pixels[y * side + (x + shift) % side] - mean);
      squares += value * value;
    }
  }
  return products / squares;
}

/** Means of all squares of an image. */
function boxMeans(pixels: Float32Array, side: number, box: number): number[] {
  const starts = Array.from({ length: side - box + 1 }, (_, i) => i);
  return starts.flatMap((top) =>
    starts.map((left) => {
      let sum = 0;
      for (let i = 0; i < box * box; i++) {
        sum += pixels[(top + Math.floor(i / box)) * side + left + i % box];
      }
      return sum / box ** 2;
    })
  );
}

/** Third moment over the deviation's cube: below 0 where few values are low. */
function skewness(values: number[]): number {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const moment = (power: number) =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return moment(3) / moment(2) ** 1.5;
}

const stream = random(3);
const PLACES = Array.from({ length: 8 }, () => [stream.between(30, 130), stream.between(30, 130)]);
const discs = image(160, (x, y) => {
  const isDisc = PLACES.some(([u, v]) => Math.hypot(x - u, y - v) < 8);
  return Math.max(1, Math.min(255, Math.round((isDisc ? 70 : 140) + 20 * stream.normal())));
});

Deno.test("noise like an image has its greys and its spectrum, and not its particles", () => {
  const [one, two] = noiseLike(discs, 2);
  assertEquals([one.side, one.corner], [128, { x: MARGIN + 16, y: MARGIN + 16 }]);
  const middle = Uint8Array.from({ length: 128 ** 2 }, (_, i) => {
    const [x, y] = [i % 128 + one.corner.x, Math.floor(i / 128) + one.corner.y];
    return discs.pixels[y * discs.paddedWidth + x];
  });
  const seen = normalise(middle);
  assertEquals(one.pixels.toSorted(), seen.toSorted());
  for (const shift of [1, 4, 8, 40]) {
    const [real, made] = [seen, one.pixels].map((p) => correlation(p, 128, shift));
    assertAlmostEquals(made, real, 0.12, `${shift}`);
  }
  const same = one.pixels.filter((value, i) => value === two.pixels[i]).length;
  assert(same < 0.1 * one.pixels.length);
  const [real, made] = [seen, one.pixels].map((pixels) => skewness(boxMeans(pixels, 128, 12)));
  assert(real < -1 && Math.abs(made) < Math.abs(real) / 2, `${real} ${made}`); // a few dark places
});

Deno.test("of a small image there is none, and the same image gives the same noise", () => {
  assertEquals(noiseLike(image(127, () => 100), 2), []);
  assertEquals(noiseLike(discs, 1), noiseLike(discs, 1));
});
