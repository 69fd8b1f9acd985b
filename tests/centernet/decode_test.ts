import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Candidate,
  candidatesOf,
  circleOverlap,
  distinctObjects,
  drawTargets,
  fromCell,
  MAX_CANDIDATES,
  MIN_SCORE,
  type OutputMaps,
  suppress,
  SUPPRESSION_RATIO,
  suppressOverlaps,
  typicalDiameter,
} from "../../lib/centernet/mod.ts";
import { type Circle, random } from "../../lib/core/mod.ts";
import { perfectMaps } from "./_perfect.ts";

/** Objects on a jittered lattice, so that none are neighbours. */
function spreadObjects(seed: number): Circle[] {
  const stream = random(seed);
  const objects: Circle[] = [];
  for (let y = 16; y < 128; y += 32) {
    for (let x = 16; x < 160; x += 32) {
      objects.push({
        x: x + stream.between(-8, 8),
        y: y + stream.between(-8, 8),
        diameter: stream.between(10, 30),
      });
    }
  }
  return objects;
}

function emptyMaps(height: number, width: number, channels: number): OutputMaps {
  return { values: new Float32Array(height * width * channels), height, width, channels };
}

Deno.test("reading the drawn targets of objects gives the objects back", () => {
  for (let seed = 0; seed < 10; seed++) {
    const objects = spreadObjects(seed);
    const maps = perfectMaps(drawTargets(objects, 128, 160));
    const sure = candidatesOf(maps).filter(({ score }) => score === 1);
    const order = (a: Circle, b: Circle) => a.x - b.x;
    assertEquals(sure.length, objects.length);
    objects.toSorted(order).forEach((object, i) => {
      const found = sure.toSorted(order)[i];
      assertAlmostEquals(found.x, object.x, 1e-4);
      assertAlmostEquals(found.y, object.y, 1e-4);
      assertAlmostEquals(found.diameter, object.diameter, 1e-4);
    });
  }
});

Deno.test("planted peaks are found at their cells plus offset, best first", () => {
  const maps = emptyMaps(6, 9, 3);
  const planted = [[0, 0, 0.4, 0, 0], [2, 7, 0.9, 0.25, -0.5], [5, 8, 0.7, -0.1, 0.3]];
  for (const [row, column, ...values] of planted) maps.values.set(values, (row * 9 + column) * 3);
  const found = candidatesOf(maps);
  assertEquals(found.map(({ score }) => score), [0.9, 0.7, 0.4].map(Math.fround));
  assertEquals([found[0].x, found[0].y, found[0].diameter], [fromCell(7.25), fromCell(1.5), 0]);
  assertAlmostEquals(found[1].x, 4 * (8 - 0.1 + 0.5) - 0.5, 1e-5);
  assertAlmostEquals(found[1].y, 4 * (5 + 0.3 + 0.5) - 0.5, 1e-5);
  assertEquals([found[2].x, found[2].y], [1.5, 1.5]);
});

Deno.test("an empty map gives no candidates, and scores below the noise are left out", () => {
  assertEquals(candidatesOf(emptyMaps(8, 8, 3)), []);
  assertEquals(suppress([]), []);
  assertEquals(typicalDiameter([]), 0);
  const maps = emptyMaps(1, 3, 3);
  [MIN_SCORE / 2, 0.011, 0.5].forEach((score, i) => maps.values[3 * i] = score);
  assertEquals(candidatesOf(maps).length, 2);
});

Deno.test("at most 2000 candidates are kept, the best ones", () => {
  const maps = emptyMaps(50, 60, 3);
  const stream = random(3);
  for (let cell = 0; cell < 3000; cell++) maps.values[3 * cell] = stream.between(0.02, 1);
  const found = candidatesOf(maps);
  assertEquals([MAX_CANDIDATES, found.length], [2000, 2000]);
  const scores = Array.from({ length: 3000 }, (_, cell) => maps.values[3 * cell]);
  assertEquals(found.map(({ score }) => score), scores.sort((a, b) => b - a).slice(0, 2000));
});

/** Candidates best first, on whole pixels, so that distances are exact. */
const candidates = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: 100 }),
    y: fc.integer({ min: 0, max: 100 }),
    diameter: fc.integer({ min: 0, max: 60 }),
    score: fc.double({ min: 0.01, max: 1, noNaN: true }),
  }),
  { maxLength: 40 },
).map((list) => list.sort((a, b) => b.score - a.score));

function near(a: Candidate, b: Candidate, ratio: number): boolean {
  return (a.x - b.x) ** 2 + (a.y - b.y) ** 2 < (ratio * a.diameter) ** 2;
}

