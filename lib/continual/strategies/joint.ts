import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/** Fresh weights on all data at once: what the others are measured against. */
export function create({ effort = 1 } = {}): Strategy {
  return { ...DETECTION, title: "joint", start: "fresh", data: "everything", effort };
}
