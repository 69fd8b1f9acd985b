import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/** Fresh weights on the new data alone: what they give without any knowledge. */
export function create(): Strategy {
  return { ...DETECTION, title: "from scratch", start: "fresh", data: "new" };
}
