import { type Random, random } from "../core/mod.ts";
import type { Canvas } from "./canvas.ts";
import { type Helix, helixNamed } from "./helices.ts";
import type { Gaussian } from "./phantom.ts";
import { addProjection } from "./project.ts";
import type { MicrographRecipe } from "./recipe.ts";
import type { PlacedFiber } from "./scene.ts";
import type { FiberSpecimen } from "./specimen.ts";
import { STREAMS } from "./streams.ts";

/** Length of a segment of the polyline that stands for a centre line, in pixels. */
const SEGMENT = 8;

/**
 * Lays fibers across a micrograph: through a random point in a random direction, straight as far
 * as their stiffness lets, or bent to an arc. They may cross.
 */
export function arrangeFibers(
  { helix: name, count, lengthA, curved = 0, bendRadiusA = [4000, 20_000] }: FiberSpecimen,
  { size, pixelSizeA, seed }: MicrographRecipe,
): PlacedFiber[] {
  const draw = random(seed, STREAMS.places);
  const helix = helixNamed(name);
  return Array.from({ length: count }, () => {
    const bend = draw.uniform() < curved ? pixelSizeA / draw.between(...bendRadiusA) : 0;
    const points = centreLine({
      middle: [draw.between(0, size - 1), draw.between(0, size - 1)],
      length: draw.between(...lengthA) / pixelSizeA,
      curvature: draw.uniform() < 0.5 ? bend : -bend,
      persistence: helix.persistenceA / pixelSizeA,
    }, draw);
    const rotDeg = draw.between(0, 360);
    return { species: name, diameter: helix.diameterA / pixelSizeA, points, rotDeg };
  });
}

/** A curve, in pixels. */
interface Curve {
  middle: [x: number, y: number];
  length: number;
  curvature: number;
  persistence: number;
}

/**
 * A worm-like chain in the plane about an arc: over a length s its direction changes by
 * s · curvature and a normal number of variance s / persistence length.
 */
function centreLine(
  { middle, length, curvature, persistence }: Curve,
  draw: Random,
): [number, number][] {
  const steps = Math.max(1, Math.round(length / SEGMENT / 2));
  const step = length / 2 / steps;
  const start = draw.between(0, 2 * Math.PI);
  const half = (direction: number, turn: number) => {
    let [x, y] = middle;
    let angle = direction;
    return Array.from({ length: steps }, (): [number, number] => {
      angle += turn * step / 2 + draw.normal() * Math.sqrt(step / persistence);
      [x, y] = [x + step * Math.cos(angle), y + step * Math.sin(angle)];
      angle += turn * step / 2;
      return [x, y];
    });
  };
  const back = half(start + Math.PI, -curvature).reverse();
  return [...back, middle, ...half(start, curvature)];
}

/**
 * Adds the projections of fibers to an image: subunit after subunit along the centre line, turned
 * about it.
 *
 * @param unit Factor on kDa per Å².
 */
export function paintFibers(canvas: Canvas, fibers: readonly PlacedFiber[], unit: number): void {
  for (const fiber of fibers) {
    const helix = helixNamed(fiber.species);
    let [done, turn] = [0, fiber.rotDeg]; // Å from the fiber's start to the next subunit; degrees
    for (let i = 1; i < fiber.points.length; i++) {
      const [from, to] = [fiber.points[i - 1], fiber.points[i]];
      const direction = Math.atan2(to[1] - from[1], to[0] - from[0]);
      const lengthA = Math.hypot(to[0] - from[0], to[1] - from[1]) * canvas.pixelSizeA;
      const blobs: Gaussian[] = [];
      for (; done < lengthA; done += helix.riseA, turn += helix.twistDeg) {
        blobs.push(...subunitAt(helix, done, turn, direction));
      }
      done -= lengthA;
      addProjection(canvas, blobs, { centre: { x: from[0], y: from[1] }, unit });
    }
  }
}

/** A subunit that lies `along` Å behind a point of the centre line, which runs in `direction`. */
function subunitAt(helix: Helix, along: number, turnDeg: number, direction: number): Gaussian[] {
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  return helix.subunit.map((blob) => {
    const angle = (turnDeg + blob.turnDeg) * Math.PI / 180;
    const [a, across] = [along + blob.axialA, blob.radiusA * Math.cos(angle)];
    return {
      x: a * cos - across * sin,
      y: a * sin + across * cos,
      z: blob.radiusA * Math.sin(angle),
      sigmaA: blob.sigmaA,
      massKda: blob.massKda,
    };
  });
}
