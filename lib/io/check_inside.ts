import type { Pick, Point } from "../core/mod.ts";

/**
 * Parts picks into those whose centre lies on the image and those beside it.
 *
 * Pixel centres are whole numbers, so the image reaches from -0.5 to width - 0.5 and height - 0.5,
 * borders included.
 *
 * @example
 * ```ts
 * import { checkInside } from "@epicker/epicker/io";
 * import { assertEquals } from "@std/assert";
 *
 * const { inside, outside } = checkInside([{ x: 0, y: 9 }, { x: 0, y: 10 }], 20, 10);
 * assertEquals(inside, [{ x: 0, y: 9 }]);
 * assertEquals(outside, [{ x: 0, y: 10 }]);
 * ```
 */
export function checkInside<P extends Point>(
  picks: readonly P[],
  width: number,
  height: number,
): { inside: P[]; outside: P[] } {
  const { inside = [], outside = [] } = Object.groupBy(picks, ({ x, y }) => {
    const isInside = x >= -0.5 && x <= width - 0.5 && y >= -0.5 && y <= height - 0.5;
    return isInside ? "inside" : "outside";
  });
  return { inside, outside };
}

/** What to say of labels outside; nothing where there are none. */
export function outsideWarnings(
  file: string,
  outside: readonly Pick[],
  { width, height }: { width: number; height: number },
): string[] {
  if (outside.length === 0) return [];
  const [{ x, y }] = outside;
  return [
    `${file}: left out ${outside.length} label(s) outside the ${width} × ${height} micrograph, ` +
    `the first at (${x}, ${y})`,
  ];
}
