import * as z from "zod";
import { checkArgument, noun, type Pick } from "../core/mod.ts";

/** One micrograph's picks and its true particles, as the scores take them. */
export interface EvaluationImage {
  /** Base name of the micrograph. */
  name: string;
  /** What was picked, in micrograph pixels; a missing score counts as 1, ties keep their order. */
  picks: readonly Pick[];
  /** The labels, in micrograph pixels. */
  truth: readonly Pick[];
  /** True diameter of the particles, in micrograph pixels. */
  diameter: number;
  /**
   * Where nothing is known: circles in micrograph pixels, taken as the squares around them. A pick
   * that matches no particle and lies mostly in one of them is neither right nor wrong.
   */
  ignore?: readonly Pick[];
  /** Least score that the picker itself calls a pick; without it every candidate is one. */
  threshold?: number;
}

/** How large objects are taken to be. */
export interface SizeOptions {
  /** Least overlap of a pick's square with a particle's or an ignore region's. @default {0.5} */
  iou?: number;
  /**
   * Whether sizes are scored as well (vesicles): picks and particles have squares of their own
   * diameters, and F1 matches them by overlap as AP does. @default {false}
   */
  sized?: boolean;
  /**
   * Side of the square around a pick or particle, in micrograph pixels; by default the micrograph's
   * `diameter`, or with `sized` the object's own where it has one.
   */
  sideOf?: (pick: Pick, image: EvaluationImage) => number;
}

/** Least intersection over union of a correct pick's square with its particle's. */
export const IOU_THRESHOLD = 0.5;

/** Sides and least overlap of the squares of a micrograph's picks and particles. */
export function squaresOf(
  image: EvaluationImage,
  { iou = IOU_THRESHOLD, sized = false, sideOf }: SizeOptions,
): { iou: number; sideOf: (pick: Pick) => number } {
  const { diameter } = image;
  if (sideOf) return { iou, sideOf: (pick) => sideOf(pick, image) };
  return { iou, sideOf: sized ? (pick) => pick.diameter ?? diameter : () => diameter };
}

const IMAGES = z.array(
  z.object({ picks: noun.points, truth: noun.points, diameter: z.number("a number").or(z.nan()) }),
  "a list of { name, picks, truth, diameter }",
);

/** Refuses what is no list of micrographs with picks and truth. @throws {EPickerError} `bad-option`. */
export function checkImages(images: readonly EvaluationImage[]): void {
  checkArgument(images, IMAGES, "images");
}

/** The score of a pick; 1 where it has none (or NaN), as picks of programs without scores. */
export function scoreOf(pick: Pick): number {
  return pick.score === undefined || Number.isNaN(pick.score) ? 1 : pick.score;
}

/** Indices of the picks in descending score; equal scores keep their order. */
export function scoreOrder(picks: readonly Pick[]): number[] {
  const scores = picks.map(scoreOf);
  return scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a]);
}
