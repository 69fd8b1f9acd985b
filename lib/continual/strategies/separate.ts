import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/** A model of its own for every dataset: nothing is forgotten, and one must say what is picked. */
export function create(): Strategy {
  return { ...DETECTION, title: "separate models", start: "old", data: "new", alone: true };
}
