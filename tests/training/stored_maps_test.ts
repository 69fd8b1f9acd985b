import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { random } from "../../lib/core/mod.ts";
import type { TrainingImage } from "../../lib/training/mod.ts";
import { cellsOf, randomCrop } from "../../lib/training/augment.ts";

const [WIDTH, HEIGHT] = [128, 96];

/** A value at every place of an image. */
type Field = (x: number, y: number) => number;

/** An image without content whose stored map has the values of a field in the middles of its cells. */
function imageWith(field: Field): TrainingImage {
  const geometry = { width: WIDTH, height: HEIGHT, paddedWidth: WIDTH, paddedHeight: HEIGHT };
  const columns = WIDTH / 4;
  const heat = Float32Array.from({ length: columns * HEIGHT / 4 }, (_, i) => {
    return field(4 * (i % columns) + 1.5, 4 * Math.floor(i / columns) + 1.5);
  });
  const stream = random(1);
  const objects = Array.from({ length: 60 }, () => {
    return { x: stream.between(8, WIDTH - 8), y: stream.between(8, HEIGHT - 8), diameter: 9 };
  });
  const image = { ...geometry, pixels: new Uint8Array(WIDTH * HEIGHT), scale: 1 };
  return { dataset: "a", name: "a", image, objects, heat };
}

/** The value at a place of a crop between its cells; none beyond the middles of the outer ones. */
function between(cells: Float32Array, size: number, x: number, y: number): number | undefined {
  const [column, row, last] = [(x - 1.5) / 4, (y - 1.5) / 4, size / 4 - 1];
  if (column < 0 || row < 0 || column >= last || row >= last) return undefined;
  const [left, top] = [Math.floor(column), Math.floor(row)];
  const at = (r: number, c: number) => cells[r * size / 4 + c];
  const [u, v] = [column - left, row - top];
  return (1 - v) * ((1 - u) * at(top, left) + u * at(top, left + 1)) +
    v * ((1 - u) * at(top + 1, left) + u * at(top + 1, left + 1));
}

Deno.test("a stored map goes with its crop: at every label it says what it says in the image", () => {
  // slopes, which linear interpolation gives exactly
  const fields: Field[] = [
    (x) => 0.01 * x,
    (_, y) => 0.01 * y,
    (x, y) => 0.4 + 2e-3 * x - 3e-3 * y,
  ];
  let seen = 0;
  for (const field of fields) {
    const source = imageWith(field);
    for (let seed = 0; seed < 30; seed++) {
      const crop = randomCrop(source, 32, random(seed));
      const cells = cellsOf(crop, 32)!;
      assertEquals(cells.length, 64);
      for (const [i, { x, y }] of crop.objects.entries()) {
        const value = between(cells, 32, x, y);
        if (value === undefined) continue;
        assertAlmostEquals(value, field(source.objects[i].x, source.objects[i].y), 1e-5);
        seen++;
      }
    }
  }
  assert(seen > 100, `${seen} labels`);
});

Deno.test("beyond the image a stored map is 0, and without one there is none", () => {
  const still = { scale: 1, contrast: 0, brightness: 0 };
  const source = imageWith(() => 1);
  const cells = cellsOf(randomCrop(source, 256, random(1), still), 256)!;
  assert(cells.every((value) => value === 0 || value === 1));
  const inside = cells.reduce((sum, value) => sum + value, 0);
  assertEquals(inside, WIDTH * HEIGHT / 16); // the whole image lies in the crop
  const { heat: _, ...bare } = source;
  assertEquals(cellsOf(randomCrop(bare, 32, random(1)), 32), undefined);
});
