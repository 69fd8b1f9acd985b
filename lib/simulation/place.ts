import { type Circle, distance, type Point, type Random } from "../core/mod.ts";

/** Places tried for one disc before it is left out. */
const TRIES = 200;

/** Where {@linkcode placeDiscs} may put discs, in pixels. */
export interface Placement {
  /** Least and largest column and row of the centres. */
  range: readonly [low: number, high: number];
  /** Least distance of two centres, in means of the two diameters. */
  spacing: number;
  /** Discs that are there already. */
  others?: readonly Circle[];
  /** Whether a disc may lie there at all. */
  allowed?: (disc: Circle) => boolean;
}

/**
 * Puts discs where there is room, the largest first, each at a uniformly random free place.
 *
 * @returns One for each diameter, in their order; absent where no room was found.
 */
export function placeDiscs(
  diameters: readonly number[],
  { range: [low, high], spacing, others = [], allowed = () => true }: Placement,
  draw: Random,
): (Circle | undefined)[] {
  const placed = [...others];
  const isFree = (disc: Circle) =>
    allowed(disc) &&
    placed.every((other) =>
      distance(other, disc) >= spacing * (other.diameter + disc.diameter) / 2
    );
  const findPlace = (diameter: number) => {
    for (let i = 0; i < TRIES; i++) {
      const disc = { x: draw.between(low, high), y: draw.between(low, high), diameter };
      if (!isFree(disc)) continue;
      placed.push(disc);
      return disc;
    }
  };
  const order = [...diameters.keys()].sort((a, b) => diameters[b] - diameters[a]);
  const places = new Map(order.map((i) => [i, findPlace(diameters[i])]));
  return diameters.map((_, i) => places.get(i));
}

/** Whether a point lies on a square image of that size. */
export function isOn(size: number, { x, y }: Point): boolean {
  return x >= 0 && y >= 0 && x <= size - 1 && y <= size - 1;
}
