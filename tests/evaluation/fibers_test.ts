import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Point } from "../../lib/core/mod.ts";
import {
  evaluateFibers,
  type FiberImage,
  truthOfLines,
  truthOfPixels,
} from "../../lib/evaluation/mod.ts";

/** A straight line of two nodes. */
function line(x0: number, y0: number, x1: number, y1: number): Point[] {
  return [{ x: x0, y: y0 }, { x: x1, y: y1 }];
}

function scoresOf(traced: Point[][], truth: FiberImage["truth"], tolerance?: number) {
  return evaluateFibers([{ name: "a", traced, truth }], tolerance).overall;
}

const ROW = line(0, 50, 300, 50);

Deno.test("fibers traced as they are: all found, nothing false, one piece each", () => {
  const lines = [ROW, [{ x: 0, y: 0 }, { x: 30, y: 40 }, { x: 330, y: 40 }]];
  const scores = scoresOf(lines, truthOfLines(lines));
  assertEquals([scores.fibers, scores.foundFibers, scores.traced], [2, 2, 2]);
  assertEquals([scores.found, scores.false, scores.f1, scores.pieces], [1, 0, 1, 1]);
  assertAlmostEquals(scores.length, 300 + 50 + 300, 1e-6);
  assertAlmostEquals(scores.tracedLength, scores.length, 1e-6);
});

Deno.test("a parallel line counts up to the tolerance and is false beyond it", () => {
  const truth = truthOfLines([ROW]);
  assertEquals([5.9, 6.1].map((y) => scoresOf([line(0, 50 + y, 300, 50 + y)], truth).found), [
    1,
    0,
  ]);
  assertEquals(scoresOf([line(0, 56.1, 300, 56.1)], truth).false, 1);
  assertEquals(scoresOf([line(0, 56.1, 300, 56.1)], truth, 7).false, 0);
});

Deno.test("a part of a fiber is found with the tolerance at its end, a line too long is false", () => {
  // 100 of 300 px and the 6 px that its end reaches further
  assertAlmostEquals(scoresOf([line(0, 50, 100, 50)], truthOfLines([ROW])).found, 106 / 300, 0.004);
  // 400 px over 300 px, of which 6 px lie within the tolerance of the end
  assertAlmostEquals(scoresOf([line(0, 50, 400, 50)], truthOfLines([ROW])).false, 94 / 400, 0.003);
});

Deno.test("a fiber counts as found where half of its length is", () => {
  const found = (length: number) =>
    scoresOf([line(0, 50, length, 50)], truthOfLines([ROW])).foundFibers;
  // the end of a traced line reaches 6 px farther: half of 300 px from a length of 144 on
  assertEquals([40, 130, 142, 146, 300].map(found), [0, 0, 0, 1, 1]);
});

Deno.test("two pieces over one fiber are two, a crossing fiber is none of its pieces", () => {
  const truth = truthOfLines([ROW, line(150, -100, 150, 200)]);
  const traced = [line(0, 50, 140, 50), line(160, 50, 300, 50), line(150, -100, 150, 200)];
  const scores = scoresOf(traced, truth);
  assertEquals([scores.pieces, scores.foundFibers, scores.false], [1.5, 2, 0]);
  assert(scores.found > 0.99);
});

Deno.test("a traced line that runs over two fibers counts for the one that most of it follows", () => {
  const truth = truthOfLines([line(0, 50, 200, 50), line(200, 50, 300, 50)]);
  const scores = scoresOf([ROW], truth);
  assertEquals([scores.foundFibers, scores.pieces, scores.found], [2, 1, 1]);
});

Deno.test("without traced lines nothing is found, without truth everything is false", () => {
  const nothing = scoresOf([], truthOfLines([ROW]));
  assertEquals([nothing.found, nothing.f1, nothing.pieces, nothing.false], [0, 0, NaN, NaN]);
  const wrong = scoresOf([ROW], []);
  assertEquals([wrong.found, wrong.false, wrong.pieces], [NaN, 1, NaN]);
});

Deno.test("lengths of micrographs add up", () => {
  const truth = truthOfLines([ROW]);
  const { overall, perImage } = evaluateFibers([
    { name: "a", traced: [ROW], truth },
    { name: "b", traced: [], truth },
  ]);
  assertEquals(perImage.map(({ found }) => found), [1, 0]);
  assertEquals([overall.found, overall.fibers, overall.foundFibers], [0.5, 2, 1]);
});

/** The pixels of a line of whole steps. */
function pixels(from: Point, step: Point, count: number): Point[] {
  return Array.from({ length: count }, (_, i) => {
    return { x: from.x + i * step.x, y: from.y + i * step.y };
  });
}

Deno.test("pixels of a centre line stand for its length, rows and diagonals alike", () => {
  const sum = (truth: { length: number }[]) => truth.reduce((s, { length }) => s + length, 0);
  const lengthOf = (points: Point[]) => sum(truthOfPixels(points, 100));
  const origin = { x: 5, y: 5 };
  assertEquals(lengthOf(pixels(origin, { x: 1, y: 0 }, 101)), 100);
  assertEquals(lengthOf(pixels(origin, { x: 0, y: 1 }, 101)), 100);
  assertAlmostEquals(lengthOf(pixels(origin, { x: 1, y: 1 }, 101)), 100 * Math.SQRT2);
  assertAlmostEquals(lengthOf(pixels(origin, { x: 1, y: -1 }, 101)), 100 * Math.SQRT2);
  const row = pixels(origin, { x: 1, y: 0 }, 101);
  assertEquals(lengthOf([...row, ...row]), 100, "a pixel that is listed twice counts once");
});

Deno.test("crossing centre lines in pixels are two fibers, in any order of the pixels", () => {
  const cross = [
    ...pixels({ x: 0, y: 100 }, { x: 1, y: 0 }, 201),
    ...pixels({ x: 100, y: 0 }, { x: 0, y: 1 }, 201).filter(({ y }) => y !== 100),
  ];
  const traced = [line(0, 100, 90, 100), line(110, 100, 200, 100), line(100, 0, 100, 200)];
  for (const points of [cross, cross.toReversed()]) {
    const scores = scoresOf(traced, truthOfPixels(points, 66));
    assertEquals([scores.fibers, scores.foundFibers, scores.pieces], [2, 2, 1.5]);
    assert(scores.found > 0.95 && scores.false === 0);
  }
});
