import { distance, type Point } from "../core/mod.ts";
import { directionAt, type LocalDirection } from "./directions.ts";
import type { PointField, ScoredPoint } from "./field.ts";
import { fitEnd, headingOf, inFrame, type LocalFit, type Scatter } from "./local_fit.ts";
import { lengthOfLine } from "./polyline.ts";

/** Lengths that following and joining need, all in the points' pixels. */
export interface Limits extends Scatter {
  /** Farthest next point. */
  reach: number;
  /** Steps of this length are always allowed; longer ones only to lines as long as the step. */
  freeStep: number;
  /**
   * Score of a point that is believed: only such ones start a line, they go on in each other at any
   * distance, and others cost more the fainter they are. Without, all points are alike.
   */
  threshold?: number;
}

/** Length over which a line is fitted to see where it goes on, in reaches. */
const WINDOW = 0.7;

/** How far behind a seed its direction counts as if points were there, in reaches. */
const SEED_TAIL = [0.24, 0.16, 0.08];

/** Fewest points of a piece of a fiber. */
const MIN_PIECE = 3;

/** What a point beside the fit costs, one whose neighbours lie across it, and a faint one, in its distance. */
const [ASIDE_COST, ACROSS_COST, FAINT_COST] = [6, 10, 3];

/** Turn beyond the fit that is allowed to a far point, in radians. */
const SLACK = 0.3;

/**
 * Follows fibers from every point that belongs to none yet, from the straightest and loneliest
 * places to the crowded ones.
 *
 * @returns The points of each piece from end to end.
 */
export function followAll<P extends ScoredPoint>(field: PointField<P>, limits: Limits): P[][] {
  const directions = field.points.map((_, i) => directionAt(field, i, limits.reach / 2, limits));
  const quality = (i: number) => directions[i]?.quality ?? -Infinity;
  const seeds = [...field.points.keys()].filter((i) => faintness(field.points[i], limits) === 0)
    .sort((a, b) => quality(b) - quality(a) || a - b);
  const follower = new Follower(field, directions, limits);
  const pieces: P[][] = [];
  for (const seed of seeds) {
    if (field.free[seed] === 0) continue;
    const chain = withoutLooseEnds(field, follower.followFrom(seed), limits);
    if (chain.length < MIN_PIECE) {
      for (const i of chain) if (i !== seed) field.free[i] = 1;
      continue;
    }
    const piece = chain.map((i) => field.points[i]);
    takeBeside(field, piece, 3 * limits.sigma);
    pieces.push(piece);
  }
  return pieces;
}

/** How far a point's score is below the threshold, from 0 to 1. */
function faintness({ score = 1 }: ScoredPoint, { threshold }: Limits): number {
  return threshold === undefined ? 0 : Math.max(0, 1 - score / threshold);
}

/** A chain without points behind a long step at an end that are too few to be a piece. */
function withoutLooseEnds(field: PointField, chain: number[], limits: Limits): number[] {
  const isSure = (point: ScoredPoint) =>
    limits.threshold !== undefined && faintness(point, limits) === 0;
  const isLong = (i: number) => {
    const [from, to] = [field.points[chain[i - 1]], field.points[chain[i]]];
    return distance(from, to) > limits.freeStep && !(isSure(from) && isSure(to));
  };
  let [first, end] = [0, chain.length];
  for (let i = 1; i < MIN_PIECE && i < chain.length; i++) {
    if (isLong(i)) first = i;
    if (isLong(chain.length - i)) end = chain.length - i;
  }
  for (const i of [...chain.slice(0, first), ...chain.slice(end)]) field.free[i] = 1;
  return chain.slice(first, Math.max(first, end));
}

/** Follows lines point by point; what it passes is taken out of the field. */
class Follower {
  #field: PointField;
  #directions: (LocalDirection | undefined)[];
  #limits: Limits;

  constructor(
    field: PointField,
    directions: (LocalDirection | undefined)[],
    limits: Limits,
  ) {
    this.#field = field;
    this.#directions = directions;
    this.#limits = limits;
  }

