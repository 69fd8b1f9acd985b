import type { Circle, Pick, Point } from "../core/mod.ts";
import type { EulerAngles } from "./orientation.ts";

/** From where a particle is seen: along its z axis, across it, or in between. */
export type View = "top" | "side" | "oblique";

/** A whole particle with its centre on the micrograph, and the diameter of the phantom. */
export interface PlacedParticle extends EulerAngles, Circle {
  /** Name of the phantom. */
  species: string;
  /** From where it is seen. */
  view: View;
}

/** Protein that nobody would pick: cut by the border, broken, or within a clump. */
export interface Debris extends EulerAngles, Point {
  /** Name of the phantom. */
  species: string;
  /** Matter farther than this from the centre along the phantom's x axis is missing, in Å. */
  cutA?: number;
}

/** A helical fiber. */
export interface PlacedFiber {
  /** Name of the helix. */
  species: string;
  /** Width in pixels. */
  diameter: number;
  /** The centre line from end to end, also off the micrograph, in pixels. */
  points: [x: number, y: number][];
  /** Turn of the first subunit about the centre line. */
  rotDeg: number;
}

/** A liposome; its circle, as those of its membranes, is the middle of the bilayer. */
export interface PlacedVesicle extends Circle {
  /** All its membranes, the outermost first. */
  membranes: Circle[];
}

/** A crystal of frost on the ice, with its mean diameter. */
export interface Crystal extends Circle {
  /** Seed of its outline. */
  seed: number;
}

/** The hole in the carbon film, about a point; everything outside it is carbon. */
export interface CarbonHole extends Point {
  /** Radius in pixels. */
  radius: number;
}

/** Everything that lies on a simulated micrograph, in its pixels. */
export interface Scene {
  /** Whole particles; they are the labels. */
  particles: PlacedParticle[];
  /** Fibers; the part on the micrograph is labelled. */
  fibers: PlacedFiber[];
  /** Liposomes; they are the labels. */
  vesicles: PlacedVesicle[];
  /** Protein without a label. */
  debris: Debris[];
  /** Frost. */
  crystals: Crystal[];
  /** The hole of the carbon film, where its edge is in view. */
  hole?: CarbonHole;
}

/** Spacing of the points of a fiber's label, in its diameters. */
const LABEL_SPACING = 0.25;

/**
 * The labels of a scene: particles, vesicles, and points a quarter of a diameter apart along each
 * fiber as far as it lies on the micrograph.
 *
 * A fiber that leaves the micrograph and returns counts as several, numbered from 1.
 *
 * @param size Columns and rows of the micrograph.
 */
export function labelsOf({ particles, vesicles, fibers }: Scene, size: number): Pick[] {
  const round = [...particles, ...vesicles].map(({ x, y, diameter }) => ({ x, y, diameter }));
  const pieces = fibers.flatMap((fiber) => piecesWithin(fiber, size));
  return [...round, ...pieces.flatMap((points, i) => points.map((p) => ({ ...p, fiber: i + 1 })))];
}

/** The points of a fiber's label, in as many pieces as it has on the micrograph. */
function piecesWithin({ points, diameter }: PlacedFiber, size: number): Pick[][] {
  const pieces: Pick[][] = [];
  let open = false;
  for (const [x, y] of alongLine(points, diameter * LABEL_SPACING)) {
    const inside = x >= 0 && y >= 0 && x <= size - 1 && y <= size - 1;
    if (inside && !open) pieces.push([]);
    if (inside) pieces.at(-1)!.push({ x, y, diameter });
    open = inside;
  }
  return pieces.filter((piece) => piece.length > 1);
}

/** Points at equal steps along a polyline, the first one at its start. */
export function alongLine(
  points: readonly (readonly [number, number])[],
  step: number,
): [number, number][] {
  const places: [number, number][] = [];
  let next = 0; // distance from the segment's start to the next point
  for (let i = 1; i < points.length; i++) {
    const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
    const length = Math.hypot(bx - ax, by - ay);
    for (; next < length; next += step) {
      const t = next / length;
      places.push([ax + t * (bx - ax), ay + t * (by - ay)]);
    }
    next -= length;
  }
  return places;
}
