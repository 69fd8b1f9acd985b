import type { Random } from "../core/mod.ts";
import type { Gaussian } from "./phantom.ts";

/** A rotation in space: three rows of three. */
export type Rotation = readonly [Row, Row, Row];

type Row = readonly [number, number, number];

/** Euler angles of a view in degrees, as RELION has them (rotations about z, y and z again). */
export interface EulerAngles {
  /** Turn about the particle's own z axis. */
  rotDeg: number;
  /** Angle between the particle's z axis and the beam: 0 from the top, 90 from the side. */
  tiltDeg: number;
  /** Turn in the image plane. */
  psiDeg: number;
}

/** Turns as an identity. */
export const NO_ROTATION: Rotation = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];

const DEGREE = Math.PI / 180;

/**
 * Draws Euler angles, uniformly among all rotations: the direction is uniform on the sphere, so
 * the cosine of the tilt is uniform.
 *
 * @param cosine The range of the tilt's cosine; by default all.
 */
export function randomAngles(draw: Random, [low, high] = [-1, 1]): EulerAngles {
  return {
    rotDeg: draw.between(-180, 180),
    tiltDeg: Math.acos(draw.between(low, high)) / DEGREE,
    psiDeg: draw.between(-180, 180),
  };
}

/**
 * The rotation that turns a particle into a view: R = Rz(psi) · Ry(tilt) · Rz(rot) of coordinate
 * axes (Heymann, Chagoyen and Belnap 2005, J. Struct. Biol. 151, 196–207).
 */
export function rotationOf({ rotDeg, tiltDeg, psiDeg }: EulerAngles): Rotation {
  const [a, b, c] = [rotDeg * DEGREE, tiltDeg * DEGREE, psiDeg * DEGREE];
  return compose(aboutZ(-c), compose(aboutY(-b), aboutZ(-a)));
}

/** A turn about an axis, right-handed, in radians (Rodrigues' formula). */
export function aboutAxis(axis: Row, angle: number): Rotation {
  const length = Math.hypot(...axis);
  const [x, y, z] = axis.map((value) => value / length);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const rest = 1 - cos;
  return [
    [cos + x * x * rest, x * y * rest - z * sin, x * z * rest + y * sin],
    [y * x * rest + z * sin, cos + y * y * rest, y * z * rest - x * sin],
    [z * x * rest - y * sin, z * y * rest + x * sin, cos + z * z * rest],
  ];
}

/** A turn about the z axis, from x to y, in radians. */
export function aboutZ(angle: number): Rotation {
  return aboutAxis([0, 0, 1], angle);
}

/** A turn about the y axis, from z to x, in radians. */
export function aboutY(angle: number): Rotation {
  return aboutAxis([0, 1, 0], angle);
}

/** The rotation that does `second` after `first`. */
export function compose(second: Rotation, first: Rotation): Rotation {
  const row = (r: number) =>
    [0, 1, 2].map((c) =>
      second[r][0] * first[0][c] + second[r][1] * first[1][c] + second[r][2] * first[2][c]
    ) as [number, number, number];
  return [row(0), row(1), row(2)];
}

/** Rotates a Gaussian about the origin; it stays round. */
export function rotate({ x, y, z, ...rest }: Gaussian, rotation: Rotation): Gaussian {
  const [a, b, c] = rotation.map((row) => row[0] * x + row[1] * y + row[2] * z);
  return { x: a, y: b, z: c, ...rest };
}
