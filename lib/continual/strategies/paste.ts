import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/**
 * Replay, and old particles with their surroundings pasted into new crops, so that one image has both
 * (Ghiasi et al., Simple copy-paste, 2021).
 *
 * @param options.pasted Particles for a crop, as far as there is room.
 */
export function create({ pasted = 4 } = {}): Strategy {
  return {
    ...DETECTION,
    title: "pasted particles",
    start: "old",
    data: "exemplars",
    pasted,
  };
}
