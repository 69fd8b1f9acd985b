import { join } from "@std/path";
import { startBackend } from "../backend/mod.ts";
import { LIGHT, type Model } from "../centernet/mod.ts";
import { EMPTY_MEMORY, learn, type Learned, remember, strategyOf } from "../continual/mod.ts";
import { checkOptions, writeFileAtomic } from "../core/mod.ts";
import { type RecallByKind, recallByKind } from "../evaluation/mod.ts";
import { predict, RECIPE, type Recipe, type TrainingImage } from "../training/mod.ts";
import { kept, type Stage } from "./_kept.ts";
import { SETTING_CHECKS, stageOptions, type TrainingSetting } from "./_stage_options.ts";
import type { BiasedData, BiasedDatasets, KnownImage } from "./biased_data.ts";

/** The experiment on biased and unbiased picking. */
export interface BiasedPlan extends BiasedDatasets {
  /** Training steps of the base model and of each model that learns the labels. */
  steps: { base: number; added: number };
  /** What else differs from the default recipe. */
  recipe: Partial<Recipe>;
}

/**
 * 26S proteasomes with no, one and two caps, of which side views of the two-capped ones are labelled
 * (Zhang et al., Nat. Commun. 2022), on a base model of the paper's five first datasets.
 */
export const BIASED: BiasedPlan = {
  base: {
    preset: "paper10",
    names: ["ribosome-80s", "proteasome-20s", "apoferritin", "tcca1", "nodavirus"],
    micrographs: 8,
  },
  mixture: { preset: "proteasome26s", name: "proteasome-26s", micrographs: 14 },
  labelled: { species: "cp-2rp", view: "side" },
  steps: { base: 400, added: 300 },
  recipe: { config: LIGHT, cropSize: 192 },
};

/** A way to learn the labels. */
interface Learner {
  title: string;
  strategy: string;
  /** Whether it is told all particles, to see what the labels leave out. */
  toldAll?: boolean;
  /** Whether it is told that there are particles without a label. */
  sparse?: boolean;
}

/** The models that are compared, beside the base model. */
const LEARNERS: Record<string, Learner> = {
  scratch: { title: "from scratch", strategy: "scratch" },
  "fine-tune": { title: "fine-tuned", strategy: "fine-tune" },
  epicker: { title: "continual (EPicker)", strategy: "epicker" },
  "epicker-sparse": {
    title: "continual (EPicker), labels called sparse",
    strategy: "epicker",
    sparse: true,
  },
  "fine-tune-all": { title: "fine-tuned on all labels", strategy: "fine-tune", toldAll: true },
};

/** What one model finds on the test micrographs. */
export interface BiasedModel extends RecallByKind {
  /** Name of its folder. */
  name: string;
  /** Name for tables. */
  title: string;
  /** Seed of weights and crops. */
  seed: number;
}

/** Everything that the experiment found; written as `biased.json`. */
export interface BiasedResult {
  /** What was done. */
  plan: BiasedPlan;
  /** The backend, for people. */
  backend: string;
  /** Labels that the models were shown, and all particles on the same micrographs. */
  labels: { shown: number; particles: number; micrographs: number };
  /** The models, seed after seed; `kinds` are a species and a view with a blank between. */
  models: BiasedModel[];
}

/** What {@linkcode runBiased} may be told. */
export interface BiasedOptions extends TrainingSetting {
  /** Folder for models and results; a finished model in it is not trained again. */
  out: string;
  /** Seeds. @default {[1]} */
  seeds?: number[];
}

/**
 * Shows models only one kind of particle of a mixture, and counts what they find of every kind.
 *
 * All others are on the same micrographs without a label, so that training calls them background
 * unless labels are called sparse.
 * Recall is that of the best picks, as many as there are particles, within half of the smallest
 * species' diameter of the true centres. A run that was cut off goes on with the model in work.
 *
 * @throws {EPickerError} `bad-option` where `out` holds another plan's results; and as `train`.
 */
