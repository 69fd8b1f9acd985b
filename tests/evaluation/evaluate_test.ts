import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  averagePrecision,
  bestF1,
  evaluate,
  type EvaluationImage,
  matchByDistance,
  precisionRecall,
  UNMATCHED,
} from "../../lib/evaluation/mod.ts";

/** Two particles, found at 0.9 and 0.3, and a false pick at 0.6. */
const MIXED: EvaluationImage = {
  name: "mixed",
  picks: [{ x: 11, y: 10, score: 0.9 }, { x: 99, y: 99, score: 0.6 }, { x: 50, y: 9, score: 0.3 }],
  truth: [{ x: 10, y: 10 }, { x: 50, y: 10 }],
  diameter: 10,
};
const EMPTY: EvaluationImage = { name: "empty", picks: [], truth: [], diameter: 10 };
const BLIND: EvaluationImage = { ...MIXED, name: "blind", picks: [] };
const DIRT: EvaluationImage = { ...MIXED, name: "dirt", truth: [] };

const POINT = fc.record({
  x: fc.integer({ min: 0, max: 80 }),
  y: fc.integer({ min: 0, max: 80 }),
  score: fc.constantFrom(0.1, 0.2, 0.5, 0.8, 0.9),
});
const IMAGES: fc.Arbitrary<EvaluationImage[]> = fc.array(
  fc.record({
    name: fc.constant("random"),
    picks: fc.array(POINT, { maxLength: 12 }),
    truth: fc.array(POINT, { maxLength: 12 }),
    diameter: fc.integer({ min: 5, max: 30 }),
  }),
  { maxLength: 4 },
);

Deno.test("the precision-recall curve of three picks", () => {
  assertEquals(precisionRecall([MIXED]), [
    { threshold: 0.9, precision: 1, recall: 0.5, f1: 2 / 3 },
    { threshold: 0.6, precision: 0.5, recall: 0.5, f1: 0.5 },
    { threshold: 0.3, precision: 2 / 3, recall: 1, f1: 0.8 },
  ]);
  assertEquals(bestF1([MIXED]), { threshold: 0.3, precision: 2 / 3, recall: 1, f1: 0.8 });
});

Deno.test("equal scores share one point and equal F1 takes the higher threshold", () => {
  const picks = MIXED.picks.map((pick) => ({ ...pick, score: 0.5 }));
  assertEquals(precisionRecall([{ ...MIXED, picks }]).length, 1);
  const tied = { ...MIXED, picks: MIXED.picks.slice(0, 1).concat({ x: 51, y: 10, score: 0.2 }) };
  const wrong = [1, 2].map((i) => ({ x: 200 * i, y: 0, score: 0.2 }));
  assertEquals(bestF1([{ ...tied, picks: [...tied.picks, ...wrong] }]).threshold, 0.9); // both 2/3
});

Deno.test("the radius is half the diameter unless told", () => {
  const radiusOf = () => 0.5;
  assertEquals(bestF1([MIXED], { radiusOf }).f1, 0);
  assertEquals(evaluate([MIXED], { radiusOf }).overall.f1, 0);
  const near = { ...MIXED, picks: [{ x: 15, y: 10 }] };
  assertEquals(bestF1([near]).precision, 1);
  assertEquals(bestF1([{ ...near, picks: [{ x: 15.01, y: 10 }] }]).precision, 0);
});

Deno.test("the best F1 is the best over every threshold, counted one by one", () => {
  fc.assert(fc.property(IMAGES, (images) => {
    const truth = images.reduce((sum, image) => sum + image.truth.length, 0);
    const best = bestF1(images);
    const all = [0.1, 0.2, 0.5, 0.8, 0.9, 1].map((threshold) => {
      const kept = images.map(({ picks }) => picks.filter(({ score }) => score! >= threshold));
      const hits = images.flatMap(({ truth, diameter }, i) =>
        [...matchByDistance(kept[i], truth, diameter / 2)].filter((j) => j !== UNMATCHED)
      );
      return 2 * hits.length / (kept.flat().length + truth);
    });
    const defined = all.filter((f1) => !Number.isNaN(f1));
    assertEquals(best.f1, defined.length > 0 ? Math.max(...defined) : NaN);
    assert(Number.isNaN(best.f1) || (best.f1 >= 0 && best.f1 <= 1));
  }));
});

