import type { Pick, Random } from "../core/mod.ts";

/** Draws without success after which the image counts as full. */
const MAX_FAILURES = 2000;

/** What {@linkcode placeParticles} needs to know, in pixels. */
export interface Placement {
  /** Columns and rows of the image. */
  size: number;
  /** How many are wanted. */
  count: number;
  /** Least distance of two centres. */
  distance: number;
  /** Least distance of a centre from the image's border. */
  border: number;
}

/** Draws centres one after the other where there is room; fewer than wanted where it gets full. */
export function placeParticles(
  { size, count, distance, border }: Placement,
  draw: Random,
): Pick[] {
  const placed: Pick[] = [];
  let failures = 0;
  while (placed.length < count && failures < MAX_FAILURES) {
    const along = () => draw.between(border, size - 1 - border);
    const centre = { x: along(), y: along() };
    const free = placed.every(({ x, y }) => Math.hypot(x - centre.x, y - centre.y) >= distance);
    if (free) placed.push(centre);
    failures = free ? 0 : failures + 1;
  }
  return placed;
}
