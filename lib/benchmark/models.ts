import { basename, join } from "@std/path";
import {
  initialWeights,
  layoutOf,
  type Model,
  type NetworkConfig,
  writeModel,
} from "../centernet/mod.ts";
import { VIEW_VERSIONS } from "../preprocess/mod.ts";

/** A network to measure: the file that it picks with, its architecture, or both. */
export interface Subject {
  /** Its name in tables. */
  network: string;
  /** Model file; absent where it does not pick. */
  path?: string | URL;
  /** Architecture; absent where it only picks. */
  config?: NetworkConfig;
}

/**
 * What is measured: the networks, each picking with the model of its name or with random
 * weights; or, where a model is given, that picking and the networks not.
 *
 * @param folder Where models with random weights are written.
 */
export async function subjectsOf(
  networks: Record<string, NetworkConfig>,
  model: string | undefined,
  folder: string,
): Promise<Subject[]> {
  const all = Object.entries(networks).map(([network, config]) => ({ network, config }));
  if (model !== undefined) return [{ network: basename(model), path: model }, ...all];
  const paths = all.map(({ network, config }) => modelOf(network, config, folder));
  return (await Promise.all(paths)).map((path, i) => ({ ...all[i], path }));
}

/** The trained model of the network `light` that sees micrographs as the others here: 1024 pixels. */
const LIGHT_MODEL = new URL("../../models/light/model.safetensors", import.meta.url);

async function modelOf(
  network: string,
  config: NetworkConfig,
  folder: string,
): Promise<string | URL> {
  const isThere = await Deno.stat(LIGHT_MODEL).then(({ isFile }) => isFile, () => false);
  if (network === "light" && isThere) return LIGHT_MODEL;
  const path = join(folder, `${network}.safetensors`);
  await writeModel(path, freshModel(config));
  return path;
}

/** A model with seeded random weights: as fast as a trained one, and blind. */
export function freshModel(config: NetworkConfig): Model {
  return {
    config,
    weights: initialWeights(layoutOf(config), 1),
    mode: "particle",
    preprocess: VIEW_VERSIONS.paper,
    threshold: 0.5,
    diameter: 32,
    notes: { name: "random weights" },
  };
}
