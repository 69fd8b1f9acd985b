import { type Circle, type Random, random } from "../core/mod.ts";
import { type Canvas, spanOn } from "./canvas.ts";
import { placeDiscs } from "./place.ts";
import type { MicrographRecipe } from "./recipe.ts";
import type { PlacedVesicle } from "./scene.ts";
import type { VesicleSpecimen } from "./specimen.ts";
import { STREAMS } from "./streams.ts";

/**
 * The lipid bilayer as Gaussian layers: distance from its middle and standard deviation in Å,
 * potential above the ice's in V.
 *
 * Two leaflets' heads 38 Å apart and thin tails between (Wang, Bose and Sigworth 2006, PNAS 103,
 * 18528–18533).
 */
export const BILAYER = [
  { offsetA: -19, sigmaA: 5, volts: 2 },
  { offsetA: 0, sigmaA: 7, volts: 0.3 },
  { offsetA: 19, sigmaA: 5, volts: 2 },
] as const;

/** From a bilayer's middle to the outer face of its heads, in Å. */
export const HALF_THICKNESS_A = 26;

/** Distance between the membranes of a multilamellar vesicle, in Å. */
const LAMELLAR_A = [65, 110] as const;

/** The smallest vesicle that may lie in another one: diameter in Å. */
const LEAST_DIAMETER_A = 150;

/** Lays liposomes on a micrograph. */
export function arrangeVesicles(
  { count, diameterA: [least, most], spacing = 0.9, multilamellar = 0 }: VesicleSpecimen,
  { size, pixelSizeA, seed, border }: MicrographRecipe,
  allowed: (disc: Circle) => boolean,
): PlacedVesicle[] {
  const draw = random(seed, STREAMS.places);
  const diameters = Array.from(
    { length: count },
    () => least * (most / least) ** (draw.uniform() ** 2) / pixelSizeA,
  );
  const range = [border, size - 1 - border] as const;
  return placeDiscs(diameters, { range, spacing, allowed }, draw).flatMap((disc) => {
    if (!disc) return [];
    const inner = draw.uniform() < multilamellar ? membranesIn(disc, pixelSizeA, draw) : [];
    return [{ ...disc, membranes: [disc, ...inner] }];
  });
}

/** Membranes within a vesicle: shells in each other, or one small vesicle somewhere. */
export function membranesIn(outer: Circle, pixelSizeA: number, draw: Random): Circle[] {
  const least = LEAST_DIAMETER_A / pixelSizeA;
  const widest = outer.diameter - 2 * LAMELLAR_A[0] / pixelSizeA;
  if (widest < least) return [];
  if (draw.uniform() < 0.4) return [within(outer, draw.between(least, widest), pixelSizeA, draw)];
  const shells: Circle[] = [];
  let parent = outer;
  const lamellae = 1 + draw.integer(5);
  while (shells.length < lamellae) {
    const diameter = parent.diameter - 2 * draw.between(...LAMELLAR_A) / pixelSizeA;
    if (diameter < least) break;
    shells.push(parent = within(parent, diameter, pixelSizeA, draw));
  }
  return shells;
}

/** A vesicle of that diameter in another one, off its centre as far as the membranes let it. */
function within(outer: Circle, diameter: number, pixelSizeA: number, draw: Random): Circle {
  const room = (outer.diameter - diameter) / 2 - 2 * HALF_THICKNESS_A / pixelSizeA;
  const [angle, off] = [draw.between(0, 2 * Math.PI), Math.max(0, room) * draw.uniform()];
  return { x: outer.x + off * Math.cos(angle), y: outer.y + off * Math.sin(angle), diameter };
}

/**
 * Adds the projections of vesicles to an image.
 *
 * @param unit Factor on V Å.
 */
export function paintVesicles(
  canvas: Canvas,
  vesicles: readonly PlacedVesicle[],
  unit: number,
): void {
  for (const membrane of vesicles.flatMap(({ membranes }) => membranes)) {
    paintMembrane(canvas, membrane, unit);
  }
}

/** Adds one spherical membrane. */
export function paintMembrane(
  { size, pixelSizeA, pixels }: Canvas,
  { x, y, diameter }: Circle,
  unit: number,
) {
  const radiusA = diameter * pixelSizeA / 2;
  const reachA = radiusA + HALF_THICKNESS_A + 10;
  const stepA = Math.min(2, pixelSizeA / 2);
  const profile = projectedMembrane(radiusA, stepA, reachA);
  const rows = spanOn(size, y, reachA / pixelSizeA);
  for (let row = rows.from; row <= rows.to; row++) {
    const half = Math.sqrt(Math.max(0, (reachA / pixelSizeA) ** 2 - (row - y) ** 2));
    const columns = spanOn(size, x, half);
    for (let column = columns.from; column <= columns.to; column++) {
      const at = Math.hypot(column - x, row - y) * pixelSizeA / stepA;
      const i = Math.min(profile.length - 2, Math.floor(at));
      const value = profile[i] + (at - i) * (profile[i + 1] - profile[i]);
      pixels[row * size + column] += unit * value;
    }
  }
}

/**
 * Projected potential of a spherical bilayer in V Å, at distances 0, `stepA`, 2 `stepA` … up to
 * beyond `reachA` from the centre: twice the integral over the height z of the potential at
 * √(r² + z²), by the trapezoidal rule.
 *
 * @param radiusA Radius of the bilayer's middle.
 */
export function projectedMembrane(radiusA: number, stepA: number, reachA: number): Float64Array {
  const heightStep = 1.5;
  const values = new Float64Array(Math.ceil(reachA / stepA) + 2);
  const potential = potentialAcross(radiusA, reachA + 3 * stepA);
  for (let i = 0; i < values.length; i++) {
    const r2 = (i * stepA) ** 2;
    const top = Math.sqrt(Math.max(0, reachA ** 2 - r2));
    const steps = Math.ceil(top / heightStep);
    let sum = potential(Math.sqrt(r2)) / 2;
    for (let j = 1; j <= steps; j++) sum += potential(Math.sqrt(r2 + (j * heightStep) ** 2));
    values[i] = 2 * heightStep * sum;
  }
  return values;
}

/** The bilayer's potential at a distance from the vesicle's centre, from a table of ½ Å steps. */
function potentialAcross(radiusA: number, farthestA: number): (distanceA: number) => number {
  const table = Float64Array.from({ length: Math.ceil(2 * farthestA) + 2 }, (_, i) => {
    const fromMiddle = i / 2 - radiusA;
    return BILAYER.reduce(
      (sum, { offsetA, sigmaA, volts }) =>
        sum + volts * Math.exp(-((fromMiddle - offsetA) ** 2) / (2 * sigmaA * sigmaA)),
      0,
    );
  });
  return (distanceA) => {
    const at = 2 * distanceA;
    const i = Math.min(table.length - 2, Math.floor(at));
    return table[i] + (at - i) * (table[i + 1] - table[i]);
  };
}
