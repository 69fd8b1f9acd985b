import { assert, assertEquals } from "@std/assert";
import { centreLineOf, type Mask } from "../../lib/tracing/mod.ts";
import { arc, type Curve, distanceToLine, samples, straight } from "./_fibers.ts";

const SIZE = 200;

/** A mask of curves drawn with a width. */
function maskOf(curves: Curve[], width: number): Mask {
  const lines = curves.map((curve) => samples(curve, 60));
  const pixels = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const point = { x: i % SIZE, y: Math.floor(i / SIZE) };
    return lines.some((line) => distanceToLine(point, line) <= width / 2) ? 255 : 0;
  });
  return { width: SIZE, height: SIZE, pixels };
}

/** Groups of pixels that touch with sides or corners. */
function groupsOf(points: { x: number; y: number }[]): number {
  const left = new Set(points.map(({ x, y }) => `${x},${y}`));
  let groups = 0;
  for (const { x, y } of points) {
    if (!left.delete(`${x},${y}`)) continue;
    groups++;
    const stack = [[x, y]];
    for (let at = stack.pop(); at; at = stack.pop()) {
      for (const dx of [-1, 0, 1]) {
        for (const dy of [-1, 0, 1]) {
          const [u, v] = [at[0] + dx, at[1] + dy];
          if (left.delete(`${u},${v}`)) stack.push([u, v]);
        }
      }
    }
  }
  return groups;
}

Deno.test("centre lines lie in the middle of thick curves and reach almost to their ends", () => {
  const curves = [
    straight({ x: 20, y: 30 }, { x: 180, y: 60 }),
    arc({ x: 100, y: 110 }, 60, 0.5, 3),
  ];
  const centre = centreLineOf(maskOf(curves, 11));
  assertEquals(groupsOf(centre), 2);
  const lines = curves.map((curve) => samples(curve, 300));
  for (const p of centre) assert(Math.min(...lines.map((line) => distanceToLine(p, line))) < 2);
  for (const line of lines) {
    for (const p of line.slice(15, -15)) {
      assert(Math.min(...centre.map(({ x, y }) => Math.hypot(x - p.x, y - p.y))) < 2.5);
    }
  }
});

Deno.test("crossing curves stay connected, and a ring stays a ring", () => {
  const cross = [
    straight({ x: 20, y: 20 }, { x: 180, y: 180 }),
    straight({ x: 180, y: 20 }, { x: 20, y: 180 }),
  ];
  assertEquals(groupsOf(centreLineOf(maskOf(cross, 9))), 1);
  const ring = centreLineOf(maskOf([arc({ x: 100, y: 100 }, 50, 0, 2 * Math.PI)], 9));
  assertEquals(groupsOf(ring), 1);
  const angles = new Set(ring.map(({ x, y }) => Math.round(4 * Math.atan2(y - 100, x - 100))));
  assert(angles.size >= 25, "all around");
});

Deno.test("an empty mask has no centre line, a full one at most a few pixels", () => {
  const pixels = new Uint8Array(400);
  assertEquals(centreLineOf({ width: 20, height: 20, pixels }), []);
  assert(centreLineOf({ width: 20, height: 20, pixels: pixels.fill(1) }).length < 40);
});
