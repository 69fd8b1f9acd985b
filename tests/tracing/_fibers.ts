import { type Point, random } from "../../lib/core/mod.ts";
import type { TracedFiber } from "../../lib/tracing/mod.ts";

/** Neighbour radius of all tests: that of an image 1024 wide. */
export const REACH = 100;

/** A curve over 0…1. */
export type Curve = (t: number) => Point;

/** A straight line. */
export function straight(from: Point, to: Point): Curve {
  return (t) => ({ x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) });
}

/** Part of a circle. */
export function arc(centre: Point, radius: number, from: number, to: number): Curve {
  return (t) => {
    const angle = from + t * (to - from);
    return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
  };
}

/** A sine wave along x; its least radius of curvature is (λ / 2π)² / amplitude. */
export function sine(from: Point, length: number, wavelength: number, amplitude: number): Curve {
  return (t) => ({
    x: from.x + t * length,
    y: from.y + amplitude * Math.sin(2 * Math.PI * t * length / wavelength),
  });
}

/** Points along a curve, scattered, in random order; `keep` leaves parts of the curve out. */
export function scatteredPoints(
  curves: readonly Curve[],
  { seed, noise, spacing = 9, keep = () => true }: {
    seed: number;
    noise: number;
    spacing?: number;
    keep?: (t: number) => boolean;
  },
): (Point & { score: number })[] {
  const stream = random(seed);
  const points = curves.flatMap((curve) => {
    const count = Math.round(lengthOfCurve(curve) / spacing);
    return Array.from({ length: count + 1 }, (_, i) => i / count).filter(keep).map((t) => {
      const { x, y } = curve(t);
      const score = stream.between(0.3, 1);
      return { x: x + noise * stream.normal(), y: y + noise * stream.normal(), score };
    });
  });
  return stream.shuffle(points);
}

/** Length of a curve, from many chords. */
export function lengthOfCurve(curve: Curve): number {
  return samples(curve, 2000).reduce((sum, point, i, all) => {
    return i === 0 ? 0 : sum + Math.hypot(point.x - all[i - 1].x, point.y - all[i - 1].y);
  }, 0);
}

/** Points at equal steps of the parameter. */
export function samples(curve: Curve, count: number): Point[] {
  return Array.from({ length: count }, (_, i) => curve(i / (count - 1)));
}

/** Largest distance of any point from the nearest segment of a line. */
export function farthestFrom(line: readonly Point[], points: readonly Point[]): number {
  return Math.max(...points.map((point) => distanceToLine(point, line)));
}

/** Distance of a point from the nearest segment of a line, each segment on its own. */
export function distanceToLine({ x, y }: Point, line: readonly Point[]): number {
  return Math.min(
    ...line.slice(1).map((to, i) => {
      const from = line[i];
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const along = ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy);
      const t = Math.max(0, Math.min(1, along));
      return Math.hypot(from.x + t * dx - x, from.y + t * dy - y);
    }),
  );
}

/** The traced fiber nearest to a curve: how far the two lie apart, and its nodes from the curve. */
export function matchOf(curve: Curve, fibers: readonly TracedFiber[]) {
  const truth = samples(curve, 200);
  const matches = fibers.map(({ line }, index) => {
    const beside = farthestFrom(truth, line);
    return { index, beside, apart: Math.max(beside, farthestFrom(line, truth)) };
  });
  return matches.reduce((best, match) => match.apart < best.apart ? match : best);
}
