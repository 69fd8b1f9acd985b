import Flatbush from "flatbush";
import { distance, type Point } from "../core/mod.ts";

/** A point with a score, as detection gives it. */
export interface ScoredPoint extends Point {
  /** Confidence; 1 where it is absent. */
  score?: number;
}

/** Points in an order that does not depend on the input's, with an index of the plane. */
export class PointField<P extends ScoredPoint = ScoredPoint> {
  /** The points. */
  readonly points: readonly P[];
  /** 1 where a point belongs to no fiber yet. */
  readonly free: Uint8Array;
  #index: Flatbush | undefined;

  /** Indexes points in the order given. */
  constructor(points: readonly P[]) {
    this.points = points;
    this.free = new Uint8Array(points.length).fill(1);
    if (points.length === 0) return;
    this.#index = new Flatbush(points.length);
    for (const { x, y } of points) this.#index.add(x, y, x, y);
    this.#index.finish();
  }

  /** Indices of the free points within a distance of a place, ascending. */
  freeNear({ x, y }: Point, radius: number): number[] {
    const found = this.#index?.search(
      x - radius,
      y - radius,
      x + radius,
      y + radius,
      (i) => this.free[i] === 1,
    ) ?? [];
    return found.filter((i) => {
      const [dx, dy] = [this.points[i].x - x, this.points[i].y - y];
      return dx * dx + dy * dy <= radius * radius;
    }).sort((a, b) => a - b);
  }

  /** Distance of every point to its nearest other one; none where there is a single point. */
  nearestDistances(): number[] {
    if (this.points.length < 2) return [];
    return this.points.map((point, i) => {
      const [nearest] = this.#index!.neighbors(point.x, point.y, 1, Infinity, (j) => j !== i);
      return distance(point, this.points[nearest]);
    });
  }
}

/**
 * Points of which none is closer than `spacing` to a better one.
 *
 * Better is the higher score, then the smaller x, then the smaller y: the result does not depend on
 * the order of the input. It bounds how many points lie near each other.
 */
export function thinned<P extends ScoredPoint>(
  points: readonly P[],
  spacing: number,
): P[] {
  const ordered = points.toSorted((a, b) =>
    (b.score ?? 1) - (a.score ?? 1) || a.x - b.x || a.y - b.y
  );
  const field = new PointField(ordered);
  return ordered.filter((point, i) => {
    if (field.free[i] === 0) return false;
    for (const j of field.freeNear(point, spacing)) field.free[j] = 0;
    return true;
  });
}
