import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { blankCanvas } from "../../lib/simulation/canvas.ts";
import { paintFibers } from "../../lib/simulation/fibers.ts";
import {
  type FiberSpecimen,
  HELIX_NAMES,
  helixNamed,
  simulateMicrograph,
} from "../../lib/simulation/mod.ts";
import { alongLine, labelsOf, type PlacedFiber } from "../../lib/simulation/scene.ts";

const SIZE = 512;

function scene(specimen: Partial<FiberSpecimen>, seed = 1) {
  return simulateMicrograph({
    specimen: { kind: "fibers", helix: "actin", count: 12, lengthA: [2000, 2500], ...specimen },
    ...{ size: SIZE, pixelSizeA: 8, seed, iceNoise: 0 },
  });
}

/** Length of a polyline. */
function lengthOf({ points }: PlacedFiber): number {
  return points.slice(1).reduce(
    (sum, [x, y], i) => sum + Math.hypot(x - points[i][0], y - points[i][1]),
    0,
  );
}

/** A straight fiber along a row. */
function straight(species: string, y: number, pixelSizeA: number): PlacedFiber {
  const points = Array.from({ length: 101 }, (_, i): [number, number] => [56 + 4 * i, y]);
  return { species, diameter: helixNamed(species).diameterA / pixelSizeA, points, rotDeg: 0 };
}

Deno.test("a fiber has its subunits' mass per rise, and its width", () => {
  for (const name of HELIX_NAMES) {
    const { subunit, riseA, diameterA } = helixNamed(name);
    const canvas = blankCanvas(SIZE, 4);
    paintFibers(canvas, [straight(name, 256.5, 4)], 1);
    const mass = 16 * canvas.pixels.reduce((sum, value) => sum + value, 0);
    const expected = 400 * 4 / riseA * subunit.reduce((sum, { massKda }) => sum + massKda, 0);
    assertAlmostEquals(mass / expected, 1, 0.01, name);
    const rows = Float64Array.from(
      { length: SIZE },
      (_, y) =>
        canvas.pixels.subarray(y * SIZE, (y + 1) * SIZE).reduce((sum, value) => sum + value, 0),
    );
    const total = rows.reduce((sum, value) => sum + value);
    const centre = rows.reduce((sum, value, y) => sum + value * y, 0) / total;
    assertAlmostEquals(centre, 256.5, 0.1, `${name} lies on its centre line`);
    const within = rows.filter((_, y) => Math.abs(y - 256.5) <= 0.55 * diameterA / 4);
    assert(within.reduce((sum, value) => sum + value) > 0.95 * total, `${name} is wider`);
    const inner = rows.filter((_, y) => Math.abs(y - 256.5) <= 0.3 * diameterA / 4);
    assert(inner.reduce((sum, value) => sum + value) < 0.9 * total, `${name} is thinner`);
  }
});

Deno.test("TMV shows its pitch of 23 Å along the axis and its hole across", () => {
  const canvas = blankCanvas(SIZE, 4);
  paintFibers(canvas, [straight("tmv", 256, 4)], 1);
  const { pixels } = canvas;
  const row = (y: number) => pixels.subarray(y * SIZE + 100, y * SIZE + 400);
  const mean = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  assert(mean(row(256)) < 0.85 * mean(row(256 + 10)), "the hole");
  const [edge] = [row(256 + 17)];
  const amplitude = (periodA: number) => {
    let [re, im] = [0, 0];
    edge.forEach((value, x) => {
      const phase = 2 * Math.PI * x * 4 / periodA;
      [re, im] = [re + value * Math.cos(phase), im + value * Math.sin(phase)];
    });
    return Math.hypot(re, im);
  };
  const pitch = 16.34 * 1.408;
  for (const other of [18, 20, 27, 31]) assert(amplitude(pitch) > 5 * amplitude(other));
});

Deno.test("fibers have the lengths asked for, and straight ones are straight", () => {
  for (const fiber of scene({ helix: "tmv" }).scene.fibers) {
    const lengthA = 8 * lengthOf(fiber);
    assert(lengthA > 1990 && lengthA < 2510, `${lengthA}`);
    const [first, last] = [fiber.points[0], fiber.points.at(-1)!];
    assertAlmostEquals(8 * Math.hypot(last[0] - first[0], last[1] - first[1]) / lengthA, 1, 1e-3);
  }
});

Deno.test("bent fibers are arcs of the radius asked for", () => {
  const bendRadiusA = [3000, 3000] as const;
  const { scene: { fibers } } = scene({ helix: "tmv", curved: 1, bendRadiusA });
  for (const { points } of fibers) {
    const [a, b, c] = [points[0], points[points.length >> 1], points.at(-1)!];
    assertAlmostEquals(8 * circumradius(a, b, c) / 3000, 1, 0.03);
  }
});

function circumradius(a: number[], b: number[], c: number[]): number {
  const [u, v, w] = [[a, b], [b, c], [c, a]].map(([p, q]) => Math.hypot(p[0] - q[0], p[1] - q[1]));
  const twice = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  return u * v * w / (2 * Math.abs(twice));
}

Deno.test("actin bends as its persistence length says", () => {
  // In the plane the direction changes over a length s by a variance of s / persistence length.
  const turns = [1, 2, 3, 4].flatMap((seed) =>
    scene({ count: 60, lengthA: [5000, 5000] }, seed).scene.fibers.map(({ points }) => {
      const direction = (i: number) =>
        Math.atan2(
          points[i + 1][1] - points[i][1],
          points[i + 1][0] - points[i][0],
        );
      const turn = direction(points.length - 2) - direction(0);
      return Math.atan2(Math.sin(turn), Math.cos(turn));
    })
  );
  const variance = turns.reduce((sum, turn) => sum + turn * turn, 0) / turns.length;
  assertAlmostEquals(variance / (5000 / 1.7e5), 1, 4 * Math.sqrt(2 / turns.length));
});

Deno.test("labels lie on the centre lines, on the micrograph, in order along each fiber", () => {
  const { truth, scene: { fibers } } = scene({ curved: 0.5, lengthA: [3000, 6000] });
  const vertices = fibers.flatMap(({ points }) => alongLine(points, 0.5));
  const pieces = Map.groupBy(truth, ({ fiber }) => fiber);
  assert(pieces.size >= fibers.length * 0.8 && truth.length > 300);
  for (const points of pieces.values()) {
    points.forEach(({ x, y, diameter }, i) => {
      assert(x >= 0 && y >= 0 && x <= SIZE - 1 && y <= SIZE - 1);
      assertEquals(diameter, 90 / 8);
      const off = Math.min(...vertices.map(([a, b]) => Math.hypot(a - x, b - y)));
      assert(off < 0.5, `${off} pixels off the centre line`);
      if (i === 0) return;
      const step = Math.hypot(x - points[i - 1].x, y - points[i - 1].y);
      assertAlmostEquals(step, 90 / 8 / 4, 0.05);
    });
  }
});

Deno.test("a fiber that leaves the micrograph and returns is labelled as two", () => {
  const points: [number, number][] = [[20, 20], [40, -60], [60, 20]];
  const fiber = { species: "actin", diameter: 8, points, rotDeg: 0 };
  const empty = { particles: [], vesicles: [], debris: [], crystals: [] };
  const labels = labelsOf({ ...empty, fibers: [fiber] }, 128);
  assertEquals(new Set(labels.map(({ fiber }) => fiber)), new Set([1, 2]));
});

Deno.test("an unknown helix is told", () => {
  assertEquals(assertThrows(() => helixNamed("dna"), EPickerError).code, "bad-option");
});
