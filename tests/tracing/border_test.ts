import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Point } from "../../lib/core/mod.ts";
import { continuedToBorder } from "../../lib/tracing/mod.ts";

const SIZE = { width: 201, height: 101 };

function continued(line: Point[], farthest = 30): Point[] {
  const fiber = { line, length: NaN, score: 1, points: 5 };
  return continuedToBorder(fiber, SIZE, farthest).line;
}

Deno.test("a fiber runs on to all borders that it heads for and is near to", () => {
  const row = [{ x: 20, y: 50 }, { x: 180, y: 50 }];
  assertEquals(continued(row), [{ x: 0, y: 50 }, ...row, { x: 200, y: 50 }]);
  const column = [{ x: 70, y: 90 }, { x: 70, y: 60 }, { x: 70, y: 25 }];
  assertEquals(continued(column), [{ x: 70, y: 100 }, ...column, { x: 70, y: 0 }]);
});

Deno.test("a fiber that ends farther away, on the border or along it stays as it is", () => {
  for (
    const line of [
      [{ x: 60, y: 50 }, { x: 140, y: 50 }],
      [{ x: 0, y: 50 }, { x: 100, y: 50 }, { x: 200, y: 50 }],
      [{ x: 60, y: 3 }, { x: 140, y: 3 }],
    ]
  ) assertEquals(continued(line), line);
});

Deno.test("a slanting end goes on in its own direction to the border that comes first", () => {
  const line = [{ x: 100, y: 40 }, { x: 160, y: 85 }]; // 3 : 4 : 5
  const [, , end] = continued(line);
  assertAlmostEquals(end.x, 180, 1e-9);
  assertAlmostEquals(end.y, 100, 1e-9);
  assertEquals(continued(line, 24), line); // 25 away
});
