import { DETECTION } from "../../training/mod.ts";
import type { Strategy } from "../strategy.ts";

/**
 * Replay with the normalisations' old means and variances: those of a batch, half of which is one new
 * dataset, would be no dataset's (Pham et al., Continual normalization, 2022).
 */
export function create(): Strategy {
  return {
    ...DETECTION,
    title: "frozen normalisation",
    start: "old",
    data: "exemplars",
    keepsNorms: true,
  };
}
