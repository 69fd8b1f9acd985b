import type { Model } from "../centernet/mod.ts";
import {
  EMPTY_MEMORY,
  encodeMemory,
  learn,
  type Memory,
  remember,
  type Strategy,
} from "../continual/mod.ts";
import { mean } from "../core/mod.ts";
import {
  averagePrecision,
  bestF1,
  type EvaluationImage,
  precisionRecall,
  type SizeOptions,
} from "../evaluation/mod.ts";
import {
  completeRecipe,
  predict,
  stepsOf,
  train,
  type TrainingImage,
  type TrainingSet,
} from "../training/mod.ts";
import { type Bench, type Cell, knowsNoOrder, type Place, placesOf } from "./_cells.ts";
import { kept, resultBefore, type Stage, taughtIn, unlessBusy } from "./_kept.ts";
import { stageOptions } from "./_stage_options.ts";
import { Stopwatch } from "./_stopwatch.ts";
import type { DatasetScore, StageResult } from "./types.ts";

/** Times that a training looks at what is held out, and at how the old data fare. */
const LOOKS = 4;

/** Does the stages of a cell that are not there; false where another process is at one of them. */
export async function doRun(bench: Bench, cell: Cell): Promise<boolean> {
  for (const place of placesOf(bench, cell)) {
    const { folder, key } = place;
    if (await resultBefore(folder, key) !== undefined) continue;
    const isDone = await unlessBusy(
      folder,
      () => kept(folder, key, () => teach(bench, cell, place)),
    );
    if (!isDone) return false;
  }
  return true;
}

/** A model that was taught, before it is scored. */
type Taught = Pick<Stage<StageResult>, "model" | "memory"> & Partial<StageResult>;

async function teach(bench: Bench, cell: Cell, place: Place): Promise<Stage<StageResult>> {
  const { signal } = bench.options;
  signal?.throwIfAborted();
  const watch = new Stopwatch();
  const { model, memory, ...more } =
    await (place.from === undefined
      ? teachBase(bench, cell, place)
      : teachMore(bench, cell, place, watch));
  signal?.throwIfAborted(); // else a model whose training was stopped would be kept
  const result = { learned: place.learned, ...watch.read(), storedBytes: 0, ...more };
  const { threshold } = model;
  return { model, memory, result: { ...result, threshold, scores: await scoresOf(model, bench) } };
}

async function teachBase(bench: Bench, cell: Cell, { folder, learned }: Place): Promise<Taught> {
  const set = setOf(bench, learned);
  const { model } = await train(set, optionsOf(bench, cell, folder, set, bench.plan.steps.base));
  return { model, memory: EMPTY_MEMORY };
}

async function teachMore(
  bench: Bench,
  cell: Cell,
  { folder, learned, before, from }: Place,
  watch: Stopwatch,
): Promise<Taught> {
  const { base, added } = bench.plan;
  const strategy = bench.options.strategies[cell.strategy];
  const isJoint = knowsNoOrder(strategy);
  const known = setOf(bench, isJoint ? [] : before);
  const fresh = setOf(bench, isJoint ? [...base, ...added] : learned);
  const everything = [...known.train, ...fresh.train];
  if (strategy.data === "everything") fresh.validation.unshift(...known.validation);
  const taught = await taughtIn(from!);
  const memory = before === cell.order.base
    ? await memoryOfBase(bench, cell, taught.model, known.train)
    : taught.memory;
  const course: NonNullable<StageResult["course"]> = [];
  const look = (model: Model, step: number) =>
    watch.aside(async () => {
      if (known.validation.length === 0 || strategy.start === "fresh") return;
      const groups = [...(await predict(model, known.validation)).values()];
      course.push({ step, ap: mean(groups.map((group) => averagePrecision(group).ap)) });
    });
  await look(taught.model, 0);
  const { steps } = bench.plan;
  const count = (isJoint ? steps.joint : steps.added * learned.length) * (strategy.effort ?? 1);
  const all = strategy.data === "everything" ? { ...fresh, train: everything } : fresh;
  const result = await learn(
    strategy,
    { fresh, before: known.train, old: taught.model, memory },
    {
      ...optionsOf(bench, cell, folder, all, count),
      onValidation: ({ step }, model) => look(model, step),
    },
  );
  return {
    model: result.model,
    memory: result.memory,
    storedBytes: storedBytes(strategy, everything, result),
    ...(course.length > 0 && { course }),
  };
}

/** What a strategy keeps of the base model's data. */
async function memoryOfBase(bench: Bench, cell: Cell, model: Model, images: TrainingImage[]) {
  const { plan: { recipe, view }, options: { strategies } } = bench;
  return await remember(strategies[cell.strategy], {
    model,
    images,
    memory: EMPTY_MEMORY,
    recipe: completeRecipe({ ...recipe, seed: cell.seed }, { view }),
  });
}

/** The training and the held-out images of datasets. */
function setOf({ plan, data }: Bench, names: string[]): TrainingSet {
  return {
    train: names.flatMap((name) => data.get(name)!.train),
    validation: names.flatMap((name) => data.get(name)!.validation),
    warnings: [],
    view: plan.view,
  };
}

/** How a stage is trained; it is validated a few times and at its end. */
function optionsOf(
  { plan: { recipe, view }, options }: Bench,
  { seed }: Cell,
  out: string,
  { train }: TrainingSet,
  steps: number,
) {
  const { perEpoch } = stepsOf(train, completeRecipe(recipe, { view }));
  const validateEvery = Math.max(1, Math.floor(steps / (LOOKS * perEpoch)));
  return stageOptions({ ...recipe, validateEvery }, options, { out, seed, steps });
}

/** Scores of a model on the test images of every dataset. */
async function scoresOf(model: Model, { plan, data }: Bench): Promise<StageResult["scores"]> {
  const images = [...plan.base, ...plan.added].flatMap((name) => data.get(name)!.test);
  const sizes = { sized: model.mode === "vesicle" };
  const scores: StageResult["scores"] = {};
  for (const [name, group] of await predict(model, images)) {
    scores[name] = scoreOf(group, sizes, model.threshold);
  }
  return scores;
}

function scoreOf(images: EvaluationImage[], sizes: SizeOptions, threshold: number): DatasetScore {
  const own = precisionRecall(images, sizes).findLast((point) => point.threshold >= threshold);
  const { recall = 0, precision } = own ?? {};
  const { f1 } = bestF1(images, sizes);
  const aps = images.map((image) => averagePrecision([image], sizes).ap);
  return { ...averagePrecision(images, sizes), f1, recall, ...(own && { precision }), aps };
}

/** Bytes that are kept: all data, the model of each dataset, or the memory. */
function storedBytes(
  { data, alone }: Strategy,
  images: TrainingImage[],
  { model, memory }: { model: Model; memory: Memory },
): number {
  if (data === "everything") return images.reduce((sum, { image }) => sum + image.pixels.length, 0);
  const { parameters, statistics } = model.weights;
  if (alone) return parameters.byteLength + statistics.byteLength;
  const isEmpty = memory.exemplars.length === 0 && Object.keys(memory.vectors).length === 0;
  return isEmpty ? 0 : encodeMemory(memory).length;
}
