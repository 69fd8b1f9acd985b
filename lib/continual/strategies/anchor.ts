import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";
import { pullFilters } from "../weight_pull.ts";

/** Only the pull towards the old filters (L2-SP: Li et al., Explicit inductive bias, 2018). */
export function create({ strength = 0.01 } = {}): Strategy {
  return {
    ...DETECTION,
    title: "L2 anchor",
    start: "old",
    data: "new",
    pull: ({ old }) => pullFilters(old, strength),
  };
}
