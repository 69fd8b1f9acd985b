import type { Point } from "../core/mod.ts";
import { averagePrecision, interpolatedMean, MAX_DETECTIONS } from "./average_precision.ts";
import { bootstrap, type Interval, RESAMPLES } from "./bootstrap.ts";
import { IGNORED, matchByDistance, matchByOverlap, setIgnoredAside, UNMATCHED } from "./match.ts";
import { bestF1, RADIUS_DIAMETERS } from "./precision_recall.ts";
import { type EvaluationImage, scoreOf, scoreOrder, type SizeOptions, squaresOf } from "./types.ts";

/** Side of the squares that a comparison draws again, in particle diameters. */
export const BLOCK_DIAMETERS = 5;

/** Options of {@linkcode comparePickers}. */
export interface CompareOptions extends SizeOptions {
  /** Seed of the draws. @default {1} */
  seed?: number;
  /** Times that squares are drawn. @default {RESAMPLES} */
  resamples?: number;
}

/** One picker against another on the same micrographs. */
export interface Comparison {
  /** Picks of either: the best of each micrograph, as many as both have. */
  picks: number;
  /** AP of the first picker's. */
  ap: number;
  /** AP of the second picker's. */
  otherAp: number;
  /** AP of the first minus that of the second, at that equal number of picks. */
  apDifference: Interval;
  /** Best F1 of the first minus that of the second, all picks, each at its own best threshold. */
  f1Difference: Interval;
}

/**
 * Compares two pickers at equal numbers of picks, and says how sure the differences are.
 *
 * AP grows with every candidate that is handed in, so that a picker that keeps all of its candidates
 * beats one that publishes only its picks. Here both are cut, in every micrograph, to the smaller
 * number. The intervals are a paired block bootstrap (Künsch, 1989): the micrographs are cut into
 * squares of {@linkcode BLOCK_DIAMETERS} diameters, and the same squares with particles and picks of both
 * are drawn with replacement; matches and thresholds stay. They hold for more of these micrographs,
 * not for another grid.
 *
 * @param ones Micrographs with the picks of the first.
 * @param others The same micrographs, in the same order, with the picks of the second.
 *
 * @example
 * ```ts
 * import { comparePickers } from "@epicker/epicker/evaluation";
 * import { assertEquals } from "@std/assert";
 *
 * const image = { name: "a", truth: [{ x: 50, y: 50 }, { x: 150, y: 50 }], diameter: 40 };
 * const one = { ...image, picks: image.truth };
 * const other = { ...image, picks: [{ x: 50, y: 50 }] };
 * const { picks, ap, otherAp, f1Difference } = comparePickers([one], [other]);
 * assertEquals([picks, ap === otherAp, f1Difference.value > 0], [1, true, true]);
 * ```
 */
export function comparePickers(
  ones: readonly EvaluationImage[],
  others: readonly EvaluationImage[],
  { seed = 1, resamples = RESAMPLES, ...sizes }: CompareOptions = {},
): Comparison {
  const [one, other] = [ones, others].map((images) => {
    const cut = images.map((image, i) => best(image, sharedNumber(ones[i], others[i])));
    return { images, cut, threshold: bestF1(images, sizes).threshold };
  });
  const blocks = new Blocks();
  const aps = [one, other].map(({ cut }) => blocks.marksOf(cut, overlaps, sizes));
  const f1s = [one, other].map(({ images, threshold }) =>
    blocks.marksOf(images, sizes.sized ? overlaps : distances, sizes)
      .filter(({ score }) => score >= threshold)
  );
  const truth = blocks.truthOf(ones);
  const difference = (of: (marks: Mark[], times: ArrayLike<number>) => number, [a, b]: Mark[][]) =>
    bootstrap(blocks.count, (times) => of(a, times) - of(b, times), { seed, resamples });
  return {
    picks: one.cut.reduce((sum, { picks }) => sum + picks.length, 0),
    ap: averagePrecision(one.cut, sizes).ap,
    otherAp: averagePrecision(other.cut, sizes).ap,
    apDifference: difference((marks, times) => apOf(marks, truth, times), aps),
    f1Difference: difference((marks, times) => f1Of(marks, truth, times), f1s),
  };
}

function sharedNumber(one: EvaluationImage, other: EvaluationImage): number {
  return Math.min(one.picks.length, other.picks.length, MAX_DETECTIONS);
}

function best(image: EvaluationImage, count: number): EvaluationImage {
  const order = scoreOrder(image.picks).slice(0, count);
  return { ...image, picks: order.map((i) => image.picks[i]) };
}

type Match = (image: EvaluationImage, sizes: SizeOptions) => Int32Array;

const overlaps: Match = (image, sizes) =>
  matchByOverlap(image.picks, image.truth, scoreOrder(image.picks), squaresOf(image, sizes));

const distances: Match = ({ picks, truth, diameter }) =>
  matchByDistance(picks, truth, RADIUS_DIAMETERS * diameter);

/** A pick: what it scores, whether it is right, and the block that it is drawn with. */
interface Mark {
  score: number;
  hit: boolean;
  block: number;
}

/** The squares of all micrographs that hold anything, numbered as they come. */
class Blocks {
  readonly #numbers = new Map<string, number>();

  get count(): number {
    return this.#numbers.size;
  }

  /** The block of each particle. */
  truthOf(images: readonly EvaluationImage[]): number[] {
    return images.flatMap((image, i) =>
      image.truth.map((particle) => this.#at(image, i, particle))
    );
  }

  /** The picks outside of ignore regions, best first; a right one lies where its particle does. */
  marksOf(images: readonly EvaluationImage[], match: Match, sizes: SizeOptions): Mark[] {
    const marks = images.flatMap((image, number) => {
      const { picks, truth } = image;
      const found = setIgnoredAside(match(image, sizes), picks, image, squaresOf(image, sizes));
      return scoreOrder(picks).filter((i) => found[i] !== IGNORED).map((i): Mark => {
        const hit = found[i] !== UNMATCHED;
        const block = this.#at(image, number, hit ? truth[found[i]] : picks[i]);
        return { score: scoreOf(picks[i]), hit, block };
      });
    });
    return marks.sort((a, b) => b.score - a.score);
  }

  #at({ diameter }: EvaluationImage, image: number, { x, y }: Point): number {
    const side = BLOCK_DIAMETERS * diameter;
    const key = `${image} ${Math.floor(x / side)} ${Math.floor(y / side)}`;
    const number = this.#numbers.get(key) ?? this.count;
    this.#numbers.set(key, number);
    return number;
  }
}

/** AP of a sample that has every block so many times. */
function apOf(marks: readonly Mark[], truth: readonly number[], times: ArrayLike<number>): number {
  const total = truth.reduce((sum, block) => sum + times[block], 0);
  const [recalls, precisions]: [number[], number[]] = [[], []];
  let [hits, picks] = [0, 0];
  for (const { hit, block } of marks) {
    if (times[block] === 0) continue;
    picks += times[block];
    if (hit) hits += times[block];
    recalls.push(hits / total);
    precisions.push(hits / picks);
  }
  return interpolatedMean(recalls, precisions);
}

/** F1 of a sample that has every block so many times. */
function f1Of(marks: readonly Mark[], truth: readonly number[], times: ArrayLike<number>): number {
  const total = truth.reduce((sum, block) => sum + times[block], 0);
  let [hits, picks] = [0, 0];
  for (const { hit, block } of marks) {
    picks += times[block];
    if (hit) hits += times[block];
  }
  return 2 * hits / (picks + total);
}
