import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/** The old weights go on on all data so far: what nobody beats who keeps only some of them. */
export function create({ effort = 1 } = {}): Strategy {
  return { ...DETECTION, title: "cumulative", start: "old", data: "everything", effort };
}
