import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { random } from "../../lib/core/mod.ts";
import {
  averagePrecision,
  bestF1,
  bootstrap,
  compareFolders,
  comparePickers,
  evaluate,
  evaluateFolder,
  type EvaluationImage,
  formatInterval,
} from "../../lib/evaluation/mod.ts";
import { readDataset, writeCandidates, writeCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { withFolder } from "../io/mrc_bytes.ts";

/** Micrographs of one square each, and two pickers that err differently. */
function fewImages(count: number): [EvaluationImage, EvaluationImage][] {
  const stream = random(5);
  return Array.from({ length: count }, (_, i) => {
    const truth = Array.from({ length: 6 }, () => place());
    const pick = (share: number) => [
      ...truth.filter(() => stream.uniform() < share).map(({ x, y }) => scored(x + 1, y)),
      ...Array.from({ length: stream.integer(5) }, () => scored(place().x, place().y)),
    ];
    const image = { name: `${i}`, truth, diameter: 20 };
    return [{ ...image, picks: pick(0.9) }, { ...image, picks: pick(0.6) }];
  });
  function place() {
    return { x: stream.between(0, 99), y: stream.between(0, 99) };
  }
  function scored(x: number, y: number) {
    return { x: Math.max(0, Math.min(x, 99)), y, score: stream.uniform() };
  }
}

const PAIRS = fewImages(12);
const ONES = PAIRS.map(([one]) => one);
const OTHERS = PAIRS.map(([, other]) => other);

/** The best picks of a micrograph, as many as the other has. */
function cut(image: EvaluationImage, i: number): EvaluationImage {
  const count = Math.min(ONES[i].picks.length, OTHERS[i].picks.length);
  return { ...image, picks: image.picks.toSorted((a, b) => b.score! - a.score!).slice(0, count) };
}

Deno.test("two pickers are compared at the smaller number of picks of every micrograph", () => {
  const { picks, ap, otherAp } = comparePickers(ONES, OTHERS, { resamples: 2 });
  const [ones, others] = [ONES.map(cut), OTHERS.map(cut)];
  assertEquals(picks, ones.flatMap((image) => image.picks).length);
  assertEquals(ap, averagePrecision(ones).ap);
  assertEquals(otherAp, averagePrecision(others).ap);
  assert(ap !== averagePrecision(ONES).ap); // the cut matters
});

Deno.test("the interval of a comparison is that of micrographs drawn again and scored anew", () => {
  const [seed, resamples] = [3, 40];
  const { apDifference, f1Difference } = comparePickers(ONES, OTHERS, { seed, resamples });
  const f1At = (images: EvaluationImage[], threshold: number) => {
    const picks = images.map(({ picks }) => picks.filter(({ score }) => score! >= threshold));
    return evaluate(images.map((image, i) => ({ ...image, picks: picks[i] }))).overall.own.f1;
  };
  const [one, other] = [ONES, OTHERS].map((images) => bestF1(images).threshold);
  const { integer } = random(seed);
  const drawn = Array.from({ length: resamples }, () => {
    const times = new Array(ONES.length).fill(0);
    for (const _ of ONES) times[integer(ONES.length)]++;
    const again = (images: EvaluationImage[]) =>
      images.flatMap((image, i) => new Array<EvaluationImage>(times[i]).fill(image));
    const [a, b] = [again(ONES), again(OTHERS)];
    return {
      ap: averagePrecision(again(ONES.map(cut))).ap - averagePrecision(again(OTHERS.map(cut))).ap,
      f1: f1At(a, one) - f1At(b, other),
    };
  });
  const ends = (values: number[]) => {
    const sorted = values.toSorted((a, b) => a - b);
    return [sorted[1], sorted[38]]; // 2.5 % and 97.5 % of 39 steps
  };
  const aps = ends(drawn.map(({ ap }) => ap));
  assertAlmostEquals(apDifference.low, aps[0], 1e-9);
  assertAlmostEquals(apDifference.high, aps[1], 1e-9);
  const f1s = ends(drawn.map(({ f1 }) => f1));
  assertAlmostEquals(f1Difference.low, f1s[0], 1e-9);
  assertAlmostEquals(f1Difference.high, f1s[1], 1e-9);
});

Deno.test("a comparison's differences are those of the plain scores, ignore regions and all", () => {
  const POINT = fc.record({
    x: fc.integer({ min: 0, max: 80 }),
    y: fc.integer({ min: 0, max: 80 }),
    score: fc.constantFrom(0.1, 0.2, 0.5, 0.8, 0.9),
  });
  const places = fc.array(POINT, { minLength: 1, maxLength: 12 });
  fc.assert(fc.property(places, places, places, (truth, some, more) => {
    const image = { name: "", truth, diameter: 12, ignore: [{ x: 30, y: 30, diameter: 25 }] };
    const [one, other] = [some, more].map((picks) => ({ ...image, picks }));
    const { ap, otherAp, apDifference, f1Difference } = comparePickers([one], [other], {
      resamples: 2,
    });
    assertAlmostEquals(apDifference.value, ap - otherAp, 1e-12);
    assertAlmostEquals(f1Difference.value, bestF1([one]).f1 - bestF1([other]).f1, 1e-12);
  }));
});

Deno.test("a picker against itself differs by nothing, and the seed decides the draws", () => {
  const same = comparePickers(ONES, ONES, { resamples: 50 });
  assertEquals(same.apDifference, { value: 0, low: 0, high: 0 });
  const [one, again, other] = [1, 1, 2].map((seed) =>
    comparePickers(ONES, OTHERS, { seed, resamples: 50 }).apDifference
  );
  assertEquals(one, again);
  assert(one.low !== other.low);
});

Deno.test("the bootstrap of a share has the width of its standard error", () => {
  const count = 400;
  const share = (times: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < count / 2; i++) sum += times[i];
    return sum / count;
  };
  const { value, low, high } = bootstrap(count, share);
  const error = Math.sqrt(0.5 * 0.5 / count);
  assertEquals(value, 0.5);
  assertAlmostEquals(low, 0.5 - 1.96 * error, 0.2 * error);
  assertAlmostEquals(high, 0.5 + 1.96 * error, 0.2 * error);
  assertEquals(
    formatInterval({ value: -0.0154, low: -0.03, high: 0 }),
    "−0.015 (−0.030 to +0.000)",
  );
});

