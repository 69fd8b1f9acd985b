import { bestF1 } from "./precision_recall.ts";
import type { EvaluationImage } from "./types.ts";

/** Least gain of F1 by which mirrored picks are taken to be the right ones. */
export const FLIP_GAIN = 0.2;

/** How well picks fit as they are and mirrored top to bottom. */
export interface FlipComparison {
  /** Highest F1 of the picks as they are. */
  f1: number;
  /** Highest F1 of the picks mirrored. */
  flippedF1: number;
  /** Whether mirroring gains {@linkcode FLIP_GAIN} or more. */
  fitsFlipped: boolean;
}

/**
 * Compares picks with the truth as they are and mirrored top to bottom, y' = height − 1 − y.
 *
 * Picks that fit much better mirrored come from a program that counts rows from the other end.
 *
 * @param heights Rows of each micrograph, in the order of the images.
 *
 * @example
 * ```ts
 * import { fitsFlipped } from "@epicker/epicker/evaluation";
 * import { assertEquals } from "@std/assert";
 *
 * const image = { name: "a", picks: [{ x: 5, y: 89 }], truth: [{ x: 5, y: 10 }], diameter: 8 };
 * assertEquals(fitsFlipped([image], [100]), { f1: 0, flippedF1: 1, fitsFlipped: true });
 * ```
 */
export function fitsFlipped(
  images: readonly EvaluationImage[],
  heights: readonly number[],
): FlipComparison {
  const mirrored = images.map((image, i) => {
    return {
      ...image,
      picks: image.picks.map((pick) => ({ ...pick, y: heights[i] - 1 - pick.y })),
    };
  });
  const [f1, flippedF1] = [bestF1(images).f1, bestF1(mirrored).f1];
  return { f1, flippedF1, fitsFlipped: flippedF1 - f1 >= FLIP_GAIN };
}
