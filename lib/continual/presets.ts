import { join } from "@std/path";
import { LIGHT } from "../centernet/mod.ts";
import { EPickerError, type OnProgress } from "../core/mod.ts";
import { readDataset } from "../io/mod.ts";
import { loadImages } from "../training/mod.ts";
import type { ExperimentData, ExperimentPlan } from "./plan.ts";

/** The experiments that come with the project. */
export const PRESETS: Record<string, ExperimentPlan> = {
  real: {
    name: "real",
    base: ["apoferritin", "bgal"],
    added: ["ribosome", "trpv1"],
    steps: { base: 600, added: 240, joint: 900 },
    recipe: { config: LIGHT },
  },
};

/**
 * The preset of a name.
 *
 * @throws {EPickerError} `bad-option` for an unknown name.
 */
export function presetOf(name: string): ExperimentPlan {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name];
  throw new EPickerError("bad-option", {
    file: "--preset",
    found: `"${name}"`,
    expected: Object.keys(PRESETS).join(", "),
  });
}

/**
 * Reads and preprocesses the datasets of a plan, folders of their names below `root`.
 *
 * @throws {EPickerError} `missing-file`, `bad-data`.
 */
export async function loadExperimentData(
  { base, added }: ExperimentPlan,
  root: string,
  onProgress?: OnProgress,
): Promise<ExperimentData> {
  const data: ExperimentData = new Map();
  const options = { ...(onProgress && { onProgress }) };
  for (const name of [...base, ...added]) {
    const dataset = await readDataset(join(root, name));
    const train = await loadImages([dataset], "train", options);
    const test = await loadImages([dataset], "test", options);
    data.set(name, { train: train.images, test: test.images });
  }
  return data;
}
