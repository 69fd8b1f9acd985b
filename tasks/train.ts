/**
 * Trains a picker: `deno task train --data DIR… --out DIR`.
 *
 * @module
 */
import { join } from "@std/path";
import {
  BACKEND_NAMES,
  checkTraining,
  EMPTY_MEMORY,
  learn,
  LIGHT,
  loadTrainingSet,
  type Memory,
  MODES,
  readMemory,
  readModel,
  strategyOf,
  train,
  type TrainOptions,
  type TrainResult,
  writeMemory,
} from "../mod.ts";
import { networkOf } from "../lib/centernet/mod.ts";
import { checkLesson } from "../lib/continual/mod.ts";
import { checkLoading } from "../lib/training/mod.ts";
import {
  given,
  INTERRUPTED,
  interruptSignal,
  printJson,
  progressBar,
  readDatasets,
  required,
  run,
  splitOf,
  warn,
} from "./_cli.ts";

await run({
  name: "train",
  summary: "Trains a picker on datasets: folders with micrographs/, coordinates/, dataset.json.",
  options: {
    data: { value: "DIR…", help: "dataset folders" },
    out: { value: "DIR", help: "folder for model, checkpoint and log" },
    mode: {
      value: "MODE",
      help: "particle, vesicle or fiber (default: that of --from, or particle)",
    },
    split: {
      value: "NAME",
      help: "part of the data to learn from: train, test, all (default: train)",
    },
    from: { value: "FILE", help: "model to go on from (default: fresh weights)" },
    sparse: {
      help: "only some of the objects are labelled: do not learn that the others are none",
    },
    "keep-labels": { value: "F", help: "use this part of the labels, to try it (default: 1)" },
    strategy: {
      value: "NAME",
      help: "how to learn without forgetting: epicker, replay, fine-tune, … (needs --from)",
    },
    exemplars: { value: "FILE", help: "exemplar store of what --from has learned" },
    width: { value: "W", help: "width of the network, 1 is DLA-34 (default: 0.25)" },
    epochs: { value: "N", help: "passes over the training images (default: 40)" },
    steps: { value: "N", help: "training steps, instead of epochs" },
    crop: { value: "PX", help: "edge of the pieces to learn from, network pixels (default: 256)" },
    rate: { value: "R", help: "highest learning rate (default: 0.005; with --from 0.002)" },
    seed: { value: "S", help: "seed of all draws (default: 1)" },
    workers: { value: "N", help: "workers without a GPU; does not change the result (default: 2)" },
    backend: { value: "NAME", help: "auto, webgpu, wasm or cpu (default: auto)" },
    name: { value: "NAME", help: "name of the model (default: model)" },
    resume: { help: "go on from the checkpoint in --out" },
    json: { help: "print the scores as JSON" },
  },
  examples: [
    "deno task train --data mydata --out run",
    "deno task train --data a b c --out run --epochs 20 --seed 3",
    "deno task train --data filaments --mode fiber --out run --from models/light/model.safetensors",
    "deno task train --data mydata --out run --from models/light/model.safetensors --epochs 5",
    "deno task train --data a b c --out run --epochs 20 --seed 3 --resume",
    "deno task train --data few --out run --sparse",
    "deno task train --data new --out run2 --from run/model.safetensors \\\n" +
    "    --strategy epicker --exemplars old.safetensors",
  ],
}, async (args) => {
  const out = required(args, "out", "train");
  required(args, "data", "train");
  const split = splitOf(args.text("split") ?? "train");
  const strategy = args.text("strategy");
  const source = strategy === undefined ? undefined : strategyOf(strategy);
  const width = args.number("width");
  const seed = args.number("seed");
  const bar = progressBar();
  const recipe = given({
    mode: args.choice("mode", MODES),
    epochs: args.number("epochs"),
    steps: args.number("steps"),
    cropSize: args.number("crop"),
    learningRate: args.number("rate"),
    seed,
    workers: args.number("workers"),
    backend: args.choice("backend", BACKEND_NAMES),
    config: width === undefined ? undefined : networkOf(width),
  });
  const loading = { split, sparse: args.on("sparse") };
  const labels = given({ keepLabels: args.number("keep-labels"), seed });
  checkTraining(recipe);
  checkLoading({ ...loading, ...labels });
  const [model, store] = [args.text("from"), args.text("exemplars")];
  const from = model === undefined ? undefined : (await readModel(model)).model;
  const memory = store === undefined ? EMPTY_MEMORY : await readMemory(store);
  if (source !== undefined) await checkLesson(source, { memory, ...given({ old: from }) });
  const mode = recipe.mode ?? from?.mode ?? "particle";
  const datasets = await readDatasets(args.texts("data"));
  const set = await loadTrainingSet(datasets, {
    ...loading,
    ...labels,
    mode,
    onProgress: bar.onProgress,
  });
  set.warnings.forEach(warn);
  const options: TrainOptions = {
    out,
    resume: args.on("resume"),
    config: from?.config ?? LIGHT,
    ...recipe,
    mode,
    signal: interruptSignal(),
    onProgress: bar.onProgress,
    onNote: (note) => console.error(note),
    onValidation: ({ step, ap, f1, threshold }) =>
      console.error(
        `\nstep ${step}: validation AP ${ap.toFixed(3)}, F1 ${f1.toFixed(3)} at ${threshold}`,
      ),
    ...given({ name: args.text("name") }),
  };
  const result: TrainResult & { memory?: Memory } = source === undefined
    ? await train(set, { ...options, ...given({ from }) })
    : await learn(source, { fresh: set, memory, ...given({ old: from }) }, options);
  bar.stop();
  if (result.memory !== undefined && result.finished) {
    await writeMemory(join(out, "exemplars.safetensors"), result.memory);
  }
  const { history, backend, seconds, finished } = result;
  if (!printJson(args, { history, backend, seconds, finished })) {
    const minutes = (seconds / 60).toFixed(1);
    console.log(`${finished ? "Trained" : "Stopped"} after ${minutes} minutes on ${backend}.`);
    console.log(finished ? `Model: ${out}/model.safetensors` : "Go on with --resume.");
  }
  return finished || INTERRUPTED;
});
