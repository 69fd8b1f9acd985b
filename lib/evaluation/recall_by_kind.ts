import { matchByDistance, UNMATCHED } from "./match.ts";
import { type EvaluationImage, scoreOf } from "./types.ts";

/** How many particles of one kind are found. */
export interface KindRecall {
  /** The kind. */
  kind: string;
  /** Particles of that kind. */
  truth: number;
  /** Share of them that is found; NaN where there are none. */
  recall: number;
}

/** The best picks of some micrographs, and what they find of every kind of particle. */
export interface RecallByKind {
  /** Picks that count; fewer than asked for where there are no more. */
  picks: number;
  /** Share of them that match a particle of any kind; NaN without picks. */
  precision: number;
  /** The kinds, in the order in which they first appear. */
  kinds: KindRecall[];
}

/**
 * Recall of every kind of particle among the best picks of all micrographs together.
 *
 * With as many picks as there are particles, models are compared at the same effort whatever their
 * scores mean. Picks are matched to particles of all kinds, as {@linkcode matchByDistance} does.
 *
 * @param kindsOf The kind of each true particle of a micrograph, in the order of its truth.
 * @param radius Largest distance of a correct pick, in the pixels of the images.
 * @param count Picks that count.
 *
 * @example
 * ```ts
 * import { recallByKind } from "@epicker/epicker/evaluation";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = [{ x: 10, y: 10 }, { x: 50, y: 10 }];
 * const picks = [{ x: 11, y: 10, score: 0.9 }, { x: 50, y: 11, score: 0.2 }];
 * const images = [{ name: "a", picks, truth, diameter: 20 }];
 * const { kinds } = recallByKind(images, () => ["side", "top"], 10, 1);
 * assertEquals(kinds.map(({ kind, recall }) => [kind, recall]), [["side", 1], ["top", 0]]);
 * ```
 */
export function recallByKind(
  images: readonly EvaluationImage[],
  kindsOf: (image: EvaluationImage) => readonly string[],
  radius: number,
  count: number,
): RecallByKind {
  const hits = images.flatMap((image) => {
    const kinds = kindsOf(image);
    const matches = matchByDistance(image.picks, image.truth, radius);
    return image.picks.map((pick, i) => ({
      score: scoreOf(pick),
      kind: matches[i] === UNMATCHED ? undefined : kinds[matches[i]],
    }));
  }).sort((a, b) => b.score - a.score).slice(0, count);
  const truth = images.flatMap(kindsOf);
  return {
    picks: hits.length,
    precision: hits.filter(({ kind }) => kind !== undefined).length / hits.length,
    kinds: [...new Set(truth)].map((kind) => {
      const all = truth.filter((other) => other === kind).length;
      return { kind, truth: all, recall: hits.filter((hit) => hit.kind === kind).length / all };
    }),
  };
}
