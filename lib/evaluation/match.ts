import Flatbush from "flatbush";
import { EPickerError, type Pick } from "../core/mod.ts";
import { type EvaluationImage, scoreOrder } from "./types.ts";

/** Index of the truth in the place of a pick that matches none. */
export const UNMATCHED: number = -1;

/** In the place of a pick that matches none and lies in an ignore region. */
export const IGNORED: number = -2;

/**
 * Matches picks to true particles one to one by the distance of their centres.
 *
 * In descending score (ties in file order) every pick takes the nearest particle that is still free
 * and at most `radius` pixels away, of equally near ones the first. The match of the best k picks is thus part of the match of all
 * of them, and one match serves every threshold.
 *
 * @param radius In micrograph pixels, inclusive.
 * @returns For every pick, in the order given, the index of its particle or {@linkcode UNMATCHED}.
 * @throws {EPickerError} `bad-option` when the radius is negative or not a number.
 *
 * @example
 * ```ts
 * import { matchByDistance } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = [{ x: 10, y: 10 }, { x: 50, y: 10 }];
 * const picks = [{ x: 13, y: 14, score: 0.4 }, { x: 11, y: 10, score: 0.9 }, { x: 49, y: 10 }];
 * assertEquals([...matchByDistance(picks, truth, 8)], [-1, 0, 1]);
 * ```
 */
export function matchByDistance(
  picks: readonly Pick[],
  truth: readonly Pick[],
  radius: number,
): Int32Array {
  if (!(radius >= 0)) {
    throw new EPickerError("bad-option", {
      file: "radius",
      found: String(radius),
      expected: "a distance of 0 or more, in micrograph pixels",
      remedy: "Half the particle diameter is usual.",
    });
  }
  const matches = new Int32Array(picks.length).fill(UNMATCHED);
  if (truth.length === 0) return matches;
  const index = indexBoxes(truth, () => 0);
  const free = new Uint8Array(truth.length).fill(1);
  for (const i of scoreOrder(picks)) {
    const { x, y } = picks[i];
    let nearest = Infinity;
    const near = index.search(x - radius, y - radius, x + radius, y + radius, (j) => free[j] === 1);
    for (const j of near.sort((a, b) => a - b)) {
      const distance = Math.hypot(truth[j].x - x, truth[j].y - y);
      if (distance <= radius && distance < nearest) [nearest, matches[i]] = [distance, j];
    }
    if (matches[i] !== UNMATCHED) free[matches[i]] = 0;
  }
  return matches;
}

/**
 * Matches the best picks to true particles by the overlap of squares, as COCO's evaluation does.
 *
 * In descending score every pick takes the free particle whose square overlaps its own most, if the
 * intersection over union is at least `iou`; of equal overlaps the last particle (pycocotools).
 *
 * @param order Indices of the picks to match, best first.
 * @param sideOf Side of the square of a pick or particle, in micrograph pixels.
 * @returns For every pick, the index of its particle or {@linkcode UNMATCHED}.
 */
export function matchByOverlap(
  picks: readonly Pick[],
  truth: readonly Pick[],
  order: readonly number[],
  { iou, sideOf }: { iou: number; sideOf: (pick: Pick) => number },
): Int32Array {
  const matches = new Int32Array(picks.length).fill(UNMATCHED);
  if (truth.length === 0) return matches;
  const squares = truth.map((particle) => squareOf(particle, sideOf(particle)));
  const index = indexBoxes(truth, sideOf);
  const free = new Uint8Array(truth.length).fill(1);
  for (const i of order) {
    const square = squareOf(picks[i], sideOf(picks[i]));
    const { left, top, side } = square;
    let best = Math.min(iou, 1 - 1e-10);
    const near = index.search(left, top, left + side, top + side, (j) => free[j] === 1);
    for (const j of near.sort((a, b) => a - b)) {
      const overlap = intersectionOverUnion(square, squares[j]);
      if (overlap >= best) [best, matches[i]] = [overlap, j];
    }
    if (matches[i] !== UNMATCHED) free[matches[i]] = 0;
  }
  return matches;
}

/**
 * Sets picks aside that match nothing and lie in an ignore region: {@linkcode IGNORED} in their place.
 *
 * As in COCO's evaluation (`iscrowd`), a region takes any number of picks, and a pick lies in it
 * where the intersection of their squares has at least the share `iou` of the pick's own area.
 * The squares of regions have their own diameters.
 *
 * @returns The matches with those picks marked.
 */
export function setIgnoredAside(
  matches: Int32Array,
  picks: readonly Pick[],
  { ignore = [], diameter }: EvaluationImage,
  { iou, sideOf }: { iou: number; sideOf: (pick: Pick) => number },
): Int32Array {
  if (ignore.length === 0) return matches;
  const regions = ignore.map((region) => squareOf(region, region.diameter ?? diameter));
  const least = Math.min(iou, 1 - 1e-10);
  return matches.map((match, i) => {
    if (match !== UNMATCHED) return match;
    const square = squareOf(picks[i], sideOf(picks[i]));
    const area = square.side * square.side;
    return regions.some((region) => intersectionOf(square, region) / area >= least)
      ? IGNORED
      : UNMATCHED;
  });
}

interface Square {
  left: number;
  top: number;
  side: number;
}

function squareOf({ x, y }: Pick, side: number): Square {
  return { left: x - side / 2, top: y - side / 2, side };
}

function intersectionOverUnion(a: Square, b: Square): number {
  const intersection = intersectionOf(a, b);
  return intersection / (a.side * a.side + b.side * b.side - intersection);
}

function intersectionOf(a: Square, b: Square): number {
  const width = Math.min(a.left + a.side, b.left + b.side) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.side, b.top + b.side) - Math.max(a.top, b.top);
  return width <= 0 || height <= 0 ? 0 : width * height;
}

function indexBoxes(picks: readonly Pick[], sideOf: (pick: Pick) => number): Flatbush {
  const index = new Flatbush(picks.length);
  for (const pick of picks) {
    const { left, top, side } = squareOf(pick, sideOf(pick));
    index.add(left, top, left + side, top + side);
  }
  index.finish();
  return index;
}
