import { type Circle, distance, type Mode, quantile } from "../core/mod.ts";
import { fromCell, SIZE_UNIT } from "./targets.ts";

/** One candidate in network pixels. */
export interface Candidate extends Circle {
  /** Probability, 0…1. */
  score: number;
}

/** Candidates kept per image, as in the original; of larger images than the original's more. */
export const MAX_CANDIDATES = 2000;

/** Of images larger than the original's, one candidate is kept for so many cells. */
const CELLS_PER_CANDIDATE = 36;

/** Candidates below this probability are noise and are not listed. */
export const MIN_SCORE = 0.01;

/** Two picks are never closer than this fraction of the diameter. */
export const SUPPRESSION_RATIO = 0.45;

/**
 * Two vesicles never share more of their circles (intersection over union) than this: circles of one
 * size do at 0.45 diameters, as {@linkcode SUPPRESSION_RATIO} has it.
 */
export const MOST_OVERLAP = 0.29;

/** Points of fibers are never closer than this fraction of the fiber's width. */
export const FIBER_SUPPRESSION_RATIO = 0.25;

/** Predicted diameters stay within e^±3 (a factor of 20) of the size unit, whatever the network says. */
const MAX_LOG_SIZE = 3;

/**
 * Output maps of one image: channels are peak probability, offset x, offset y and maybe size.
 *
 * The probability is 0 where a cell is not the maximum of its 3 × 3 neighbourhood; the other
 * channels count at peaks alone.
 */
export interface OutputMaps {
  /** Row-major [height, width, channels]. */
  values: Float32Array;
  /** Rows of cells. */
  height: number;
  /** Columns of cells. */
  width: number;
  /** 3 or 4. */
  channels: number;
}

/**
 * Reads the candidates off the output maps, best first: cells that are the maximum of their 3 × 3
 * neighbourhood, moved by their offset, at most {@linkcode MAX_CANDIDATES} of an
 * image of 1056² network pixels, and of larger ones as many for the same area.
 *
 * @returns Centres and diameters in network pixels; diameter 0 where no size is predicted.
 */
export function candidatesOf(
  { values, height, width, channels }: OutputMaps,
): Candidate[] {
  const candidates: Candidate[] = [];
  const most = Math.max(MAX_CANDIDATES, Math.floor(height * width / CELLS_PER_CANDIDATE));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * channels;
      if (values[at] < MIN_SCORE) continue;
      candidates.push({
        x: fromCell(column + values[at + 1]),
        y: fromCell(row + values[at + 2]),
        score: values[at],
        diameter: channels > 3 ? SIZE_UNIT * Math.exp(clamp(values[at + 3], MAX_LOG_SIZE)) : 0,
      });
    }
  }
  return candidates.sort((a, b) => b.score - a.score).slice(0, most);
}

/**
 * Keeps the better of any two candidates closer than `ratio` times the better one's diameter.
 *
 * @param candidates Best first; the result keeps the order.
 */
export function suppress(candidates: Candidate[], ratio = SUPPRESSION_RATIO): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    const free = kept.every(({ x, y, diameter }) =>
      (x - candidate.x) ** 2 + (y - candidate.y) ** 2 >= (ratio * diameter) ** 2
    );
    if (free) kept.push(candidate);
  }
  return kept;
}

/**
 * Keeps the better of any two candidates whose circles overlap more than `most`, each with its own
 * diameter: vesicles that overlap in part, or lie within much larger ones, stay.
 *
 * @param candidates Best first; the result keeps the order.
 */
export function suppressOverlaps(candidates: Candidate[], most = MOST_OVERLAP): Candidate[] {
  const kept: Candidate[] = [];
  for (const candidate of candidates) {
    if (kept.every((other) => circleOverlap(candidate, other) <= most)) kept.push(candidate);
  }
  return kept;
}

/** Intersection over union of the circles of two objects. */
export function circleOverlap(a: Circle, b: Circle): number {
  const [r, s] = [a.diameter / 2, b.diameter / 2];
  const apart = distance(a, b);
  if (apart >= r + s) return 0;
  const [least, most] = [Math.min(r, s), Math.max(r, s)];
  if (apart <= most - least) return (least / most) ** 2;
  const segment = (radius: number, other: number) => { // cut off by the line through the crossings
    const along = (apart ** 2 + radius ** 2 - other ** 2) / (2 * apart);
    return radius ** 2 * Math.acos(along / radius) - along * Math.sqrt(radius ** 2 - along ** 2);
  };
  const intersection = segment(r, s) + segment(s, r);
  return intersection / (Math.PI * (r * r + s * s) - intersection);
}

/**
 * Keeps one candidate for every object: vesicles by their own diameters, all else by one that holds
 * for the whole image.
 *
 * @param candidates Best first; the result keeps the order.
 * @param diameter In network pixels; that of the candidates given back, but for vesicles.
 */
export function distinctObjects(
  candidates: Candidate[],
  mode: Mode,
  diameter: number,
): Candidate[] {
  if (mode === "vesicle") return suppressOverlaps(candidates);
  const ratio = mode === "fiber" ? FIBER_SUPPRESSION_RATIO : SUPPRESSION_RATIO;
  return suppress(candidates.map((candidate) => ({ ...candidate, diameter })), ratio);
}

/** Median diameter of the confident candidates (half the best score or more); 0 for none. */
export function typicalDiameter(candidates: Candidate[]): number {
  const best = candidates[0]?.score ?? 0;
  const diameters = candidates.filter(({ score }) => score >= best / 2).map((c) => c.diameter);
  return quantile(diameters, 0.5) || 0;
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