export async function runBiased(
  plan: BiasedPlan,
  data: BiasedData,
  options: BiasedOptions,
): Promise<BiasedResult> {
  checkBiased(options);
  const { title: backend } = await startBackend(options.backend);
  const result = { plan, backend, labels: countLabels(data), models: [] as BiasedModel[] };
  for (const seed of options.seeds ?? [1]) {
    const bench = { plan, data, options, seed };
    const base = await baseModel(bench);
    result.models.push(base.result);
    for (const [name, learner] of Object.entries(LEARNERS)) {
      result.models.push((await learnedModel(bench, name, learner, base.model)).result);
      const text = JSON.stringify(result, null, 1) + "\n";
      await writeFileAtomic(join(options.out, "biased.json"), text);
    }
  }
  return result;
}

/** Refuses options of {@linkcode runBiased} that make no sense. @throws {EPickerError} `bad-option`. */
export function checkBiased(options: BiasedOptions): void {
  checkOptions(options, SETTING_CHECKS);
}

/** What all models of a seed share. */
interface Bench {
  plan: BiasedPlan;
  data: BiasedData;
  options: BiasedOptions;
  seed: number;
}

function baseModel(bench: Bench): Promise<Stage<BiasedModel>> {
  return keptModel(bench, "base", "base model", bench.plan.steps.base, (options) => {
    const lesson = { fresh: setOf(bench.data.base), memory: EMPTY_MEMORY };
    return learn(strategyOf("scratch"), lesson, options);
  });
}

function learnedModel(
  bench: Bench,
  name: string,
  { title, strategy, toldAll = false, sparse = false }: Learner,
  old: Model,
): Promise<Stage<BiasedModel>> {
  const { data, plan, seed } = bench;
  return keptModel(bench, name, title, plan.steps.added, async (options) => {
    const way = strategyOf(strategy);
    const recipe = { ...RECIPE, ...plan.recipe, seed };
    const lessons = { model: old, images: data.base, memory: EMPTY_MEMORY, recipe };
    const memory = await remember(way, lessons);
    const shown = toldAll ? data.train : data.train.map(onlyLabelled);
    const fresh = setOf(shown.map((image) => sparse ? { ...image, sparse } : image));
    return await learn(way, { fresh, old, memory }, options);
  });
}

/** Takes a model and its score from its folder, or makes them there. */
function keptModel(
  bench: Bench,
  name: string,
  title: string,
  steps: number,
  make: (options: ReturnType<typeof stageOptions>) => Promise<Learned>,
): Promise<Stage<BiasedModel>> {
  const { plan, options, seed } = bench;
  return kept(join(options.out, `seed${seed}`, name), JSON.stringify(plan), async (out) => {
    options.signal?.throwIfAborted();
    const { model, memory } = await make(stageOptions(plan.recipe, options, { out, seed, steps }));
    options.signal?.throwIfAborted(); // else a model whose training was stopped would be kept
    return { model, memory, result: await scoreOf(bench, name, title, model) };
  });
}

async function scoreOf(
  { data, seed }: Bench,
  name: string,
  title: string,
  model: Model,
): Promise<BiasedModel> {
  const known = new Map(data.test.map((image) => [image.name, image.kinds]));
  const images = [...(await predict(model, data.test)).values()].flat();
  const particles = images.flatMap(({ truth }) => truth);
  const radius = Math.min(...particles.map(({ diameter = Infinity }) => diameter)) / 2;
  const kindsOf = (image: { name: string }) =>
    known.get(image.name)!.map(({ species, view }) => `${species} ${view}`);
  return { name, title, seed, ...recallByKind(images, kindsOf, radius, particles.length) };
}

function setOf(train: TrainingImage[]) {
  return { train, validation: [], warnings: [] };
}

function onlyLabelled({ kinds, objects, ...image }: KnownImage): TrainingImage {
  return { ...image, objects: objects.filter((_, i) => kinds[i].labelled) };
}

function countLabels({ train }: BiasedData): BiasedResult["labels"] {
  const kinds = train.flatMap(({ kinds }) => kinds);
  const shown = kinds.filter(({ labelled }) => labelled).length;
  return { shown, particles: kinds.length, micrographs: train.length };
}
