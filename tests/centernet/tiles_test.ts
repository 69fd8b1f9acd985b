import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { mean } from "../../lib/core/mod.ts";
import { startBackend } from "../../lib/backend/mod.ts";
import {
  candidatesOf,
  detectInTiles,
  Detector,
  mostAtOnce,
  type OutputMaps,
  readModel,
} from "../../lib/centernet/mod.ts";
import { RIM, tilesOf } from "../../lib/centernet/tiles.ts";
import { SHIPPED_MODEL } from "../../lib/picking/mod.ts";
import { normalise, preprocess } from "../../lib/preprocess/mod.ts";
import { demoMicrographs } from "../../lib/simulation/mod.ts";

Deno.test("tiles count every cell once, see a rim around it, and are no larger than asked for", () => {
  const sides = fc.integer({ min: 1, max: 300 }).map((n) => 32 * n);
  const least = (2 * RIM + 32) ** 2;
  fc.assert(
    fc.property(sides, sides, fc.double({ min: 1, max: 10, noNaN: true }), (w, h, times) => {
      const { across, down } = tilesOf(w, h, times * least);
      assert(across[0].size * down[0].size <= Math.max(least, times * least));
      for (const [length, spans] of [[w, across], [h, down]] as const) {
        let next = 0;
        for (const { start, size, from, to } of spans) {
          assertEquals([from, start % 32, size % 32, from % 4], [next, 0, 0, 0]);
          assertEquals(size, spans[0].size);
          assert(start >= 0 && start + size <= length && to > from);
          assert(start === 0 || from - start >= RIM, `a rim of ${from - start}`);
          assert(start + size === length || start + size - to >= RIM);
          next = to;
        }
        assertEquals(next, length);
      }
    }),
  );
});

Deno.test("an image that fits is seen whole; a large one in tiles that cost little more", () => {
  const most = mostAtOnce({ width: 0.25, headWidth: 64, size: true });
  const sizes = (width: number, height: number) => {
    const { across, down } = tilesOf(width, height, most);
    return [across.length, down.length, across[0].size, down[0].size];
  };
  assertEquals(sizes(1056, 1056), [1, 1, 1056, 1056]);
  assertEquals(sizes(1760, 1760), [1, 2, 1760, 1056]);
  assertEquals(sizes(4096, 320), [1, 1, 4096, 320]);
});

/** A network that sees no farther than two cells: the sum of 5 × 5 cells, and where it is. */
function sums(pixels: Float32Array, height: number, width: number): Promise<OutputMaps> {
  const [rows, columns] = [height / 4, width / 4];
  const values = new Float32Array(2 * rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let y = Math.max(0, 4 * row - 8); y < Math.min(height, 4 * row + 12); y++) {
        for (let x = Math.max(0, 4 * column - 8); x < Math.min(width, 4 * column + 12); x++) {
          sum += pixels[y * width + x];
        }
      }
      values.set([sum, pixels[4 * row * width + 4 * column]], 2 * (row * columns + column));
    }
  }
  return Promise.resolve({ values, height: rows, width: columns, channels: 2 });
}

Deno.test("tiles give exactly the maps of the whole image where the network sees less than a rim", async () => {
  const [height, width] = [416, 736];
  const pixels = Float32Array.from({ length: height * width }, (_, i) => (i * 7919) % 1009);
  const whole = await sums(pixels, height, width);
  const most = 360 ** 2;
  let seen = 0;
  const tiled = await detectInTiles(pixels, height, width, (tile, h, w) => {
    seen++;
    assert(h * w <= most);
    return sums(tile, h, w);
  }, most);
  assertEquals(tiled, whole);
  assert(seen > 4);
});

Deno.test("a micrograph in tiles gives the picks and the heat map that it gives whole", async () => {
  await startBackend("wasm");
  const { model } = await readModel(SHIPPED_MODEL);
  const { micrograph, truth: [{ diameter }] } = demoMicrographs().find(({ micrograph }) =>
    micrograph.name === "beta-galactosidase"
  )!;
  const { pixels, paddedHeight, paddedWidth } = preprocess(micrograph, {
    view: "particle",
    diameter,
  });
  assert(paddedHeight * paddedWidth > 640 ** 2);
  const picksWith = async (most?: number) => {
    using detector = new Detector(model, most);
    const maps = await detector.detect(normalise(pixels), paddedHeight, paddedWidth);
    const heat = await detector.heatMap(normalise(pixels), paddedHeight, paddedWidth);
    return { picks: candidatesOf(maps).filter(({ score }) => score >= 0.3), maps, heat };
  };
  const at = [await picksWith(), await picksWith(640 ** 2)];
  for (const { heat, maps: { values, channels } } of at) { // the peaks are those of the map
    assert(heat.every((value, i) => [0, value].includes(values[i * channels])));
  }
  const differences = at[0].heat.map((value, i) => Math.abs(value - at[1].heat[i]));
  assert(mean(differences) < 0.001 && differences.some((value) => value > 0)); // not one and the same
  const [whole, tiled] = at.map(({ picks }) => picks);
  assert(whole.length > 50, `${whole.length}`);
  assert(Math.abs(tiled.length - whole.length) <= 0.01 * whole.length);
  const apart = whole.map(({ x, y, score }) => {
    const near = tiled.find((other) => Math.hypot(other.x - x, other.y - y) < 1);
    return near === undefined ? 1 : Math.abs(near.score - score);
  });
  assert(apart.filter((difference) => difference > 0.02).length <= 0.01 * whole.length);
});
