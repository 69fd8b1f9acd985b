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

/** Distance of two points. */
export function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}
