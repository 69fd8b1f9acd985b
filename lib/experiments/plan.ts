import { FULL } from "../centernet/mod.ts";
import { EPickerError } from "../core/mod.ts";
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
  /** Training steps of the base model, of one added dataset, and of all data from fresh weights. */
  steps: { base: number; added: number; joint: number };
  /** What else differs from the default recipe of the view. */
  recipe: Partial<Recipe>;
  /** How the network sees micrographs. @default {"paper"} */
  view?: NetworkView;
  /** How the datasets are made where they are not folders of real ones. */
  simulation?: SimulatedData;
  /** Whether other orders have other base models, so that every dataset is old and new in turn. */
  rotates?: boolean;
  /**
   * On what models are scored: test micrographs, for what is reported, or those held out of training,
   * by which strategies and their options are chosen. @default {"test"}
   */
  scoredOn?: "test" | "validation";
}

/** Simulated datasets of a plan. */
export interface SimulatedData {
  /** Preset of the simulator that has datasets of the plan's names. */
  preset: string;
  /** Micrographs of each dataset; a quarter of them are for testing. */
  micrographs: number;
}

/** The images of a dataset. */
export interface DatasetImages {
  /** Images to learn from. */
  train: TrainingImage[];
  /** Those held out of training, which choose the best step and the threshold. */
  validation: TrainingImage[];
  /** Images on which models are scored. */
  test: TrainingImage[];
}

/** The images of every dataset of a plan, by its name. */
export type ExperimentData = Map<string, DatasetImages>;

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

/** A plan with other steps for an added dataset, and all others in proportion. */
export function withSteps({ steps, ...plan }: ExperimentPlan, added: number): ExperimentPlan {
  const scaled = (count: number) => Math.max(1, Math.round(count * added / steps.added));
  return { ...plan, steps: { base: scaled(steps.base), added, joint: scaled(steps.joint) } };
}

/**
 * Refuses data that lack a dataset of the plan, its labels or its test images.
 *
 * @throws {EPickerError} `bad-data`.
 */
export function assertComplete({ base, added }: ExperimentPlan, data: ExperimentData): void {
  for (const name of [...base, ...added]) {
    const { train = [], test = [] }: Partial<DatasetImages> = data.get(name) ?? {};
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
