import { checkOptions, defined, EPickerError, option, type Pick } from "../core/mod.ts";
import { pointsAlong } from "./polyline.ts";
import type { TracedFiber } from "./trace.ts";

/**
 * Places boxes along fibers at a chosen rise: the segments for helical extraction.
 *
 * Boxes of a fiber follow each other and carry its number, from 1; in that order the STAR writer
 * gives them tube ID, track length and psi prior as RELION counts them. The score is the fiber's.
 *
 * @param rise Distance of neighbouring boxes along the fiber, in the fibers' pixels.
 * @param diameter Width of the fibers, kept with every box where it is given.
 * @throws {EPickerError} `bad-option` for a rise that is not above 0.
 *
 * @example
 * ```ts
 * import { boxesAlong } from "@epicker/epicker/tracing";
 * import { assertEquals } from "@std/assert";
 *
 * const line = [{ x: 0, y: 5 }, { x: 30, y: 5 }];
 * const boxes = boxesAlong([{ line, length: 30, score: 0.8, points: 7 }], 10);
 * assertEquals(boxes.map(({ x }) => x), [5, 15, 25]);
 * assertEquals(boxes[0], { x: 5, y: 5, score: 0.8, fiber: 1 });
 * ```
 */
export function boxesAlong(
  fibers: readonly TracedFiber[],
  rise: number,
  diameter?: number,
): Pick[] {
  if (!(rise > 0)) {
    throw new EPickerError("bad-option", {
      file: "rise",
      found: String(rise),
      expected: "a distance above 0",
    });
  }
  return fibers.flatMap(({ line, score }, i) =>
    pointsAlong(line, rise).map((point): Pick =>
      defined({ ...point, score, fiber: i + 1, diameter })
    )
  );
}

/** How traced fibers are written; {@linkcode fiberPicks}. */
export interface RiseOptions {
  /** Distance of boxes along the fibers in micrograph pixels. */
  rise?: number;
  /** The same in Å, which needs the pixel size. */
  riseA?: number;
}

/** Refuses rises that are not above 0, and two of them. @throws {EPickerError} `bad-option`. */
export function checkRise({ rise, riseA }: RiseOptions): void {
  const above = option.above(0, 1e6);
  checkOptions({ rise, riseA }, { rise: above, riseA: above });
  if (rise === undefined || riseA === undefined) return;
  throw new EPickerError("bad-option", {
    file: "rise",
    found: `${rise} pixels and ${riseA} Å`,
    expected: "one of them",
  });
}

/**
 * Fibers as picks that carry their numbers: boxes where a rise is given, else the nodes of the
 * polylines.
 *
 * @param diameter Width of the fibers.
 * @throws {EPickerError} `bad-option` for a rise that is not above 0, two of them, or one in Å without
 * a pixel size.
 */
export function fiberPicks(
  fibers: readonly TracedFiber[],
  options: RiseOptions,
  image: { name: string; pixelSizeA?: number },
  diameter?: number,
): Pick[] {
  const rise = riseInPixels(options, image);
  if (rise !== undefined) return boxesAlong(fibers, rise, diameter);
  return fibers.flatMap(({ line, score }, i) =>
    line.map(({ x, y }): Pick => defined({ x, y, score, fiber: i + 1, diameter }))
  );
}

function riseInPixels(
  { rise, riseA }: RiseOptions,
  { name, pixelSizeA }: { name: string; pixelSizeA?: number },
): number | undefined {
  if (riseA === undefined) return rise;
  if (rise === undefined && pixelSizeA !== undefined) return riseA / pixelSizeA;
  throw new EPickerError("bad-option", {
    file: name,
    found: `a rise of ${riseA} Å and ${
      rise === undefined ? "no pixel size" : `one of ${rise} pixels`
    }`,
    expected: "a micrograph that says its pixel size, or a rise in pixels alone",
    remedy: "Give the rise in pixels, or the pixel size by hand.",
  });
}
