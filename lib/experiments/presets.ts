import { join } from "@std/path";
import { LIGHT } from "../centernet/mod.ts";
import { EPickerError, type OnProgress } from "../core/mod.ts";
import { readDataset } from "../io/mod.ts";
import { presetNamed, writeSimulatedDataset } from "../simulation/mod.ts";
import { loadImages, loadTrainingSet } from "../training/mod.ts";
import type { ExperimentData, ExperimentPlan } from "./plan.ts";

/** The experiments that come with the project, sized for two cores without a GPU. */
export const EXPERIMENTS: Record<string, ExperimentPlan> = {
  demo: {
    name: "demo",
    base: ["ribosome-80s", "apoferritin"],
    added: ["hemagglutinin"],
    steps: { base: 120, added: 80, joint: 180 },
    recipe: { config: LIGHT },
    simulation: { preset: "paper10", micrographs: 6 },
  },
  real: {
    name: "real",
    base: ["apoferritin", "bgal"],
    added: ["ribosome", "trpv1"],
    steps: { base: 600, added: 240, joint: 1080 },
    recipe: { config: LIGHT },
    view: "particle",
    rotates: true,
  },
  paper: {
    name: "paper",
    base: ["ribosome-80s", "proteasome-20s", "apoferritin", "tcca1", "nodavirus"],
    added: ["beta-galactosidase", "hemagglutinin", "ms2", "cng-channel", "phosphodiesterase"],
    steps: { base: 700, added: 200, joint: 1400 },
    recipe: { config: LIGHT, cropSize: 192 },
    simulation: { preset: "paper10", micrographs: 15 },
  },
};

/**
 * The experiment of a name.
 *
 * @throws {EPickerError} `bad-option` for an unknown name.
 */
export function experimentNamed(name: string): ExperimentPlan {
  if (Object.hasOwn(EXPERIMENTS, name)) return EXPERIMENTS[name];
  throw new EPickerError("bad-option", {
    file: "preset",
    found: `"${name}"`,
    expected: Object.keys(EXPERIMENTS).join(", "),
  });
}

/**
 * Reads and preprocesses the datasets of a plan, folders of their names below `root`.
 *
 * Simulated ones that are not there yet are made first, the same whenever and wherever it is done.
 *
 * @param onWarning Receives sentences about what is odd in the datasets, and what was left out.
 * @throws {EPickerError} `missing-file`, `bad-data`, `write-failed`.
 */
export async function loadExperimentData(
  plan: ExperimentPlan,
  root: string,
  onProgress?: OnProgress,
  onWarning?: (text: string) => void,
): Promise<ExperimentData> {
  const data: ExperimentData = new Map();
  for (const name of [...plan.base, ...plan.added]) {
    const folder = join(root, name);
    if (plan.simulation !== undefined) await simulate(name, folder, plan.simulation, onProgress);
    const dataset = await readDataset(folder);
    const options = { view: plan.view ?? "paper", onProgress };
    const { train, validation, warnings } = await loadTrainingSet([dataset], options);
    const test = plan.scoredOn === "validation"
      ? { images: validation, warnings: [] }
      : await loadImages([dataset], "test", options);
    for (const text of [...dataset.warnings, ...warnings, ...test.warnings]) {
      onWarning?.(`${folder}: ${text}`);
    }
    data.set(name, { train, validation, test: test.images });
  }
  return data;
}

/** Makes a simulated dataset in a folder, unless it is there already. */
export async function simulate(
  name: string,
  folder: string,
  { preset, micrographs }: NonNullable<ExperimentPlan["simulation"]>,
  onProgress?: OnProgress,
): Promise<void> {
  const recipe = presetNamed(preset).find((dataset) => dataset.name === name);
  if (recipe === undefined) throw notSimulated(name, preset);
  // dataset.json is written last
  const isThere = await Deno.stat(join(folder, "dataset.json")).then(() => true, () => false);
  if (isThere) return;
  await writeSimulatedDataset(folder, recipe, { micrographs, onProgress });
}

function notSimulated(name: string, preset: string): EPickerError {
  return new EPickerError("bad-option", {
    file: name,
    found: `no dataset of this name in the simulator's preset "${preset}"`,
    expected: presetNamed(preset).map((dataset) => dataset.name).join(", "),
  });
}
