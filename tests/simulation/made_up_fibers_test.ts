import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Point, random } from "../../lib/core/mod.ts";
import { madeUpDirt, paintBall } from "../../lib/simulation/made_up_dirt.ts";
import { madeUpFibers } from "../../lib/simulation/mod.ts";

const SIZE = 128;
const images = Array.from({ length: 80 }, (_, seed) => madeUpFibers(SIZE, 16, random(seed)));

Deno.test("the same stream makes up the same fibers, another one others", () => {
  assertEquals(madeUpFibers(SIZE, 16, random(5)), images[5]);
  assert(images[5].pixels.some((value, i) => value !== images[6].pixels[i]));
});

/** Mean value at distances across the lines, in standard deviations of each image, plain and slow. */
function profileAcross(offsets: number[]): number[] {
  const [sums, counts] = [offsets.map(() => 0), offsets.map(() => 0)];
  for (const { pixels, lines, width } of images) {
    const mean = pixels.reduce((a, b) => a + b) / pixels.length;
    const spread = Math.sqrt(pixels.reduce((sum, v) => sum + (v - mean) ** 2, 0) / pixels.length);
    for (const line of lines) {
      for (let i = 1; i < line.length; i++) {
        const [a, b] = [line[i - 1], line[i]];
        const length = Math.hypot(b.x - a.x, b.y - a.y);
        offsets.forEach((offset, n) => {
          const x = Math.round(a.x - offset * width * (b.y - a.y) / length);
          const y = Math.round(a.y + offset * width * (b.x - a.x) / length);
          if (x < 8 || y < 8 || x >= SIZE - 8 || y >= SIZE - 8) return;
          sums[n] += (pixels[y * SIZE + x] - mean) / spread;
          counts[n]++;
        });
      }
    }
  }
  assert(Math.min(...counts) > 3000);
  return sums.map((sum, n) => sum / counts[n]);
}

Deno.test("made up fibers are dark along their lines, alike to both sides, and end at half a width", () => {
  const [left, inLeft, middle, inRight, right] = profileAcross([-1.2, -0.3, 0, 0.3, 1.2]);
  const outside = (left + right) / 2;
  assert(middle < outside - 0.4, `${middle} against ${outside}`);
  assert((inLeft + inRight) / 2 < outside - 0.25, `${inLeft}, ${inRight} against ${outside}`);
  assertAlmostEquals(left, right, 0.1);
  assertAlmostEquals(inLeft, inRight, 0.1);
});

Deno.test("a good third of the images has no fiber, and widths lie within e^±0.35", () => {
  const empty = images.filter(({ lines }) => lines.length === 0).length;
  assert(empty >= 20 && empty <= 40, `${empty} of 80`);
  for (const { width, pixels } of images) {
    assert(width >= 16 * Math.exp(-0.35) && width <= 16 * Math.exp(0.35));
    assert(pixels.every(Number.isFinite));
  }
});

Deno.test("lines are of points about two pixels apart that turn little, but some bend by a lot", () => {
  const bends: number[] = [];
  const angle = (a: Point, b: Point) => Math.atan2(b.y - a.y, b.x - a.x);
  for (const line of images.flatMap(({ lines }) => lines)) {
    let bend = 0;
    for (let i = 2; i < line.length; i++) {
      const turn = angle(line[i - 1], line[i]) - angle(line[i - 2], line[i - 1]);
      const least = Math.atan2(Math.sin(turn), Math.cos(turn));
      bend += least;
      const step = Math.hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
      assert(Math.abs(least) < 0.9 && step > 0.2 && step < 4, `${least} rad, ${step} px`);
    }
    bends.push(Math.abs(bend));
  }
  assert(bends.some((bend) => bend < 0.05) && bends.some((bend) => bend > 1));
});

Deno.test("a ball of dirt holds depth · 2/3 π r²", () => {
  const pixels = new Float32Array(SIZE * SIZE);
  paintBall(pixels, SIZE, { x: 60.3, y: 70.8, diameter: 50 }, 2);
  const sum = pixels.reduce((a, b) => a + b);
  assertAlmostEquals(-sum / (2 * 2 / 3 * Math.PI * 25 ** 2), 1, 0.005);
});

Deno.test("dirt is dark and often there, and many images are clean", () => {
  const dirt = Array.from({ length: 60 }, (_, seed) => madeUpDirt(SIZE, 16, random(seed)));
  const clean = dirt.filter((pixels) => pixels.every((value) => value === 0)).length;
  assert(clean >= 3 && clean <= 25, `${clean} of 60`);
  const total = dirt.reduce((sum, pixels) => sum + pixels.reduce((a, b) => a + b), 0);
  assert(total / 60 / SIZE ** 2 < -0.1);
});
