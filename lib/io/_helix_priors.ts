import type { Pick } from "../core/mod.ts";

/** Where on its fiber a point lies and how the fiber runs there, as RELION counts. */
export interface HelixPrior {
  /** Minus the angle of the fiber against the x axis, in degrees. */
  psi: number;
  /** Length along the fiber from its first point, in pixels. */
  track: number;
}

/**
 * RELION's priors of helical segments, one for each pick in the order given.
 *
 * The points of a fiber are taken in their order; the direction at a point is that from the point
 * before to the point behind. Points on no fiber have zeros.
 */
export function helixPriors(picks: readonly Pick[]): HelixPrior[] {
  const priors = picks.map(() => ({ psi: 0, track: 0 }));
  const fibers = Map.groupBy(picks.keys(), (i) => picks[i].fiber);
  for (const [fiber, points] of fibers) {
    if (fiber === undefined) continue;
    let track = 0;
    points.forEach((i, n) => {
      const [before, behind] = [picks[points[n - 1] ?? i], picks[points[n + 1] ?? i]];
      const angle = Math.atan2(behind.y - before.y, behind.x - before.x);
      track += Math.hypot(picks[i].x - before.x, picks[i].y - before.y);
      priors[i] = { psi: -angle * 180 / Math.PI, track };
    });
  }
  return priors;
}
