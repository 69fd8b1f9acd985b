import type { Pick } from "../core/mod.ts";
import { NETWORK_SIZES, type NetworkView } from "../preprocess/mod.ts";
import {
  continuedToBorder,
  fiberPicks,
  REACH,
  reachIn,
  type RiseOptions,
  traceDetected,
  type TracedFiber,
} from "../tracing/mod.ts";

/** How far before the border fibers may be lost that run on to it, in reaches. */
const BORDER_REACHES = 0.5;

/**
 * The fibers through candidates, and the picks that stand for them, held inside the micrograph.
 *
 * @param options.diameter Width of the fibers in micrograph pixels, where it is known.
 * @param options.view How the network saw the micrograph: in the view `particle` fibers are followed by
 * their width, else by the micrograph's.
 */
export function fibersThrough<C extends Pick>(
  candidates: C[],
  micrograph: { name: string; width: number; height: number; pixelSizeA?: number },
  { threshold, diameter, view, ...rise }: RiseOptions & {
    threshold: number;
    diameter: number | undefined;
    view: NetworkView;
  },
): { fibers: TracedFiber[]; picks: C[] } {
  const { width, height } = micrograph;
  const reach = view === "paper" || diameter === undefined
    ? reachIn(micrograph)
    : REACH * diameter / NETWORK_SIZES.fiber;
  const fibers = traceDetected(candidates, { threshold, reach, width: diameter ?? 0 })
    .map((fiber) => continuedToBorder(fiber, micrograph, BORDER_REACHES * reach));
  const picks = fiberPicks(fibers, rise, micrograph, diameter).map((pick) => ({
    ...pick as C,
    x: Math.max(0, Math.min(width - 1, pick.x)),
    y: Math.max(0, Math.min(height - 1, pick.y)),
  }));
  return { fibers, picks };
}
