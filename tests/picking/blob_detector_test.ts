import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { candidatesOf } from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";
import { loadPicker } from "../../lib/picking/mod.ts";
import { BlobDetector } from "../../lib/picking/blob_detector.ts";

const SIZE = 256;

function discs(places: [number, number][], diameter: number, depth: number): Float32Array {
  const stream = random(2);
  return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    const isInside = places.some(([a, b]) => Math.hypot(x - a, y - b) < diameter / 2);
    return (isInside ? depth : 0) + 0.5 * stream.normal();
  });
}

Deno.test("the blob detector finds dark discs of the particle's size, at their centres", async () => {
  const places: [number, number][] = [[60, 70.5], [150, 64], [101.5, 180], [205, 190]];
  using detector = new BlobDetector();
  const found = candidatesOf(await detector.detect(discs(places, 40, -1), SIZE, SIZE));
  assert(found[3].score > found[4].score + 0.2, "the four stand out");
  for (const [x, y] of places) {
    const near = found.slice(0, 4).find((pick) => Math.hypot(pick.x - x, pick.y - y) < 5);
    assert(near, `nothing at ${x}, ${y}`);
    assertAlmostEquals(near.x, x, 1.5);
    assertAlmostEquals(near.y, y, 1.5);
  }
});

Deno.test("discs of another size, and bright ones, answer less", async () => {
  using detector = new BlobDetector();
  const best = async (diameter: number, depth: number) => {
    const maps = await detector.detect(discs([[128, 128], [50, 50]], diameter, depth), SIZE, SIZE);
    const found = candidatesOf(maps).filter(({ x, y }) => Math.hypot(x - 128, y - 128) < 6);
    return found[0]?.score ?? 0;
  };
  const right = await best(40, -1);
  assert(right > 0.8);
  assert(await best(12, -1) < right);
  assertEquals(await best(40, 1), 0);
});

Deno.test("the picker called blob finds discs at their places, and twice as many in twice the field", async () => {
  using picker = await loadPicker({ model: "blob" });
  const [size, diameter] = [400, 24];
  const stream = random(5);
  const places: [number, number][] = [];
  for (let y = 40; y < 380; y += 60) for (let x = 40; x < 380; x += 60) places.push([x, y]);
  const pixels = Float32Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    const isDisc = places.some(([a, b]) => Math.hypot(x - a, y - b) < diameter / 2);
    return (isDisc ? -1 : 0) + 0.4 * stream.normal();
  });
  const micrograph = { name: "discs", width: size, height: size, pixels };
  const { picks } = await picker.pick(micrograph, { diameterPx: diameter, threshold: 0.8 });
  assertEquals(picks.length, places.length);
  for (const [x, y] of places) {
    assert(picks.some((pick) => Math.hypot(pick.x - x, pick.y - y) < 3), `none at ${x}, ${y}`);
  }
  const wide = new Float32Array(2 * size * size);
  for (let y = 0; y < size; y++) {
    wide.set(pixels.subarray(y * size, (y + 1) * size), 2 * y * size);
    wide.set(pixels.subarray((size - 1 - y) * size, (size - y) * size), (2 * y + 1) * size);
  }
  const twice = { name: "wide", width: 2 * size, height: size, pixels: wide };
  const both = await picker.pick(twice, { diameterPx: diameter, threshold: 0.8 });
  assertEquals(both.picks.length, 2 * places.length);
  const ramped = {
    ...micrograph,
    pixels: pixels.map((value, i) => value + 4 * 0.5 * (i % size) / size),
  };
  const steep = await picker.pick(ramped, { diameterPx: diameter, threshold: 0.8 });
  assertEquals(steep.picks.length, places.length);
});