Deno.test("F1 is the harmonic mean of precision and recall", () => {
  fc.assert(fc.property(IMAGES, (images) => {
    for (const { precision: p, recall: r, f1 } of precisionRecall(images)) {
      if (p + r > 0) assertAlmostEquals(f1, 2 * p * r / (p + r), 1e-12);
    }
  }));
});

Deno.test("perfect picks score 1 everywhere", () => {
  const perfect = { ...MIXED, picks: MIXED.truth.map((pick) => ({ ...pick, score: 0.7 })) };
  const { overall, perImage } = evaluate([perfect]);
  const scores = { ap: 1, ar: 1, f1: 1, precision: 1, recall: 1, radiusError: NaN };
  const counts = { truth: 2, picks: 2, kept: 2 };
  const own = { picks: 2, precision: 1, recall: 1, f1: 1 };
  const { calibrationError, reliability, ...others } = overall;
  assertEquals(others, { ...counts, ...scores, threshold: 0.7, meanF1: 1, own });
  assertAlmostEquals(calibrationError, 1 - 0.7); // they say 0.7, and all are right
  assertEquals(reliability, [{ score: 0.7, right: 1, count: 2 }]);
  assertEquals(perImage, [{ name: "mixed", ...counts, ...scores, bestF1: 1 }]);
});

Deno.test("every micrograph is scored at the dataset's threshold and at its own best", () => {
  const high = { ...MIXED, name: "high", picks: MIXED.truth.map((p) => ({ ...p, score: 0.95 })) };
  const late = { ...MIXED, name: "late", picks: DIRT.picks.map((p) => ({ ...p, score: 0.2 })) };
  const { overall, perImage } = evaluate([high, MIXED, late]);
  assertEquals(overall.threshold, 0.2);
  assertAlmostEquals(overall.f1, 2 * 6 / (8 + 6));
  assertEquals(perImage.map(({ kept }) => kept), [2, 3, 3]);
  assertEquals(perImage.map(({ bestF1 }) => bestF1), [1, 0.8, 0.8]);
  const strict = evaluate([high, { ...MIXED, picks: DIRT.picks.slice(1, 2) }]);
  assertEquals(strict.overall.threshold, 0.95);
  assertEquals(strict.perImage.map(({ f1 }) => f1), [1, 0]);
  assertEquals(strict.overall.meanF1, 0.5);
});

Deno.test("picks below the dataset's threshold count on no micrograph, and empty ones have no F1", () => {
  const truth = [{ x: 10, y: 10 }, { x: 90, y: 10 }];
  const all = truth.map((particle) => ({ ...particle, score: 0.9 }));
  const wrong = [0.3, 0.2, 0.1].map((score, i) => ({ x: 40 * i, y: 80, score }));
  const { overall, perImage } = evaluate([
    { name: "one", picks: all, truth, diameter: 8 },
    { name: "two", picks: [{ ...truth[0], score: 0.8 }, ...wrong], truth, diameter: 8 },
    { name: "empty", picks: [], truth: [], diameter: 8 },
  ]);
  assertEquals(overall.threshold, 0.8); // three of four found, nothing false
  assertEquals(perImage.map(({ kept }) => kept), [2, 1, 0]);
  assertEquals(perImage.map(({ f1 }) => f1), [1, 2 / 3, NaN]);
  assertAlmostEquals(overall.meanF1, (1 + 2 / 3) / 2);
});

