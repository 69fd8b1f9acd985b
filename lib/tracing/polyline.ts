import { distance, type Point } from "../core/mod.ts";

/** Length of the line through points, in their unit. */
export function lengthOfLine(line: readonly Point[]): number {
  return line.slice(1).reduce((sum, point, i) => sum + distance(line[i], point), 0);
}

/**
 * Points along a line at equal distances, measured along it.
 *
 * The first point lies `spacing / 2` behind the line's start where the line is long enough, and the
 * rest that does not fill a step is shared between both ends, so that no end is preferred.
 *
 * @param spacing Distance of neighbours along the line, above 0.
 * @returns One point at least, the middle of a line shorter than `spacing`; none for an empty line.
 *
 * @example
 * ```ts
 * import { pointsAlong } from "@epicker/epicker/tracing";
 * import { assertEquals } from "@std/assert";
 *
 * const line = [{ x: 0, y: 0 }, { x: 4, y: 0 }, { x: 4, y: 6 }];
 * assertEquals(pointsAlong(line, 4), [{ x: 3, y: 0 }, { x: 4, y: 3 }]);
 * ```
 */
export function pointsAlong(line: readonly Point[], spacing: number): Point[] {
  if (line.length === 0) return [];
  const length = lengthOfLine(line);
  const count = Math.max(1, Math.floor(length / spacing));
  const first = (length - (count - 1) * spacing) / 2;
  const points: Point[] = [];
  let start = 0;
  for (const [i, from] of line.entries()) {
    const to = line[i + 1] ?? from;
    const step = distance(from, to);
    while (points.length < count) {
      const along = first + points.length * spacing - start;
      if (along > step && i + 1 < line.length) break;
      const t = step > 0 ? Math.min(1, along / step) : 0;
      points.push({ x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) });
    }
    start += step;
  }
  return points;
}

/**
 * Drops the points of a line at which it hardly turns.
 *
 * Segments are gathered while they turn less than `maxTurn` against what was gathered since the last
 * point that stayed; an arc so keeps points where a small-turn rule from segment to segment would
 * straighten it. A long flat bow keeps some as well: no dropped point is farther than `maxOff` from
 * what stays.
 *
 * @param maxTurn In radians.
 */
export function withoutSmallTurns(
  line: readonly Point[],
  maxTurn: number,
  maxOff = Infinity,
): Point[] {
  if (line.length < 3) return [...line];
  const kept = [line[0]];
  let cone = coneTo(line[0], line[1]);
  for (let i = 1; i + 1 < line.length; i++) {
    const [from, next] = [kept[kept.length - 1], line[i + 1]];
    narrow(cone, line[i], maxOff);
    if (turnBetween(from, line[i], line[i], next) < maxTurn && isIn(cone, next)) continue;
    kept.push(line[i]);
    cone = coneTo(line[i], next);
  }
  return [...kept, line[line.length - 1]];
}

/** Directions from a point, as angles against an axis. */
interface Cone {
  apex: Point;
  axis: Point;
  low: number;
  high: number;
}

/** All directions, the axis to a point. */
function coneTo(apex: Point, { x, y }: Point): Cone {
  return { apex, axis: { x: x - apex.x, y: y - apex.y }, low: -Math.PI, high: Math.PI };
}

/** Leaves those directions whose lines pass a point within a distance. */
function narrow(cone: Cone, point: Point, off: number): void {
  const away = distance(cone.apex, point);
  if (away <= off) return;
  const [angle, half] = [angleIn(cone, point), Math.asin(off / away)];
  cone.low = Math.max(cone.low, angle - half);
  cone.high = Math.min(cone.high, angle + half);
}

function isIn(cone: Cone, point: Point): boolean {
  const angle = angleIn(cone, point);
  return angle >= cone.low && angle <= cone.high;
}

function angleIn({ apex, axis }: Cone, { x, y }: Point): number {
  const [dx, dy] = [x - apex.x, y - apex.y];
  return Math.atan2(axis.x * dy - axis.y * dx, axis.x * dx + axis.y * dy);
}

/** Angle between the directions a → b and c → d, 0…π; 0 where one has no length. */
export function turnBetween(a: Point, b: Point, c: Point, d: Point): number {
  const [ux, uy, vx, vy] = [b.x - a.x, b.y - a.y, d.x - c.x, d.y - c.y];
  return Math.abs(Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy));
}
