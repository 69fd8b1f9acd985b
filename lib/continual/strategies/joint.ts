import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/** Fresh weights on all data at once: the upper bound. */
export function create(): Strategy {
  return { ...DETECTION, title: "joint", start: "fresh", data: "everything" };
}
