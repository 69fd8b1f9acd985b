import { type Random, random } from "../core/mod.ts";
import type { Gaussian, Phantom } from "./phantom.ts";
import { C4, D2, OCTAHEDRAL, symmetrise } from "./symmetry.ts";

type Point = [number, number, number];

/** A hollow shell of 24 subunits like apoferritin: 120 Å outside, 80 Å inside, octahedral. */
export function apoferritinLike(seed = 1): Phantom {
  const draw = random(seed, 1);
  const shell = () => {
    const direction = inBall(draw);
    const radius = draw.between(47, 58) / Math.hypot(...direction);
    return direction.map((value) => value * radius) as Point;
  };
  const subunit = blobs(14, 6, shell);
  return {
    name: "apoferritin-like",
    diameterA: 120,
    gaussians: symmetrise(subunit, OCTAHEDRAL),
  };
}

/** Two lobes of unequal size like an 80S ribosome: 300 Å long, of uneven density. */
export function ribosomeLike(seed = 1): Phantom {
  const draw = random(seed, 2);
  const large = () => shifted(inEllipsoid(draw, [110, 115, 105]), [-28, 0, 0]);
  const small = () => shifted(inEllipsoid(draw, [52, 105, 72]), [92, 10, 15]);
  const uneven = (blob: Gaussian) => ({ ...blob, mass: draw.between(0.2, 1.8) });
  return {
    name: "ribosome-like",
    diameterA: 300,
    gaussians: [...blobs(240, 11, large), ...blobs(75, 11, small)].map(uneven),
  };
}

/** A flat tetramer like beta-galactosidase: 170 × 120 × 100 Å, two-fold about three axes. */
export function betaGalactosidaseLike(seed = 1): Phantom {
  const draw = random(seed, 3);
  const subunit = blobs(30, 11, () => shifted(inEllipsoid(draw, [44, 31, 30]), [30, 20, 9]));
  return { name: "beta-galactosidase-like", diameterA: 180, gaussians: symmetrise(subunit, D2) };
}

/** A four-fold channel like TRPV1: a skirt of 120 Å, a narrow pore in a belt of detergent. */
export function channelLike(seed = 1): Phantom {
  const draw = random(seed, 4);
  const skirt = () => shifted(inEllipsoid(draw, [26, 26, 26]), [32, 18, 25]);
  const pore = () => shifted(inEllipsoid(draw, [16, 16, 26]), [14, 0, -30]);
  const belt = () => {
    const angle = draw.between(-Math.PI / 4, Math.PI / 4);
    return [44 * Math.cos(angle), 44 * Math.sin(angle), -30 + draw.between(-14, 14)] as Point;
  };
  const subunit = [...blobs(14, 9, skirt), ...blobs(8, 8, pore), ...blobs(8, 12, belt)];
  return { name: "channel-like", diameterA: 150, gaussians: symmetrise(subunit, C4) };
}

/** Equal blobs at the points that a function draws. */
function blobs(count: number, sigmaA: number, place: () => Point): Gaussian[] {
  return Array.from({ length: count }, () => {
    const [x, y, z] = place();
    return { x, y, z, sigmaA, mass: 1 };
  });
}

/** A point in the unit ball, uniformly (rejection from the cube). */
function inBall(draw: Random): Point {
  for (;;) {
    const point: Point = [draw.between(-1, 1), draw.between(-1, 1), draw.between(-1, 1)];
    if (Math.hypot(...point) <= 1) return point;
  }
}

function inEllipsoid(draw: Random, [a, b, c]: Point): Point {
  const [x, y, z] = inBall(draw);
  return [a * x, b * y, c * z];
}

function shifted([x, y, z]: Point, [dx, dy, dz]: Point): Point {
  return [x + dx, y + dy, z + dz];
}