Deno.test("suppression keeps the best, the order, no close pair, and drops nothing else", () => {
  fc.assert(fc.property(candidates, fc.constantFrom(0.3, SUPPRESSION_RATIO, 1), (list, ratio) => {
    const kept = suppress(list, ratio);
    assertEquals(kept[0], list[0]);
    const places = kept.map((one) => list.indexOf(one));
    assertEquals(places, places.toSorted((a, b) => a - b));
    kept.forEach((better, i) => {
      assert(kept.slice(i + 1).every((worse) => !near(better, worse, ratio)));
    });
    list.forEach((one, i) => {
      if (kept.includes(one)) return;
      assert(kept.some((better) => list.indexOf(better) < i && near(better, one, ratio)));
    });
    assertEquals(suppress(kept, ratio), kept);
  }));
});

Deno.test("suppression is by the better one's diameter, and none by a diameter of 0", () => {
  const wide = { x: 0, y: 0, diameter: 40, score: 0.9 };
  const narrow = { x: 15, y: 0, diameter: 10, score: 0.8 };
  assertEquals(suppress([wide, narrow], 0.5), [wide]);
  assertEquals(suppress([{ ...narrow, score: 1 }, wide], 0.5).length, 2);
  assertEquals(suppress([wide, { ...narrow, x: 20 }], 0.5).length, 2);
  const points = [{ ...wide, diameter: 0 }, { ...narrow, x: 0, diameter: 0 }];
  assertEquals(suppress(points), points);
});

Deno.test("the typical diameter is the median of the confident candidates", () => {
  const list = [[30, 0.9], [20, 0.8], [40, 0.5], [900, 0.4], [1, 0.1]];
  const all = list.map(([diameter, score]) => ({ x: 0, y: 0, diameter, score }));
  assertEquals(typicalDiameter(all), 30);
});

Deno.test("the overlap of circles is the share of points that are in both", () => {
  const stream = random(4);
  for (let i = 0; i < 20; i++) {
    const draw = () => ({
      x: stream.between(40, 60),
      y: stream.between(40, 60),
      diameter: stream.between(8, 60),
    });
    const [a, b] = [draw(), draw()];
    let [both, either] = [0, 0];
    for (let x = 0; x < 100; x += 0.25) {
      for (let y = 0; y < 100; y += 0.25) {
        const [inA, inB] = [a, b].map((c) => Math.hypot(c.x - x, c.y - y) < c.diameter / 2);
        if (inA && inB) both++;
        if (inA || inB) either++;
      }
    }
    assertAlmostEquals(circleOverlap(a, b), both / either, 0.01);
    assertEquals(circleOverlap(a, b), circleOverlap(b, a));
  }
  assertEquals(circleOverlap({ x: 0, y: 0, diameter: 4 }, { x: 4, y: 0, diameter: 4 }), 0);
  assertEquals(circleOverlap({ x: 1, y: 1, diameter: 4 }, { x: 1, y: 1, diameter: 4 }), 1);
});

Deno.test("vesicles that overlap in part or lie in larger ones stay, found twice they do not", () => {
  const vesicle = (x: number, diameter: number, score: number) => ({ x, y: 50, diameter, score });
  const [large, beside, within] = [
    vesicle(50, 40, 0.9),
    vesicle(72, 36, 0.8),
    vesicle(52, 16, 0.7),
  ];
  const again = vesicle(53, 43, 0.6);
  const kept = [large, beside, within];
  assertEquals(suppressOverlaps([...kept, again]), kept);
  assertEquals(distinctObjects([...kept, again], "vesicle", 24), kept);
  const particles = distinctObjects([...kept, again], "particle", 24); // one size for all
  assertEquals(particles, [large, beside].map((c) => ({ ...c, diameter: 24 })));
});

Deno.test("points of fibers stay from a quarter of the width on, particles from 0.45 diameters", () => {
  const at = (x: number, score: number) => ({ x, y: 0, diameter: 7, score });
  const row = [at(0, 0.9), at(12, 0.8), at(21, 0.7), at(40, 0.6)]; // of objects 40 px wide
  const places = (mode: "fiber" | "particle") => distinctObjects(row, mode, 40).map(({ x }) => x);
  assertEquals(places("fiber"), [0, 12, 40]); // 12 and 19 ≥ 10 > 9
  assertEquals(places("particle"), [0, 21, 40]); // 21 and 19 ≥ 18 > 12
});

Deno.test("circles of one size are apart at 0.45 diameters, as particles are", () => {
  const pair = (distance: number) => [
    { x: 0, y: 0, diameter: 40, score: 0.9 },
    { x: distance * 40, y: 0, diameter: 40, score: 0.8 },
  ];
  assertEquals(suppressOverlaps(pair(SUPPRESSION_RATIO)).length, 2);
  assertEquals(suppressOverlaps(pair(SUPPRESSION_RATIO - 0.005)).length, 1);
});
