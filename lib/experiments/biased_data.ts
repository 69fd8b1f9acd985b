import { join } from "@std/path";
import type { OnProgress } from "../core/mod.ts";
import { toNetwork } from "../preprocess/mod.ts";
import { readScene } from "../simulation/mod.ts";
import type { TrainingImage } from "../training/mod.ts";
import type { SimulatedData } from "./plan.ts";
import { loadExperimentData } from "./presets.ts";

/** The datasets of an experiment on biased picking. */
export interface BiasedDatasets {
  /** Simulated datasets that the base model learns together. */
  base: SimulatedData & { names: string[] };
  /** The simulated mixture of species of which only a part is labelled. */
  mixture: SimulatedData & { name: string };
  /** The labelled part. */
  labelled: { species: string; view: string };
}

/** What a particle is, how it is seen, and whether models are told of it. */
export interface Kind {
  /** Name of the phantom. */
  species: string;
  /** Top, side or oblique. */
  view: string;
  /** Whether it has a label in training. */
  labelled: boolean;
}

/** An image with all its particles and what each of them is. */
export interface KnownImage extends TrainingImage {
  /** The kind of each object. */
  kinds: Kind[];
}

/** The images of an experiment on biased picking. */
export interface BiasedData {
  /** What the base model learns. */
  base: TrainingImage[];
  /** The mixture's images for training. */
  train: KnownImage[];
  /** The mixture's images for testing. */
  test: KnownImage[];
}

/**
 * Reads the datasets of a plan below `root` and makes those that are not there yet.
 *
 * @param onWarning As that of `loadExperimentData`.
 * @throws {EPickerError} `missing-file`, `bad-data`, `bad-file`, `write-failed`.
 */
export async function loadBiasedData(
  { base, mixture, labelled }: BiasedDatasets,
  root: string,
  onProgress?: OnProgress,
  onWarning?: (text: string) => void,
): Promise<BiasedData> {
  const load = ({ preset, micrographs }: SimulatedData, names: string[]) => {
    const rest = { name: "biased", added: [], steps: { base: 0, added: 0, joint: 0 }, recipe: {} };
    const plan = { ...rest, base: names, simulation: { preset, micrographs } };
    return loadExperimentData(plan, root, onProgress, onWarning);
  };
  const known = (images: TrainingImage[]) =>
    Promise.all(images.map(async (image): Promise<KnownImage> => {
      const { particles } = await readScene(
        join(root, mixture.name, "truth", `${image.name}.json`),
      );
      return {
        ...image,
        objects: particles.map(({ x, y, diameter }) => toNetwork({ x, y, diameter }, image.image)),
        kinds: particles.map(({ species, view }) => ({
          species,
          view,
          labelled: species === labelled.species && view === labelled.view,
        })),
      };
    }));
  const { train, test } = (await load(mixture, [mixture.name])).get(mixture.name)!;
  return {
    base: [...(await load(base, base.names)).values()].flatMap(({ train }) => train),
    train: await known(train),
    test: await known(test),
  };
}
