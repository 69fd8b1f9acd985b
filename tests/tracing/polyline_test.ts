import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { distance, EPickerError } from "../../lib/core/mod.ts";
import { boxesAlong, lengthOfLine, pointsAlong, withoutSmallTurns } from "../../lib/tracing/mod.ts";
import { arc, distanceToLine, samples } from "./_fibers.ts";

const point = fc.record({
  x: fc.double({ min: -500, max: 500, noNaN: true }),
  y: fc.double({ min: -500, max: 500, noNaN: true }),
});
const lines = fc.array(point, { minLength: 2, maxLength: 12 });

Deno.test("points along a line lie on it, a spacing apart, centred", () => {
  fc.assert(
    fc.property(lines, fc.double({ min: 1, max: 300, noNaN: true }), (line, spacing) => {
      fc.pre(line.slice(1).every((to, i) => distance(line[i], to) > 1e-3));
      const length = lengthOfLine(line);
      const points = pointsAlong(line, spacing);
      assertEquals(points.length, Math.max(1, Math.floor(length / spacing)));
      for (const p of points) assert(distanceToLine(p, line) < 1e-6);
      const reversed = pointsAlong(line.toReversed(), spacing).toReversed();
      points.forEach((p, i) => assert(distance(p, reversed[i]) < 1e-6));
    }),
    { seed: 3 },
  );
});

Deno.test("on a straight line neighbours are exactly the spacing apart", () => {
  const points = pointsAlong([{ x: 0, y: 0 }, { x: 31, y: 0 }, { x: 100, y: 0 }], 8);
  for (let i = 1; i < points.length; i++) {
    assertAlmostEquals(points[i].x - points[i - 1].x, 8, 1e-9);
  }
  assertAlmostEquals(points[0].x, 100 - points[points.length - 1].x, 1e-9);
});

Deno.test("a point or nothing in place of a line", () => {
  assertEquals(pointsAlong([], 5), []);
  assertEquals(pointsAlong([{ x: 2, y: 3 }], 5), [{ x: 2, y: 3 }]);
});

Deno.test("dropping small turns keeps the ends and stays near an arc", () => {
  const line = samples(arc({ x: 0, y: 0 }, 400, 0, 2), 400);
  const kept = withoutSmallTurns(line, 0.1);
  assertEquals([kept[0], kept.at(-1)], [line[0], line.at(-1)]);
  assert(kept.length < 25, `${kept.length} nodes`);
  for (const p of line) assert(distanceToLine(p, kept) < 400 * (1 - Math.cos(0.11)));
});

Deno.test("a long flat bow keeps as many nodes as it takes to stay near it", () => {
  const line = samples(arc({ x: 0, y: 0 }, 5000, 0, 0.16), 300); // 800 long, 16 high
  assertEquals(withoutSmallTurns(line, 0.2).length, 2);
  for (const off of [4, 2, 1]) {
    const kept = withoutSmallTurns(line, 0.2, off);
    for (const p of line) assert(distanceToLine(p, kept) <= off);
    // chords of a circle with that height are 2 √(2 R off) long; the greedy way needs a few more
    const fewest = 800 / (2 * Math.sqrt(2 * 5000 * off));
    assert(kept.length - 1 <= Math.ceil(1.5 * fewest), `${kept.length} nodes for ${off}`);
  }
});

Deno.test("a straight line keeps two nodes, a corner three", () => {
  const row = Array.from({ length: 9 }, (_, i) => ({ x: i, y: 0 }));
  assertEquals(withoutSmallTurns(row, 0.1), [row[0], row[8]]);
  const corner = [...row, { x: 8, y: 3 }, { x: 8, y: 6 }];
  assertEquals(withoutSmallTurns(corner, 0.1), [row[0], row[8], { x: 8, y: 6 }]);
});

Deno.test("boxes are numbered by fiber and keep score and width", () => {
  const fibers = [50, 20].map((length) => ({
    line: [{ x: 0, y: length }, { x: length, y: length }],
    length,
    score: length / 100,
    points: 9,
  }));
  const boxes = boxesAlong(fibers, 10, 12);
  assertEquals(boxes.map(({ fiber }) => fiber), [1, 1, 1, 1, 1, 2, 2]);
  assertEquals(boxes[6], { x: 15, y: 20, score: 0.2, fiber: 2, diameter: 12 });
  assertThrows(() => boxesAlong(fibers, 0), EPickerError, "above 0");
});
