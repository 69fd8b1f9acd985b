import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  drawTargets,
  fromCell,
  OUTPUT_STRIDE,
  SIGMA_RATIO,
  SIZE_UNIT,
  toCell,
} from "../../lib/centernet/mod.ts";
import { type Circle, random } from "../../lib/core/mod.ts";
import { assertClose } from "../_backends.ts";
import { plainTargets } from "./golden.ts";

const HEIGHT = 64;
const WIDTH = 96;
const COLUMNS = WIDTH / OUTPUT_STRIDE;

/** Objects anywhere, a few of them outside the image. */
function someObjects(seed: number, count = 12): Circle[] {
  const stream = random(seed);
  return Array.from({ length: count }, () => ({
    x: stream.between(-20, WIDTH + 20),
    y: stream.between(-20, HEIGHT + 20),
    diameter: stream.between(6, 60),
  }));
}

Deno.test("cells are centred on their 4 × 4 pixels, there and back", () => {
  assertEquals([toCell(1.5), toCell(5.5), toCell(-0.5)], [0, 1, -0.5]);
  for (const pixel of [-7.3, 0, 1.5, 63.25]) {
    assertAlmostEquals(fromCell(toCell(pixel)), pixel, 1e-9);
  }
});

Deno.test("target maps are their definition, cell by cell", () => {
  for (let seed = 0; seed < 20; seed++) {
    const objects = someObjects(seed);
    const found = drawTargets(objects, HEIGHT, WIDTH);
    const expected = plainTargets(objects, [1, HEIGHT, WIDTH], SIGMA_RATIO);
    assertEquals([found.height, found.width], [16, 24]);
    for (const part of ["heat", "centre", "offset", "size"] as const) {
      assertClose(found[part], expected[part], 1e-6, part);
    }
  }
});

Deno.test("an object on a cell's centre is a Gaussian with peak 1 and sigma by its diameter", () => {
  const diameter = 36;
  const place = { x: fromCell(10), y: fromCell(7) };
  const { heat, centre, offset, size } = drawTargets([{ ...place, diameter }], HEIGHT, WIDTH);
  const at = 7 * COLUMNS + 10;
  const sigma = SIGMA_RATIO * diameter / 4;
  assertEquals([heat[at], centre[at], offset[2 * at], offset[2 * at + 1]], [1, 1, 0, 0]);
  assertAlmostEquals(heat[at + 1], Math.exp(-1 / (2 * sigma ** 2)), 1e-6);
  assertAlmostEquals(heat[at - COLUMNS], Math.exp(-1 / (2 * sigma ** 2)), 1e-6);
  assertAlmostEquals(heat[at + COLUMNS + 1], Math.exp(-2 / (2 * sigma ** 2)), 1e-6);
  assertAlmostEquals(size[at], Math.log(diameter / SIZE_UNIT), 1e-6);
  assertEquals(centre.reduce((sum, value) => sum + value, 0), 1);
});

Deno.test("every peak is 1 at its centre's cell and the heat map stays within 0 and 1", () => {
  for (let seed = 30; seed < 50; seed++) {
    const { heat, centre } = drawTargets(someObjects(seed), HEIGHT, WIDTH);
    assert(heat.every((value, i) => value >= 0 && value <= 1 && (centre[i] === 0 || value === 1)));
  }
});

Deno.test("offsets are within half a cell and lead back to the object", () => {
  for (let seed = 50; seed < 70; seed++) {
    const [object] = someObjects(seed, 1);
    const { centre, offset, size } = drawTargets([object], HEIGHT, WIDTH);
    const cell = centre.indexOf(1);
    const inside = object.x >= -0.5 && object.x < WIDTH - 0.5 &&
      object.y >= -0.5 && object.y < HEIGHT - 0.5;
    assertEquals(cell >= 0, inside);
    if (!inside) continue;
    const [dx, dy] = offset.subarray(2 * cell);
    assert(Math.abs(dx) <= 0.5 && Math.abs(dy) <= 0.5);
    assertAlmostEquals(fromCell(cell % COLUMNS + dx), object.x, 1e-4);
    assertAlmostEquals(fromCell(Math.floor(cell / COLUMNS) + dy), object.y, 1e-4);
    assertAlmostEquals(SIZE_UNIT * Math.exp(size[cell]), object.diameter, 1e-4);
  }
});

Deno.test("overlapping objects merge by maximum, whatever their order", () => {
  const objects = someObjects(80, 6);
  const together = drawTargets(objects, HEIGHT, WIDTH).heat;
  const alone = objects.map((object) => drawTargets([object], HEIGHT, WIDTH).heat);
  assert(together.every((value, i) => value === Math.max(...alone.map((heat) => heat[i]))));
  assertEquals(drawTargets(objects.toReversed(), HEIGHT, WIDTH).heat, together);
});

Deno.test("objects outside contribute their tail alone, far ones nothing", () => {
  const tail = drawTargets([{ x: -8, y: 30, diameter: 60 }], HEIGHT, WIDTH);
  assert(tail.heat.some((value) => value > 0));
  assert(tail.heat.every((value) => value < 1));
  assertEquals(Math.max(...tail.centre, ...tail.offset, ...tail.size), 0);
  const far = drawTargets([{ x: 500, y: -500, diameter: 60 }], HEIGHT, WIDTH);
  assertEquals(Math.max(...far.heat, ...far.centre), 0);
  assertEquals(Math.max(...drawTargets([], HEIGHT, WIDTH).heat), 0);
});

Deno.test("cells with their centre in an ignored circle are marked; without circles there is no map", () => {
  assert(!("ignored" in drawTargets(someObjects(1), HEIGHT, WIDTH)));
  const circles = [{ x: 20, y: 12, diameter: 17 }, { x: 90, y: 60, diameter: 40 }];
  const { ignored } = drawTargets(someObjects(1), HEIGHT, WIDTH, circles);
  for (let row = 0; row < HEIGHT / 4; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const [x, y] = [4 * column + 1.5, 4 * row + 1.5];
      const inside = circles.some((c) => (c.x - x) ** 2 + (c.y - y) ** 2 <= (c.diameter / 2) ** 2);
      assertEquals(ignored![row * COLUMNS + column], +inside);
    }
  }
});
