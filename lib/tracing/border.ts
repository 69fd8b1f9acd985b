import { distance, type Point } from "../core/mod.ts";
import { lengthOfLine } from "./polyline.ts";
import type { TracedFiber } from "./trace.ts";

/**
 * Lets fibers run on to the border of a micrograph that they head for: detection is poor there, and
 * fibers seldom end just in front of it.
 *
 * @param size Columns and rows of the micrograph.
 * @param farthest Longest piece that is added at an end.
 *
 * @example
 * ```ts
 * import { continuedToBorder } from "@epicker/epicker/tracing";
 * import { assertEquals } from "@std/assert";
 *
 * const line = [{ x: 50, y: 10 }, { x: 95, y: 10 }];
 * const fiber = { line, length: 45, score: 0.9, points: 9 };
 * const continued = continuedToBorder(fiber, { width: 101, height: 101 }, 20);
 * assertEquals([continued.line[2], continued.length], [{ x: 100, y: 10 }, 50]);
 * ```
 */
export function continuedToBorder(
  fiber: TracedFiber,
  size: { width: number; height: number },
  farthest: number,
): TracedFiber {
  const back = continued(fiber.line, size, farthest).toReversed();
  const line = continued(back, size, farthest).toReversed();
  return { ...fiber, line, length: lengthOfLine(line) };
}

/** The line with the place behind its end where it meets the border, if that is near enough. */
function continued(
  line: Point[],
  { width, height }: { width: number; height: number },
  farthest: number,
): Point[] {
  const [from, end] = [line[line.length - 2], line[line.length - 1]];
  const length = distance(from, end);
  const [ux, uy] = [(end.x - from.x) / length, (end.y - from.y) / length];
  const ahead = Math.min(along(end.x, ux, width - 1), along(end.y, uy, height - 1));
  if (!(ahead > 0 && ahead <= farthest)) return line;
  return [...line, { x: end.x + ahead * ux, y: end.y + ahead * uy }];
}

/** How far a coordinate that changes at a speed is from the border that it heads for. */
function along(at: number, speed: number, last: number): number {
  if (speed === 0) return Infinity;
  return ((speed > 0 ? last : 0) - at) / speed;
}
