import type { Point } from "../core/mod.ts";
import type { PointField } from "./field.ts";
import type { Scatter } from "./local_fit.ts";

/** How the points around a point lie. */
export interface LocalDirection {
  /** Unit vector along the line that most neighbours support; either of the two senses. */
  direction: Point;
  /** Neighbours on that line less those beside it: high far from crossings and clutter. */
  quality: number;
}

/** A neighbour relative to a point. */
interface Offset {
  dx: number;
  dy: number;
  length: number;
}

/** Neighbours that are looked at, nearest first. */
const MAX_NEIGHBOURS = 40;

/**
 * The direction of the line through a point that most of its neighbours support.
 *
 * Lines through the point and each neighbour are tried; the best one is then fitted to the
 * neighbours on it. Undefined where there is no neighbour.
 *
 * @param radius How far neighbours are looked for.
 */
export function directionAt(
  field: PointField,
  index: number,
  radius: number,
  scatter: Scatter,
): LocalDirection | undefined {
  const { x, y } = field.points[index];
  const offsets = field.freeNear({ x, y }, radius).filter((i) => i !== index).map((i): Offset => {
    const [dx, dy] = [field.points[i].x - x, field.points[i].y - y];
    return { dx, dy, length: Math.hypot(dx, dy) };
  }).sort((a, b) => a.length - b.length).slice(0, MAX_NEIGHBOURS);
  let best: { support: Offset[]; misfit: number } = { support: [], misfit: Infinity };
  for (const { dx, dy, length } of offsets) {
    if (length < 2 * scatter.sigma) continue;
    const line = supportOf({ x: dx / length, y: dy / length }, offsets, scatter);
    const more = line.support.length - best.support.length;
    if (more > 0 || (more === 0 && line.misfit < best.misfit)) best = line;
  }
  if (best.support.length === 0) return undefined;
  const quality = 2 * best.support.length - offsets.length;
  return { direction: principalAxis(best.support), quality };
}

/** Neighbours that lie on a line through the point, as scatter and curvature allow. */
function supportOf(direction: Point, offsets: Offset[], { sigma, curvature }: Scatter) {
  const support: Offset[] = [];
  let misfit = 0;
  for (const offset of offsets) {
    const across = Math.abs(offset.dx * direction.y - offset.dy * direction.x);
    const allowed = 2 * sigma + offset.length ** 2 * curvature / 2;
    if (across > allowed) continue;
    support.push(offset);
    misfit += (across / allowed) ** 2;
  }
  return { support, misfit };
}

/** Direction of the largest second moment about the point itself. */
function principalAxis(offsets: Offset[]): Point {
  let [xx, xy, yy] = [0, 0, 0];
  for (const { dx, dy } of offsets) {
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  return { x: Math.cos(angle), y: Math.sin(angle) };
}
