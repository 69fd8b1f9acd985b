import type { ExperimentData, ExperimentPlan } from "../../lib/experiments/mod.ts";
import { TINY_RECIPE } from "../continual/_tiny.ts";
import { tinyImage } from "../training/_tiny.ts";

/** One dataset, to which two are added. */
export const PLAN: ExperimentPlan = {
  name: "tiny",
  base: ["a"],
  added: ["b", "c"],
  steps: { base: 2, added: 1, joint: 2 },
  recipe: TINY_RECIPE,
};

/** An image of each to learn from, to hold out and to score. */
export const DATA: ExperimentData = new Map(["a", "b", "c"].map((name, i) => {
  const [train, validation, test] = [[i], [20 + i], [10 + i]]
    .map((seeds) => seeds.map((seed) => tinyImage(seed, name)));
  return [name, { train, validation, test }];
}));
