import { DETECTION } from "../../training/mod.ts";
import type { ExemplarOptions } from "../exemplars.ts";
import type { Strategy } from "../strategy.ts";

/** Half of every batch from exemplars, and nothing else. */
export function create({ exemplars }: { exemplars?: Partial<ExemplarOptions> } = {}): Strategy {
  return { ...DETECTION, title: "replay", start: "old", data: "exemplars", exemplars };
}