Deno.test("micrographs without picks or truth count, and what has no meaning is NaN", () => {
  const { overall, perImage } = evaluate([MIXED, EMPTY, BLIND, DIRT]);
  assertEquals([overall.truth, overall.picks], [4, 6]);
  assertEquals(overall.ap, averagePrecision([MIXED, EMPTY, BLIND, DIRT]).ap);
  assertEquals(overall.ar, 0.5);
  assertEquals(overall.f1, 0.4); // all six picks, two correct
  const [, empty, blind, dirt] = perImage;
  assertEquals([empty.ap, empty.f1, empty.precision, empty.recall], [NaN, NaN, NaN, NaN]);
  assertEquals([blind.ap, blind.f1, blind.precision, blind.recall], [0, 0, NaN, 0]);
  assertEquals([dirt.ap, dirt.f1, dirt.precision, dirt.recall], [NaN, 0, 0, NaN]);
  assert(JSON.stringify(empty).includes('"f1":null'));
});

Deno.test("a dataset without picks or without anything has defined scores", () => {
  const blind = evaluate([BLIND]).overall;
  assertEquals([blind.ap, blind.f1, blind.recall, blind.meanF1, blind.kept], [0, 0, 0, 0, 0]);
  assertEquals([blind.threshold, blind.precision], [NaN, NaN]);
  const nothing = evaluate([]);
  assertEquals(nothing.perImage, []);
  assertEquals([nothing.overall.f1, nothing.overall.ap, nothing.overall.kept], [NaN, NaN, 0]);
});

/** Vesicles of 40 and 20, a truth without size, and the picks of them: 10 %, 30 % and any size off. */
const SIZED: EvaluationImage = {
  name: "sized",
  picks: [
    { x: 100, y: 100, score: 0.9, diameter: 44 },
    { x: 200, y: 100, score: 0.8, diameter: 14 },
    { x: 300, y: 100, score: 0.7, diameter: 90 },
    { x: 400, y: 100, score: 0.6, diameter: 90 },
  ],
  truth: [
    { x: 100, y: 100, diameter: 40 },
    { x: 200, y: 100, diameter: 20 },
    { x: 300, y: 100 },
  ],
  diameter: 30,
};

Deno.test("the radius error is the median over correct kept picks with known sizes", () => {
  const { overall, perImage } = evaluate([SIZED, MIXED]);
  assertAlmostEquals(overall.radiusError, 0.2); // of 0.1 and 0.3
  assertAlmostEquals(perImage[0].radiusError, 0.2);
  assertEquals(perImage[1].radiusError, NaN);
  const one = { ...SIZED, picks: SIZED.picks.slice(0, 1) };
  assertAlmostEquals(evaluate([one]).overall.radiusError, 0.1);
});

Deno.test("with `sized` F1 asks for the overlap of squares of each object's own diameter", () => {
  const { overall } = evaluate([SIZED], { sized: true });
  // 40² / 44² = 0.83 is a hit; 14² / 20² = 0.49 and 30² / 90² are none
  assertEquals([overall.threshold, overall.precision, overall.recall], [0.9, 1, 1 / 3]);
  assertEquals(evaluate([SIZED], { sized: true, iou: 0.48 }).overall.recall, 2 / 3);
  assertEquals(evaluate([SIZED]).overall.recall, 1);
});

Deno.test("picks in an ignore region are neither right nor wrong, whatever their score", () => {
  const region = { x: 410, y: 100, diameter: 100 };
  const image = { ...SIZED, ignore: [region] };
  for (const sized of [false, true]) {
    const { overall } = evaluate([image], { sized });
    const { picks, ...rest } = SIZED;
    const without = evaluate([{ ...rest, picks: picks.slice(0, 3) }], { sized });
    assertEquals(overall, without.overall);
  }
  assertEquals(evaluate([image]).perImage[0].picks, 3);
  const found = { ...image, truth: [...SIZED.truth, { x: 400, y: 100, diameter: 90 }] };
  assertEquals(evaluate([found], { sized: true }).overall.picks, 4); // a truth there counts
});
