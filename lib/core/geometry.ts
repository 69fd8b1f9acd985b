/** A point of the plane, in whatever pixels the caller has. */
export interface Point {
  /** Column. */
  x: number;
  /** Row. */
  y: number;
}

/** A circle about a point, in the same pixels. */
export interface Circle extends Point {
  /** Diameter. */
  diameter: number;
}

/**
 * One picked or labelled object: its centre in pixels of the micrograph file.
 *
 * x is the column, y the row; (0, 0) is the centre of the first stored pixel, of a TIFF the first
 * pixel of the last stored row, as RELION, IMOD and EMAN2 have it. The name is the field's word; a
 * file that also wants TypeScript's `Pick` imports this one as `type Pick as ParticlePick`.
 */
export interface Pick extends Point {
  /** Confidence in 0…1; absent on labels. */
  score?: number;
  /** Diameter in micrograph pixels. */
  diameter?: number;
  /** Number of the fiber (helical tube) that the point lies on, from 1. */
  fiber?: number;
  /** Number of the class, from 1. */
  classNumber?: number;
}

/** What makes a pick of a candidate. */
export interface PickRule {
  /** Least score. */
  threshold: number;
  /** Least and most diameter in pixels of the micrograph; all by default. */
  diameterRange?: readonly [least: number, most: number];
}

/** Whether a candidate is a pick; one without a diameter fits every range. */
export function isPick(
  { score = 1, diameter }: Pick,
  { threshold, diameterRange: [least, most] = [0, Infinity] }: PickRule,
): boolean {
  return score >= threshold && (diameter === undefined || (diameter >= least && diameter <= most));
}

/** Distance of two points. */
export function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

/** Distance of a point from a line through others, ends included; infinite of none. */
export function distanceToLine(point: Point, line: readonly Point[]): number {
  if (line.length === 1) return distance(point, line[0]);
  return line.slice(1).reduce((least, to, i) => {
    return Math.min(least, distanceToSegment(point, line[i], to));
  }, Infinity);
}

function distanceToSegment(point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return distance(point, { x: from.x + share * dx, y: from.y + share * dy });
}
