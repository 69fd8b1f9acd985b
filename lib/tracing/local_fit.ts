import { distance, type Point } from "../core/mod.ts";

/** How points scatter around fibers and how much fibers bend. */
export interface Scatter {
  /** Standard deviation of the points across a fiber. */
  sigma: number;
  /** Largest curvature, 1 / radius. */
  curvature: number;
}

/** The run of a line near a place, in a frame whose u axis points on and whose origin is there. */
export interface LocalFit {
  /** The origin. */
  origin: Point;
  /** Unit vector of the u axis. */
  axis: Point;
  /** Place, slope and half curvature at the origin: v(u) = a + b u + c u². */
  coefficients: [a: number, b: number, c: number];
  /** Variance of a point's v at u around that prediction, in squares of the points' unit. */
  variance(u: number): number;
  /** The same around the straight line a + b u. */
  straightVariance(u: number): number;
}

/** Fits the run of a line at its end, {@linkcode fitLine}, from its last points, the end last. */
export function fitEnd(line: readonly Point[], scatter: Scatter): LocalFit {
  return fitLine(line, line[line.length - 1], scatter);
}

/**
 * Fits a parabola to a piece of a line: least squares with a prior that holds the curvature within
 * its limit (Bayesian linear regression), so that few points give a straight line and many an arc.
 *
 * @param line Points in order; the first and the last differ.
 * @param origin Origin of the frame; its u axis points from the first to the last point.
 */
export function fitLine(
  line: readonly Point[],
  origin: Point,
  { sigma, curvature }: Scatter,
): LocalFit {
  const [first, last] = [line[0], line[line.length - 1]];
  const chord = distance(first, last);
  const axis = { x: (last.x - first.x) / chord, y: (last.y - first.y) / chord };
  // half curvatures c are drawn around 0 with the limit, curvature / 2, at two standard deviations
  const prior = (4 * sigma / curvature) ** 2;
  const normal = [[0, 0, 0], [0, 0, 0], [0, 0, prior]];
  const right = [0, 0, 0];
  for (const point of line) {
    const { u, v } = inFrame(point, origin, axis);
    const basis = [1, u, u * u];
    for (let row = 0; row < 3; row++) {
      right[row] += basis[row] * v;
      for (let column = 0; column < 3; column++) normal[row][column] += basis[row] * basis[column];
    }
  }
  const inverse = inverse3(normal);
  const [a, b, c] = inverse.map((row) => row[0] * right[0] + row[1] * right[1] + row[2] * right[2]);
  return {
    origin,
    axis,
    coefficients: [a, b, c],
    variance: (u) => sigma * sigma * (1 + quadraticForm(inverse, [1, u, u * u])),
    straightVariance: (u) => sigma * sigma * (1 + quadraticForm(inverse, [1, u, 0])),
  };
}

/** Coordinates along and across an axis. */
export function inFrame(point: Point, origin: Point, axis: Point): { u: number; v: number } {
  const [dx, dy] = [point.x - origin.x, point.y - origin.y];
  return { u: dx * axis.x + dy * axis.y, v: dy * axis.x - dx * axis.y };
}

/** Unit vector in which the fit leaves its origin. */
export function headingOf({ axis, coefficients: [, b] }: LocalFit): Point {
  const norm = Math.hypot(1, b);
  return { x: (axis.x - b * axis.y) / norm, y: (axis.y + b * axis.x) / norm };
}

function quadraticForm(m: number[][], x: number[]): number {
  return m.reduce((sum, row, i) => sum + x[i] * (row[0] * x[0] + row[1] * x[1] + row[2] * x[2]), 0);
}

/** Inverse of a symmetric positive definite 3 × 3 matrix, by cofactors. */
function inverse3(m: number[][]): number[][] {
  const cofactor = (i: number, j: number) => {
    const [r, s] = [(i + 1) % 3, (i + 2) % 3];
    const [p, q] = [(j + 1) % 3, (j + 2) % 3];
    return m[r][p] * m[s][q] - m[r][q] * m[s][p];
  };
  const determinant = [0, 1, 2].reduce((sum, j) => sum + m[0][j] * cofactor(0, j), 0);
  return [0, 1, 2].map((i) => [0, 1, 2].map((j) => cofactor(j, i) / determinant));
}
