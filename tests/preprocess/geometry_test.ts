import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  MARGIN,
  networkGeometry,
  STRIDE,
  TARGET_SIZE,
  toMicrograph,
  toNetwork,
} from "../../lib/preprocess/mod.ts";

const SHAPES: [width: number, height: number][] = [
  [4096, 4096],
  [5760, 4092],
  [3838, 3710],
  [3710, 3838],
  [1240, 1200],
  [1025, 777],
  [674, 651],
  [37, 1024],
  [1, 5000],
  [2, 5000],
  [1, 1],
];

Deno.test("the longer side becomes 1024 pixels, padded sides the next multiples of 32 with margins", () => {
  assertEquals([TARGET_SIZE, STRIDE, MARGIN], [1024, 32, 16]);
  for (const [width, height] of SHAPES) {
    const image = networkGeometry(width, height);
    assertEquals(Math.max(image.width, image.height), TARGET_SIZE);
    for (
      const [content, padded] of [
        [image.width, image.paddedWidth],
        [image.height, image.paddedHeight],
      ]
    ) {
      assertEquals(padded % STRIDE, 0);
      const inside = padded - 2 * MARGIN;
      assert(content >= 1 && content <= inside && inside - content < STRIDE);
    }
  }
});

Deno.test("sides of known shapes", () => {
  const sides = (width: number, height: number) => {
    const { scale: _, ...sides } = networkGeometry(width, height);
    return Object.values(sides);
  };
  assertEquals(sides(5760, 4092), [1024, 727, 1056, 768]); // 727.47
  assertEquals(sides(3838, 3710), [1024, 990, 1056, 1024]); // 989.85
  assertEquals(sides(1200, 1240), [991, 1024, 1024, 1056]); // 990.97
  assertEquals(sides(37, 1024), [37, 1024, 96, 1056]);
  assertEquals(sides(1, 5000), [1, 1024, 64, 1056]);
  assertEquals(sides(32, 1024), [32, 1024, 64, 1056]);
  assertEquals(sides(33, 1024), [33, 1024, 96, 1056]);
});

Deno.test("content covers the micrograph to half a network pixel", () => {
  for (const [width, height] of SHAPES) {
    const image = networkGeometry(width, height);
    const near = toMicrograph({ x: 15.5, y: 15.5 }, image);
    assertAlmostEquals(near.x, -0.5, 1e-9);
    assertAlmostEquals(near.y, -0.5, 1e-9);
    const far = toMicrograph({ x: image.width + 15.5, y: image.height + 15.5 }, image);
    if (width > image.scale / 2) assert(Math.abs(far.x - (width - 0.5)) <= image.scale / 2 + 1e-9);
    if (height > image.scale / 2) {
      assert(Math.abs(far.y - (height - 0.5)) <= image.scale / 2 + 1e-9);
    }
  }
});

Deno.test("points keep to x' = (x + 0.5) / s - 0.5 + 16 there and back, on every shape", () => {
  const side = fc.integer({ min: 1, max: 8192 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(side, side, share, share, (width, height, u, v) => {
    const image = networkGeometry(width, height);
    const point = { x: u * (width - 1), y: v * (height - 1) };
    const seen = toNetwork(point, image);
    const scale = Math.max(width, height) / 1024;
    assertAlmostEquals(seen.x, (point.x + 0.5) / scale + 15.5, 1e-9);
    assertAlmostEquals(seen.y, (point.y + 0.5) / scale + 15.5, 1e-9);
    const back = toMicrograph(seen, image);
    assertAlmostEquals(back.x, point.x, 1e-9);
    assertAlmostEquals(back.y, point.y, 1e-9);
  }));
});

Deno.test("picks keep score and fiber, and their diameter is scaled along", () => {
  const pick = { x: 3.5, y: 7.5, score: 0.25, diameter: 10, fiber: 2 };
  const before = { ...pick };
  assertEquals(toNetwork(pick, { scale: 2 }), { ...pick, x: 17.5, y: 19.5, diameter: 5 });
  assertEquals(toMicrograph(pick, { scale: 2 }), { ...pick, x: -24.5, y: -16.5, diameter: 20 });
  assertEquals(pick, before);
  assertEquals("diameter" in toNetwork({ x: 0, y: 0 }, { scale: 2 }), false);
});