Deno.test("own scores take the picker's threshold, or all picks where it has none", () => {
  const image = { name: "a", truth: [{ x: 10, y: 10 }, { x: 50, y: 10 }], diameter: 10 };
  const picks = [
    { x: 10, y: 10, score: 0.9 },
    { x: 90, y: 90, score: 0.4 },
    { x: 50, y: 10, score: 0.3 },
  ];
  const own = (threshold?: number) =>
    evaluate([{ ...image, picks, ...(threshold !== undefined && { threshold }) }]).overall.own;
  assertEquals(own(0.4), { picks: 2, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 });
  assertEquals(own(), { picks: 3, precision: 2 / 3, recall: 1, f1: 4 / 5 });
});

Deno.test("folders are compared on the micrographs that both have, and candidates bring their threshold", async () => {
  await withFolder(async (folder) => {
    const truth = [{ x: 20, y: 20 }, { x: 80, y: 80 }];
    const size = { width: 100, height: 100 };
    for (const name of ["a", "b"]) {
      const pixels = new Float32Array(100 * 100);
      await writeMrc(`${folder}/micrographs/${name}.mrc`, { ...size, pixels, pixelSizeA: 2 });
      await writeCoordinates(`${folder}/coordinates/${name}.star`, truth);
      const candidates = [
        { ...truth[0], score: 0.8 },
        { x: 50, y: 50, score: 0.6 },
        { ...truth[1], score: 0.2 },
      ];
      await writeCandidates(`${folder}/ours/candidates/${name}.json`, {
        ...{ version: 1, micrograph: name, ...size, threshold: 0.5, candidates },
      });
    }
    await writeCoordinates(`${folder}/theirs/b.csv`, [{ ...truth[0], score: 1 }]);
    await Deno.writeTextFile(`${folder}/dataset.json`, '{"diameterA": 40}');
    const dataset = await readDataset(folder);
    const { overall } = await evaluateFolder(`${folder}/ours`, dataset, { split: "all" });
    assertEquals(overall.own, { picks: 4, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 });
    const { picks, ap, otherAp, f1Difference } = await compareFolders(
      `${folder}/ours`,
      `${folder}/theirs`,
      dataset,
      { split: "all" },
    );
    assertEquals([picks, ap], [1, otherAp]); // one of `b`, the best of ours there
    assertAlmostEquals(f1Difference.value, 0.8 - 2 / 3);
  });
});

Deno.test("what is drawn are squares of five diameters, not micrographs", () => {
  const truth = [{ x: 10, y: 10 }, { x: 40, y: 10 }];
  const near = { name: "near", diameter: 20, truth, picks: truth };
  const far = { ...near, truth: [truth[0], { x: 110, y: 10 }] };
  const width = (image: EvaluationImage) => {
    const other = { ...image, picks: image.truth.slice(0, 1) };
    const { low, high } = comparePickers([{ ...image, picks: image.truth }], [other]).f1Difference;
    return high - low;
  };
  assertEquals(width(near), 0); // both particles in one square, always drawn
  assertAlmostEquals(width(far), 1); // two squares: now the first twice, now the second
  const over = { ...far, truth: [truth[0], { x: 101, y: 10 }] };
  const picks = [truth[0], { x: 99, y: 10 }]; // drawn with its particle, beyond the border
  const other = { ...over, picks: over.truth.slice(0, 1) };
  const { low, high } = comparePickers([{ ...over, picks }], [other]).f1Difference;
  assertAlmostEquals(low, 0);
  assertAlmostEquals(high, 1);
});