  /**
   * Follows the fiber through a seed to both sides.
   *
   * Both sides start from the one direction at the seed, and each side sees the points of the
   * other, so that a curved fiber stays one.
   *
   * @returns Indices of the points from end to end; the seed alone where nothing follows.
   */
  followFrom(seed: number): number[] {
    this.#field.free[seed] = 0;
    const direction = directionAt(this.#field, seed, this.#limits.reach / 2, this.#limits)
      ?.direction;
    if (direction === undefined) return [seed];
    const origin = this.#field.points[seed];
    const tails = [1, -1].map((sense) =>
      SEED_TAIL.map((part) => sense * part * this.#limits.reach).map((length) => ({
        x: origin.x - length * direction.x,
        y: origin.y - length * direction.y,
      }))
    );
    let chain = [seed];
    for (let side = 0, stalled = 0; stalled < 2; side = 1 - side) {
      const before = chain.length;
      this.#extend(chain, tails[side]);
      stalled = chain.length === before ? stalled + 1 : 0;
      chain = chain.toReversed();
    }
    return chain;
  }

  /** Adds points behind the end of a chain as long as there are any that go on. */
  #extend(chain: number[], tail: Point[]): void {
    const { points, free } = this.#field;
    const line = chain.map((i) => points[i]);
    let length = lengthOfLine(line);
    for (;;) {
      const last = lastPoints(line, this.#limits.reach);
      const isShort = last.length === chain.length && length < this.#limits.reach / 4;
      const fit = fitEnd(isShort ? [...tail, ...last] : last, this.#limits);
      const next = this.#nextPoint(fit, Math.max(this.#limits.freeStep, length));
      if (next === undefined) return;
      length += distance(line[line.length - 1], points[next]);
      free[next] = 0;
      chain.push(next);
      line.push(points[next]);
    }
  }

  /** The free point that goes on best: near, on the fit, and among points that lie along it. */
  #nextPoint(fit: LocalFit, farthest: number): number | undefined {
    const heading = headingOf(fit);
    const radius = Math.min(this.#limits.reach, farthest);
    let best: { index: number; cost: number } | undefined;
    for (const index of this.#field.freeNear(fit.origin, radius)) {
      const { u, misfit } = misfitOf(fit, this.#field.points[index], this.#limits);
      if (!(u > 0 && misfit <= 1)) continue;
      const lie = this.#directions[index]?.direction ?? heading;
      const across = lie.x * heading.y - lie.y * heading.x;
      const faint = faintness(this.#field.points[index], this.#limits);
      const cost = u *
        (1 + ASIDE_COST * misfit ** 2 + ACROSS_COST * across ** 2 + FAINT_COST * faint);
      if (best === undefined || cost < best.cost) best = { index, cost };
    }
    return best?.index;
  }
}

/** The last points of a line, as far back as a fit looks. */
export function lastPoints(line: readonly Point[], reach: number): Point[] {
  let [first, length] = [line.length - 1, 0];
  while (first > 0 && length <= WINDOW * reach) {
    first--;
    length += distance(line[first], line[first + 1]);
  }
  return line.slice(first);
}

/**
 * How far a point lies from where a line goes on, in units of what is allowed.
 *
 * Allowed are three standard deviations of the fit, at most a small turn, and at most what the
 * curvature limit lets the line reach.
 */
export function misfitOf(
  fit: LocalFit,
  point: Point,
  { sigma, curvature }: Scatter,
): { u: number; misfit: number } {
  const { u, v } = inFrame(point, fit.origin, fit.axis);
  const [a, b, c] = fit.coefficients;
  const allowed = Math.min(3 * Math.sqrt(fit.variance(u)), 3 * sigma + SLACK * Math.abs(u));
  const bend = 3 * Math.sqrt(fit.straightVariance(u)) + curvature * u * u / 2;
  const off = Math.abs(v - a - b * u - c * u * u) / allowed;
  return { u, misfit: Math.max(off, Math.abs(v - a - b * u) / bend) };
}

/** Takes the free points beside a line out of the field, so that no second line runs there. */
function takeBeside(field: PointField, line: Point[], width: number): void {
  for (const [i, from] of line.slice(0, -1).entries()) {
    const to = line[i + 1];
    const length = distance(from, to);
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    const axis = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
    for (const j of field.freeNear(middle, length / 2 + width)) {
      const { u, v } = inFrame(field.points[j], from, axis);
      if (u >= 0 && u <= length && Math.abs(v) <= width) field.free[j] = 0;
    }
  }
}
