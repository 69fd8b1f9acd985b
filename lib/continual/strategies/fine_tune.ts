import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/** The old weights go on on the new data alone: the lower bound, which forgets. */
export function create(): Strategy {
  return { ...DETECTION, title: "fine-tuning", start: "old", data: "new" };
}
