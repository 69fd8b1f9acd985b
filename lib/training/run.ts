import { join } from "@std/path";
import type { Backend } from "../backend/mod.ts";
import { type Model, readModel, writeModel } from "../centernet/mod.ts";
import { defined, mean, type Mode, writeFileAtomic } from "../core/mod.ts";
import { VIEW_VERSIONS } from "../preprocess/mod.ts";
import { adamStep } from "./adam.ts";
import type { TrainingImage, TrainingSet } from "./images.ts";
import { learningRateAt, notedRecipe, type Recipe, stepsOf } from "./recipe.ts";
import { diverged, lossNote, otherInputs, otherLabels, otherRecipe } from "./run_errors.ts";
import { differingInputs, type RunInputs, runInputs } from "./run_inputs.ts";
import type { ShardResult, ShardTask } from "./shard.ts";
import { readCheckpoint, startState, type TrainingState, writeCheckpoint } from "./state.ts";
import type { TrainOptions } from "./train_options.ts";
import { validate } from "./validate.ts";
import { blend, clipNorm, isFinite, meanOf } from "./vectors.ts";
import type { ShardPool } from "./workers.ts";

/** Longer gradients are shortened to this norm. */
const MAX_GRADIENT = 5;

/** About so many losses of a run are kept. */
const LOSS_RECORDS = 500;

/** Threshold of a model of a new mode that nothing has chosen; for fibers the shipped model's. */
const DEFAULT_THRESHOLDS: Readonly<Record<Mode, number>> = {
  particle: 0.35,
  vesicle: 0.35,
  fiber: 0.2,
};

/** So many labels tell a threshold where nothing was held out; fewer scatter. */
const TELLING_LABELS = 50;

/** One training run: its state, its files and its loop. */
export class Run {
  readonly task: ShardTask;
  state: TrainingState;
  best: Model;
  #set: TrainingSet;
  #recipe: Recipe;
  #options: TrainOptions;
  #backend: Backend;
  #inputs: RunInputs = {};

  constructor(set: TrainingSet, recipe: Recipe, options: TrainOptions, backend: Backend) {
    this.#set = set;
    this.#recipe = recipe;
    this.#options = options;
    this.#backend = backend;
    const { replay, objective, teacher, from } = options;
    this.task = {
      ...recipe,
      images: set.train,
      emptyImages: set.empty,
      replay,
      objective,
      teacher: teacher && { config: teacher.config, weights: teacher.weights },
      statistics: objective?.keepsNorms ? from?.weights.statistics : undefined,
    };
    this.state = startState(recipe.config, recipe.seed, options.from);
    this.best = this.#model();
  }

