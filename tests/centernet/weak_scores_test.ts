import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type Candidate,
  type ImageDetector,
  type Ways,
  withProbabilities,
} from "../../lib/centernet/mod.ts";
import {
  calibrated,
  LEAST_PROBABILITY,
  loweredWhereEmpty,
  random,
  scoreOf,
  UNCALIBRATED,
  weaknessOf,
} from "../../lib/core/mod.ts";

const CALIBRATION = { slope: 1.2, shift: 0.4 };
const MODEL = { mode: "particle", diameter: 40, threshold: 0.9, calibration: CALIBRATION } as const; // its threshold has no say
const SIDE = 512;
const WAYS: Ways = 2;
const stream = random(7);
const limited = (score: number) => Math.max(0.01, Math.min(0.95, score));
const noise = (scale: number) => limited(0.01 - scale * Math.log(1 - stream.uniform()));

/** Candidates on a grid, of which `strong` score about as much as `score` and others as noise does. */
function candidates(strong: number, score: number, [scale, spread] = [0.04, 0.04]): Candidate[] {
  return Array.from({ length: 400 }, (_, i) => ({
    ...{ x: 30 + 24 * (i % 20), y: 30 + 24 * Math.floor(i / 20), diameter: 40 },
    score: i % 7 < strong ? limited(score + spread * stream.normal()) : noise(scale),
  })).sort((a, b) => b.score - a.score);
}

/** A detector that sees so many candidates of 0.6 in anything, far from each other. */
function seeing(count: number): ImageDetector & { asked: number } {
  return {
    asked: 0,
    detect(_, height, width, ways) {
      this.asked++;
      assert(ways === WAYS);
      const [rows, columns] = [height / 4, width / 4];
      const values = new Float32Array(3 * rows * columns);
      for (let i = 0; i < count; i++) {
        values[3 * ((10 + 11 * Math.floor(i / 10)) * columns + 10 + 11 * (i % 10))] = 0.6;
      }
      return Promise.resolve({ values, height: rows, width: columns, channels: 3 });
    },
    [Symbol.dispose]() {},
  };
}

/** What is made of candidates, and how often the detector was asked. */
async function made(all: Candidate[], inNoise: number, change: object = {}) {
  const detector = seeing(inNoise);
  const pixels = new Float32Array(SIDE * SIDE);
  const probable = await withProbabilities(all, {
    ...{ model: MODEL, detector, ways: WAYS, diameter: 40, isDirty: false },
    noise: (count) =>
      Array.from({ length: count }, () => ({ side: SIDE, corner: { x: 0, y: 0 }, pixels })),
    ...change,
  });
  const plain = all.map(({ score }) => calibrated(score, CALIBRATION));
  const isRaised = probable.some(({ score }, i) => score > plain[i] + 1e-9);
  return { isRaised, asked: detector.asked, probable };
}

/** Two groups that lie close together. */
const CLOSE = candidates(2, 0.2, [0.08, 0.07]);

Deno.test("weak scores are raised where noise of the same spectrum has far fewer, and no others", async () => {
  const weak = weaknessOf(
    CLOSE.map(({ score }) => score),
    scoreOf(LEAST_PROBABILITY, CALIBRATION)!,
  )!;
  assertEquals(weak.isSure, false);
  const upper = CLOSE.filter(({ score }) => score >= weak.division).length;
  const few = await made(CLOSE, Math.floor(upper / 4));
  assertEquals([few.isRaised, few.asked], [true, 2]);
  const picks = few.probable.filter(({ score }) => score >= LEAST_PROBABILITY - 1e-9).length;
  assertEquals(picks, upper);
  assertEquals((await made(CLOSE, Math.ceil(upper / 1.5))).isRaised, false);
});

Deno.test("groups that lie far apart ask no noise; strong scores and dirty images are not raised", async () => {
  const far = await made(candidates(2, 0.3), 0);
  assertEquals([far.isRaised, far.asked], [true, 0]);
  const strong = await made(candidates(2, 0.8), 0);
  assertEquals([strong.isRaised, strong.asked], [false, 0]);
  const dirty = await made(candidates(2, 0.3), 0, { isDirty: true });
  assertEquals([dirty.isRaised, dirty.asked], [false, 0]);
});

Deno.test("without noise to ask, or without a calibration, scores stay", async () => {
  assertEquals((await made(CLOSE, 0, { noise: () => [] })).isRaised, false);
  const { calibration: _, ...plain } = MODEL;
  const { probable } = await made(CLOSE, 0, { model: plain });
  assertEquals(probable, CLOSE);
});

Deno.test("what may be nothing is lowered, unless a calibration is yet to be fitted", async () => {
  const weak = candidates(0, 0);
  const scores = async (calibration: typeof CALIBRATION) => {
    const { probable } = await made(weak, 0, { model: { ...MODEL, calibration }, isDirty: true });
    return probable.map(({ score }) => score);
  };
  const plain = weak.map(({ score }) => calibrated(score, CALIBRATION));
  assertEquals(await scores(CALIBRATION), loweredWhereEmpty(plain));
  assert((await scores(CALIBRATION))[0] < plain[0] / 2);
  assertAlmostEquals((await scores(UNCALIBRATED))[0], weak[0].score);
});
