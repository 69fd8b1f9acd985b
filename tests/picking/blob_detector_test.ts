import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { candidatesOf } from "../../lib/centernet/mod.ts";
import { random } from "../../lib/core/mod.ts";
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