  /** Resumes where that is asked for; fails now where writing would fail later. */
  async open(): Promise<void> {
    this.#inputs = await runInputs(this.#set, this.#options);
    if (this.#options.resume) await this.#resume();
    await this.#writeLog();
  }

  async #resume(): Promise<void> {
    const { out, onNote } = this.#options;
    const path = this.#path("checkpoint.safetensors");
    if (!await Deno.stat(path).then(() => true, () => false)) {
      onNote?.(`${out} has no checkpoint yet: training starts at step 0.`);
      return;
    }
    const { model, state, inputs } = await readCheckpoint(path);
    const { recipe, labels } = this.#model().notes;
    if (model.notes.recipe !== recipe) throw otherRecipe(out, model.notes.recipe);
    if (model.notes.labels !== labels) throw otherLabels(out, model.notes.labels, labels);
    if (inputs === undefined) {
      onNote?.(`The checkpoint in ${out} does not say what it was given: taken to be the same.`);
    } else {
      const others = differingInputs(inputs, this.#inputs);
      if (others.length > 0) throw otherInputs(out, others);
    }
    this.state = state;
    this.best = state.history.length > 0
      ? (await readModel(this.#path("model.safetensors"))).model
      : this.#model(model.threshold); // nothing has chosen yet: the last is the best
  }

  /** All remaining steps; false when a signal ended them early. */
  async loop(pool: ShardPool): Promise<boolean> {
    const { perEpoch, total } = stepsOf(this.#set.train, this.#recipe);
    const between = perEpoch * this.#recipe.validateEvery;
    while (this.state.step < total) {
      if (this.#options.signal?.aborted) {
        await this.#save();
        return false;
      }
      const losses = await this.#step(pool, total);
      const { step } = this.state;
      if (step % Math.ceil(total / LOSS_RECORDS) === 0) {
        this.state.losses.push({ step, losses: fiveDigits(losses) });
      }
      if (step % between === 0 || step === total) await this.#validate(step === total);
      if (step % perEpoch === 0 || step === total) await this.#save();
      const progress = { stage: "train", done: step, total };
      this.#options.onProgress?.({ ...progress, note: lossNote(losses), values: losses });
    }
    return true;
  }

  async #step(pool: ShardPool, total: number): Promise<Record<string, number>> {
    const { weights, average, adam, step } = this.state;
    const second = this.#options.objective?.averageOn && average;
    const results = await pool.run(weights.parameters, step, this.#recipe.shards, second);
    const gradient = meanOf(results.map((result) => result.gradient));
    const statistics = meanOf(results.map((result) => result.statistics));
    const losses = meanLosses(results);
    if (![Object.values(losses), gradient, statistics].every(isFinite)) {
      throw diverged(this.#options.out, step, losses);
    }
    this.#options.pull?.(gradient, weights.parameters);
    clipNorm(gradient, MAX_GRADIENT);
    adamStep(weights.parameters, gradient, adam, step, learningRateAt(step, total, this.#recipe));
    blend(weights.statistics, statistics, 0.9);
    if (!isFinite(weights.parameters)) throw diverged(this.#options.out, step, losses);
    const decay = Math.min(this.#recipe.averageDecay, (1 + step) / (10 + step));
    blend(average.parameters, weights.parameters, decay);
    blend(average.statistics, weights.statistics, decay);
    this.state.step++;
    return losses;
  }

  async #validate(isLast: boolean): Promise<void> {
    const { history, step } = this.state;
    const { validation } = this.#set;
    if (validation.length > 0) {
      const model = this.#model();
      const score = await validate(model, validation, step);
      const top = Math.max(-1, ...history.map(({ ap, f1 }) => ap + f1));
      history.push(score);
      await this.#options.onValidation?.(score, model);
      const isSparse = validation.some((image) => image.sparse); // then the scores mean little
      if (isSparse || score.ap + score.f1 > top) await this.#keep(score.threshold);
    } else await this.#keep(isLast ? await this.#learnedThreshold() : undefined);
  }

  /** The best threshold on what was learned; of fibers, and of few labels, none. */
  async #learnedThreshold(): Promise<number | undefined> {
    const { train } = this.#set;
    const labels = train.reduce((sum, { objects }) => sum + objects.length, 0);
    if (this.#recipe.mode === "fiber" || labels < TELLING_LABELS) return undefined;
    return (await validate(this.#model(), train, this.state.step)).threshold;
  }

  async #keep(threshold?: number): Promise<void> {
    this.best = this.#model(threshold);
    await writeModel(this.#path("model.safetensors"), this.best);
  }

  async #save(): Promise<void> {
    const model = this.#model(this.best.threshold);
    const checkpoint = { model, state: this.state, inputs: this.#inputs };
    await writeCheckpoint(this.#path("checkpoint.safetensors"), checkpoint);
    await this.#writeLog();
  }

  #model(threshold?: number): Model {
    const { parameters, statistics } = this.state.average;
    const objects = this.#set.train.flatMap((image) => image.objects);
    const { calibration, from, name } = this.#options;
    const { config, mode } = this.#recipe;
    const before = from?.mode === mode ? from : undefined;
    return defined({
      config,
      weights: { parameters: parameters.slice(), statistics: statistics.slice() },
      mode,
      preprocess: VIEW_VERSIONS[this.#set.view ?? "paper"],
      threshold: threshold ?? before?.threshold ?? DEFAULT_THRESHOLDS[mode],
      calibration: calibration ?? before?.calibration,
      diameter: mean(objects.map(({ diameter }) => diameter)),
      notes: {
        name: name ?? "model",
        datasets: [...new Set(this.#set.train.map(({ dataset }) => dataset))].join(", "),
        recipe: JSON.stringify(notedRecipe(this.#recipe)),
        step: String(this.state.step),
        labels: `${objects.length} on ${this.#set.train.length} micrographs` +
          (this.#set.train.some(({ sparse }) => sparse) ? ", sparse" : ""),
        backend: this.#backend.title,
      },
    });
  }

  #path(name: string): string {
    return join(this.#options.out, name);
  }

  async #writeLog(): Promise<void> {
    const { history, losses, step } = this.state;
    const names = (images: TrainingImage[]) =>
      images.map(({ dataset, name }) => `${dataset}/${name}`);
    const log = {
      recipe: notedRecipe(this.#recipe),
      backend: this.#backend.title,
      train: names(this.#set.train),
      validation: names(this.#set.validation),
      step,
      history,
      losses,
    };
    await writeFileAtomic(this.#path("training.json"), JSON.stringify(log, null, 2) + "\n");
  }
}

function meanLosses(results: ShardResult[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { losses } of results) {
    for (const [name, value] of Object.entries(losses)) {
      sums[name] = (sums[name] ?? 0) + value / results.length;
    }
  }
  return sums;
}

function fiveDigits(losses: Record<string, number>): Record<string, number> {
  const rounded = Object.entries(losses).map(([name, value]) => [name, +value.toPrecision(5)]);
  return Object.fromEntries(rounded);
}
