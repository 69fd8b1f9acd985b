/**
 * Trains a picker: `epicker train --data DIR… --out DIR`.
 *
 * @module
 */
import { join } from "@std/path";
import {
  checkTraining,
  EMPTY_MEMORY,
  learn,
  loadTrainingSet,
  type Memory,
  readMemory,
  readModel,
  strategyOf,
  train,
  type TrainOptions,
  type TrainResult,
  writeMemory,
} from "../mod.ts";
import { networkOf } from "../lib/centernet/mod.ts";
import { readCalibration } from "../lib/experiments/mod.ts";
import { checkLesson } from "../lib/continual/mod.ts";
import { expandInputs } from "../lib/io/mod.ts";
import { readRelionDataset } from "../lib/pipelines/mod.ts";
import { checkLoading, loadEmpty, VIEWS, viewToTrain } from "../lib/training/mod.ts";
import {
  command,
  INTERRUPTED,
  interruptSignal,
  printJson,
  progressBar,
  readDatasets,
  warn,
} from "./_cli.ts";
import { choice, missing, number, on, text, texts } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

export default command({
  flags: {
    data: texts("--data DIR…", "dataset folders"),
    out: { ...FLAG.out, help: "folder for model, checkpoint and log" },
    relion: text(
      "--relion STAR",
      "particles or picks of a RELION project, instead or besides; micrographs by their names",
    ),
    diameterA: number(
      "--diameter-a Å",
      "with --relion: diameter of the particles, width of fibers",
    ),
    diameterPx: number("--diameter-px PX", "the same in pixels of the micrographs"),
    mode: {
      ...FLAG.mode,
      help: "particle, vesicle or fiber (default: that of --from, or particle)",
    },
    split: { ...FLAG.split, help: "part to learn from: train, test or all (default: train)" },
    from: text("--from FILE", "model to go on from (default: fresh weights)"),
    view: choice(
      "--view NAME",
      "how the network sees micrographs: particle or paper (default: as --from, or particle)",
      VIEWS,
    ),
    empty: texts("--empty DIR…", "micrographs with nothing to pick, to learn that they are empty"),
    sparse: on("--sparse", "some objects are not labelled: do not learn that they are none"),
    keepLabels: number("--keep-labels F", "use this part of the labels, to try it (default: 1)"),
    strategy: text(
      "--strategy NAME",
      "how to learn without forgetting: epicker, replay, fine-tune, … (needs --from)",
    ),
    exemplars: text("--exemplars FILE", "exemplar store of what --from has learned"),
    calibration: text(
      "--calibration FILE",
      "calibration.json of the experiment `unseen`: probabilities for scores",
    ),
    width: number("--width W", "width of the network, 1 is DLA-34 (default: 0.25)"),
    epochs: number("--epochs N", "passes over the training images (default: 40)"),
    steps: number("--steps N", "training steps, instead of epochs"),
    cropSize: number(
      "--crop PX",
      "edge of the pieces to learn from, network pixels (default: 256)",
    ),
    learningRate: number("--rate R", "highest learning rate (default: 0.005; with --from 0.002)"),
    seed: FLAG.seed,
    workers: FLAG.workers,
    backend: FLAG.backend,
    name: text("--name NAME", "name of the model (default: model)"),
    resume: on("--resume", "go on from the checkpoint in --out"),
    json: FLAG.json,
  },
  examples: [
    "--data mydata --out run",
    "--data a b c --out run --epochs 20 --seed 3",
    "--data filaments --out run --from models/fiber/model.safetensors",
    "--data a b c --out run --epochs 20 --seed 3 --resume",
    "--data few --out run --sparse",
    "--relion Select/job009/particles.star --diameter-a 180 --out run",
    "--data a b --empty holes --out run",
    "--data new --out run2 --from run/model.safetensors \\\n" +
    "    --strategy epicker --exemplars old.safetensors",
  ],
  async main(
    { data, view: givenView, empty, split = "train", sparse, keepLabels = 1, json, ...given },
  ) {
    const { from: model, strategy, exemplars, out, resume, name = "model", ...more } = given;
    const { relion, diameterA, diameterPx, ...rest } = more;
    const { workers, backend, width, calibration: file, ...own } = rest;
    const source = strategy === undefined ? undefined : strategyOf(strategy);
    const recipe = width === undefined ? own : { ...own, config: networkOf(width) };
    const loading = { split, sparse, keepLabels, seed: recipe.seed };
    const calibration = file === undefined ? undefined : await readCalibration(file);
    checkTraining({ recipe, workers, backend });
    checkLoading(loading);
    const from = model === undefined ? undefined : (await readModel(model)).model;
    const view = viewToTrain(givenView, from);
    const memory = exemplars === undefined ? EMPTY_MEMORY : await readMemory(exemplars);
    if (source !== undefined) await checkLesson(source, { memory, old: from });
    const mode = recipe.mode ?? from?.mode ?? "particle";
    const bar = progressBar();
    if (data.length === 0 && relion === undefined) throw missing(FLAG.data);
    const datasets = await readDatasets(data);
    if (relion !== undefined) {
      const dataset = await readRelionDataset(relion, { out, diameterA, diameterPx });
      dataset.warnings.forEach(warn);
      datasets.push(dataset);
    }
    const seen = { ...loading, mode, view, onProgress: bar.onProgress };
    const set = await loadTrainingSet(datasets, seen);
    if (empty.length > 0) {
      const files = await expandInputs(empty);
      set.empty = await loadEmpty(files.map(({ path }) => path), view, mode);
    }
    set.warnings.forEach(warn);
    const options: TrainOptions = {
      ...{ recipe, out, resume, name, workers, backend, calibration },
      signal: interruptSignal(),
      onProgress: bar.onProgress,
      onNote: (note) => console.error(note),
      onValidation: ({ step, ap, f1, threshold }) => {
        const scores = `AP ${ap.toFixed(3)}, F1 ${f1.toFixed(3)} at threshold ${+threshold
          .toPrecision(2)}`;
        console.error(`\nstep ${step}: validation ${scores}`);
      },
    };
    const result: TrainResult & { memory?: Memory } = source === undefined
      ? await train(set, { ...options, from })
      : await learn(source, { fresh: set, memory, old: from }, options);
    bar.stop();
    if (result.memory !== undefined && result.finished) {
      await writeMemory(join(out, "exemplars.safetensors"), result.memory);
    }
    const { history, backend: ran, seconds, finished } = result;
    if (!printJson({ json }, { history, backend: ran, seconds, finished })) {
      const minutes = (seconds / 60).toFixed(1);
      console.log(`${finished ? "Trained" : "Stopped"} after ${minutes} minutes on ${ran}.`);
      console.log(finished ? `Model: ${out}/model.safetensors` : "Go on with --resume.");
    }
    return finished || INTERRUPTED;
  },
});
