import type { Random } from "../core/mod.ts";
import type { Gaussian } from "./phantom.ts";

/** A point of space, in Å. */
export type Point3 = readonly [x: number, y: number, z: number];

/** A body that gives uniform random points within it. */
export type Shape = (draw: Random) => Point3;

/** An ellipsoid with half axes along x, y and z. */
export function ellipsoid(centre: Point3, [a, b, c]: Point3): Shape {
  return (draw) => {
    const [x, y, z] = inUnitBall(draw);
    return [centre[0] + a * x, centre[1] + b * y, centre[2] + c * z];
  };
}

/** What lies between two spheres about the origin. */
export function shell(inner: number, outer: number): Shape {
  return (draw) => {
    const [x, y, z] = inUnitBall(draw);
    const radius = Math.cbrt(draw.between(inner ** 3, outer ** 3));
    const scale = radius / Math.hypot(x, y, z);
    return [x * scale, y * scale, z * scale];
  };
}

/** A tube about the z axis, between two radii and two heights. */
export function tube([inner, outer]: [number, number], [low, high]: [number, number]): Shape {
  return (draw) => {
    const radius = Math.sqrt(draw.between(inner ** 2, outer ** 2));
    const angle = draw.between(0, 2 * Math.PI);
    return [radius * Math.cos(angle), radius * Math.sin(angle), draw.between(low, high)];
  };
}

/** A round rod of a radius from one point to another. */
export function rod(from: Point3, to: Point3, radius: number): Shape {
  return (draw) => {
    const [x, y, z] = inUnitBall(draw).map((value) => value * radius);
    const along = draw.uniform();
    const at = (i: number) => from[i] + along * (to[i] - from[i]);
    return [at(0) + x, at(1) + y, at(2) + z];
  };
}

/** How finely {@linkcode fill} divides matter. */
export interface Grain {
  /** Mass of one Gaussian in kDa. */
  beadKda: number;
  /** Its standard deviation in Å. */
  sigmaA: number;
}

/** Candidates for a bead's place, of which the one farthest from all others is taken. */
const CANDIDATES = 10;

/**
 * Fills a shape with equal Gaussians that keep off each other, as atoms do (best-candidate
 * sampling, Mitchell 1991).
 */
export function fill(
  shape: Shape,
  massKda: number,
  { beadKda, sigmaA }: Grain,
  draw: Random,
): Gaussian[] {
  const count = Math.max(1, Math.round(massKda / beadKda));
  const placed: Point3[] = [];
  while (placed.length < count) {
    const candidates = Array.from({ length: CANDIDATES }, () => shape(draw));
    const room = candidates.map((candidate) => nearest(candidate, placed));
    placed.push(candidates[room.indexOf(Math.max(...room))]);
  }
  return placed.map(([x, y, z]) => ({ x, y, z, sigmaA, massKda: massKda / count }));
}

/** Moves Gaussians. */
export function moved(gaussians: readonly Gaussian[], [dx, dy, dz]: Point3): Gaussian[] {
  return gaussians.map(({ x, y, z, ...rest }) => ({ x: x + dx, y: y + dy, z: z + dz, ...rest }));
}

/** Squared distance to the nearest of some points. */
function nearest([x, y, z]: Point3, points: readonly Point3[]): number {
  let least = Infinity;
  for (const [a, b, c] of points) {
    least = Math.min(least, (a - x) ** 2 + (b - y) ** 2 + (c - z) ** 2);
  }
  return least;
}

/** A point in the unit ball, uniformly (rejection from the cube). */
function inUnitBall(draw: Random): Point3 {
  for (;;) {
    const point: Point3 = [draw.between(-1, 1), draw.between(-1, 1), draw.between(-1, 1)];
    if (Math.hypot(...point) <= 1) return point;
  }
}
