import { join } from "@std/path";
import { EPickerError, type OnProgress, readFile } from "../core/mod.ts";
import { type EvaluationImage, peersOf, readPickedImages } from "../evaluation/mod.ts";
import { expandInputs, readDataset } from "../io/mod.ts";
import type { NetworkView } from "../preprocess/mod.ts";
import { loadEmpty, loadImages, loadTrainingSet, type TrainingImage } from "../training/mod.ts";
import * as z from "zod";
import type { SimulatedData } from "./plan.ts";
import { simulate } from "./presets.ts";

/** The images of one kind of particle. */
export interface UnseenKind {
  /** Images to learn from. */
  train: TrainingImage[];
  /** Held-out images of the training split. */
  validation: TrainingImage[];
  /** Images on which models are scored. */
  test: TrainingImage[];
  /** What other programs picked on the test micrographs, in their pixels. */
  peers: { picker: string; images: EvaluationImage[] }[];
}

/** What models are trained and scored on. */
export interface UnseenData {
  /** The kinds by their names. */
  kinds: Map<string, UnseenKind>;
  /** Micrographs with nothing to pick: to learn from, and held out; none where there are none. */
  empty: { train: TrainingImage[]; test: TrainingImage[] };
}

/** Which datasets {@linkcode loadUnseenData} reads. */
export interface UnseenDatasets {
  /** Folders of datasets, one for each kind. */
  kinds: string[];
  /** Folder of a dataset whose `classes` hold micrographs with nothing to pick. */
  empty?: { folder: string; classes: string[] };
  /** How the datasets are made where they are not folders of real ones. */
  simulation?: SimulatedData;
  /** How the network sees micrographs. */
  view: NetworkView;
}

/**
 * Reads the kinds of a plan below `root`, simulated ones made first, with the picks in their `peers`
 * folders; of every class of empty micrographs the last is held out.
 *
 * Without its folder there are no empty micrographs.
 *
 * @param onWarning Receives sentences about what is odd, and what was left out.
 * @throws {EPickerError} `missing-file`, `bad-data`, `write-failed`.
 */
export async function loadUnseenData(
  plan: UnseenDatasets,
  root: string,
  onProgress?: OnProgress,
  onWarning?: (text: string) => void,
): Promise<UnseenData> {
  const kinds: UnseenData["kinds"] = new Map();
  for (const name of plan.kinds) {
    const folder = join(root, name);
    if (plan.simulation !== undefined) await simulate(name, folder, plan.simulation, onProgress);
    const dataset = await readDataset(folder);
    const options = { view: plan.view, onProgress };
    const { train, validation, warnings } = await loadTrainingSet([dataset], options);
    const test = await loadImages([dataset], "test", options);
    const peers: UnseenKind["peers"] = [];
    for (const peer of await peersOf(dataset)) {
      const { images } = await readPickedImages(peer.folder, dataset, "test");
      if (images.length > 0) peers.push({ picker: peer.picker, images });
    }
    for (const text of [...dataset.warnings, ...warnings, ...test.warnings]) {
      onWarning?.(`${folder}: ${text}`);
    }
    kinds.set(name, { train, validation, test: test.images, peers });
  }
  return { kinds, empty: await loadEmptyClasses(plan, root) };
}

const CLASSES = z.object({ classes: z.record(z.string(), z.array(z.string()).min(1)) });

async function loadEmptyClasses({ empty, view }: UnseenDatasets, root: string) {
  const none: UnseenData["empty"] = { train: [], test: [] };
  if (empty === undefined) return none;
  const folder = join(root, empty.folder);
  const info = join(folder, "dataset.json");
  if (!await Deno.stat(info).then(() => true, () => false)) return none;
  const about = CLASSES.safeParse(JSON.parse(new TextDecoder().decode(await readFile(info))));
  const files = await expandInputs([join(folder, "micrographs")]);
  const pathsOf = (names: string[]) =>
    names.map((name) => {
      const path = files.find((file) => file.name === name)?.path;
      if (path !== undefined) return path;
      throw badClasses(info, `no micrograph ${name}`);
    });
  const groups = empty.classes.map((name) => {
    const names = about.data?.classes[name];
    if (names !== undefined) return pathsOf(names);
    throw badClasses(info, `no class "${name}"`);
  });
  return {
    train: await loadEmpty(groups.flatMap((paths) => paths.slice(0, -1)), view),
    test: await loadEmpty(groups.flatMap((paths) => paths.slice(-1)), view),
  };
}

function badClasses(file: string, found: string): EPickerError {
  return new EPickerError("bad-data", {
    file,
    found,
    expected: '{ "classes": { "NAME": ["micrograph", …] } } of files in micrographs/',
  });
}
