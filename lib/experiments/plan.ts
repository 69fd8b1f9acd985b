import { FULL } from "../centernet/mod.ts";
import { checkOptions, EPickerError, option, random } from "../core/mod.ts";
import type { NetworkView } from "../preprocess/mod.ts";
import type { Recipe, TrainingImage } from "../training/mod.ts";

/** An experiment: a base model, and datasets that are added to it. */
export interface ExperimentPlan {
  /** Name of the preset. */
  name: string;
  /** Datasets that the base model learns together. */
  base: string[];
  /** Datasets that are added, one after another. */
  added: string[];
  /** Training steps of the base model, of one added dataset, and of all data at once. */
  steps: { base: number; added: number; joint: number };
  /** What else differs from the default recipe of the view. */
  recipe: Partial<Recipe>;
  /** How the network sees micrographs. @default {"paper"} */
  view?: NetworkView;
  /** How the datasets are made where they are not folders of real ones. */
  simulation?: SimulatedData;
}

/** Simulated datasets of a plan. */
export interface SimulatedData {
  /** Preset of the simulator that has datasets of the plan's names. */
  preset: string;
  /** Micrographs of each dataset; a quarter of them are for testing. */
  micrographs: number;
}

/** The images of every dataset of a plan, by its name. */
export type ExperimentData = Map<string, { train: TrainingImage[]; test: TrainingImage[] }>;

/**
 * Orders of adding: the plan's own, then shuffled ones; each a list of groups learned together.
 *
 * @param count How many orders.
 * @param atOnce Whether all new datasets together are one more way.
 * @throws {EPickerError} `bad-option` for a number that is not 1 or more.
 */
export function ordersOf({ added }: ExperimentPlan, count: number, atOnce = false): string[][][] {
  checkOptions({ orders: count }, { orders: option.whole(1, 1e6) });
  const orders = Array.from({ length: count }, (_, index) => {
    const order = index === 0 ? added : random(index).shuffle(added);
    return order.map((name) => [name]);
  });
  return atOnce ? [...orders, [added]] : orders;
}

/**
 * A plan that adds only some of its datasets, in the order given; all of them by default.
 *
 * @throws {EPickerError} `bad-option` for a name that is none of them.
 */
export function adding(plan: ExperimentPlan, names: string[] = plan.added): ExperimentPlan {
  const unknown = names.find((name) => !plan.added.includes(name));
  if (unknown === undefined) return { ...plan, added: names };
  throw new EPickerError("bad-option", {
    file: "added",
    found: `"${unknown}"`,
    expected: `names among ${plan.added.join(", ")}`,
  });
}

/**
 * A plan for a GPU: the original's network, and three times the steps.
 *
 * @example
 * ```ts
 * import { FULL } from "@epicker/epicker/centernet";
 * import { forGpu } from "@epicker/epicker/experiments";
 * import { experimentNamed } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(forGpu(experimentNamed("real")).recipe.config, FULL);
 * ```
 */
export function forGpu({ steps, recipe, ...plan }: ExperimentPlan): ExperimentPlan {
  const { base, added, joint } = steps;
  return {
    ...plan,
    steps: { base: 3 * base, added: 3 * added, joint: 3 * joint },
    recipe: { ...recipe, config: FULL },
  };
}

/**
 * Refuses data that lack a dataset of the plan, its labels or its test images.
 *
 * @throws {EPickerError} `bad-data`.
 */
export function assertComplete({ base, added }: ExperimentPlan, data: ExperimentData): void {
  for (const name of [...base, ...added]) {
    const { train = [], test = [] } = data.get(name) ?? {};
    const labelled = (images: TrainingImage[]) => images.some(({ objects }) => objects.length > 0);
    if (labelled(train) && labelled(test)) continue;
    throw new EPickerError("bad-data", {
      file: name,
      found: `${train.length} training and ${test.length} test images`,
      expected: "labelled images of both kinds",
      remedy: "Give the dataset a `split` with `train` and `test` names in dataset.json.",
    });
  }
}
