/**
 * Teaches a model new data without losing the old: `epicker learn DIR…`.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";
import {
  checkTraining,
  EPickerError,
  formatTable,
  learn,
  loadTrainingSet,
  readMemory,
  readModel,
  retentionOf,
  setAside,
  SHIPPED_MODEL,
  strategyOf,
  writeMemory,
} from "../mod.ts";
import { checkLesson, LEARNING_STRATEGY, type Retention } from "../lib/continual/mod.ts";
import type { TableColumn } from "../lib/evaluation/mod.ts";
import { EXPERIMENTS } from "../lib/experiments/mod.ts";
import { viewToTrain } from "../lib/training/mod.ts";
import {
  command,
  INTERRUPTED,
  interruptSignal,
  printJson,
  progressBar,
  readDatasets,
  warn,
} from "./_cli.ts";
import { count, missing, number, text } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

/** The store that lies beside a model. */
const STORE = "exemplars.safetensors";

/** As many as the experiment `real` takes to add a dataset. */
const STEPS = EXPERIMENTS.real.steps.added;

const COLUMNS: TableColumn<Retention>[] = [
  { key: "dataset" },
  { key: "before", title: "AP before" },
  { key: "after", title: "after" },
  { key: "f1Before", title: "F1 before" },
  { key: "f1After", title: "after" },
];

export default command({
  inputs: "DIR…",
  flags: {
    out: text("--out DIR", "folder for model and store (default: learned/ in the first DIR)"),
    from: text("--from FILE", "model that learns (default: the shipped one)"),
    exemplars: text("--exemplars FILE", `store of what it knows (default: ${STORE} beside it)`),
    strategy: text("--strategy NAME", `how it learns (default: ${LEARNING_STRATEGY})`),
    steps: count("--steps N", `training steps (default: ${STEPS})`),
    cropSize: number(
      "--crop PX",
      "edge of the pieces to learn from, network pixels (default: 256)",
    ),
    seed: FLAG.seed,
    workers: FLAG.workers,
    backend: FLAG.backend,
    json: FLAG.json,
  },
  examples: [
    "mydata",
    "mydata --steps 500 --out run",
    "more --from mydata/learned/model.safetensors",
  ],
  async main({ json, ...given }, folders) {
    if (folders.length === 0) throw missing({ ...FLAG.data, usage: "DIR…" });
    const {
      from = fromFileUrl(SHIPPED_MODEL),
      strategy: name = LEARNING_STRATEGY,
      workers,
      backend,
      ...more
    } = given;
    const { out = join(folders[0], "learned"), exemplars, steps = STEPS, ...own } = more;
    const recipe = { ...own, steps };
    checkTraining({ recipe, workers, backend });
    const strategy = strategyOf(name);
    const { model: old } = await readModel(from);
    const known = await readMemory(exemplars ?? join(dirname(from), STORE));
    const { replayed, aside } = setAside(known);
    checkLesson(strategy, { memory: replayed, old });
    const bar = progressBar();
    const options = { mode: old.mode, view: viewToTrain(undefined, old), seed: recipe.seed };
    const datasets = await readDatasets(folders);
    const names = datasets.map(({ name }) => name);
    refuseKnown(names, known.exemplars.map(({ dataset }) => dataset));
    const fresh = await loadTrainingSet(datasets, { ...options, onProgress: bar.onProgress });
    fresh.warnings.forEach(warn);
    const { model, memory, finished, seconds } = await learn(
      strategy,
      { fresh, memory: replayed, old },
      {
        ...{ recipe, out, workers, backend, name: "learned" },
        signal: interruptSignal(),
        onProgress: bar.onProgress,
      },
    );
    bar.stop();
    if (!finished) return INTERRUPTED;
    const added = memory.exemplars.filter(({ dataset }) => names.includes(dataset));
    await writeMemory(join(out, STORE), { ...memory, exemplars: [...known.exemplars, ...added] });
    const lines = await retentionOf(old, model, [...aside, ...fresh.validation]);
    if (printJson({ json }, lines)) return;
    console.log(formatTable(lines, COLUMNS));
    console.log("Old datasets: exemplars that were not replayed; new ones: what was held out.");
    console.log(`Learned in ${(seconds / 60).toFixed(1)} minutes; to pick with it:`);
    console.log(`epicker pick Micrographs/ --model ${join(out, "model.safetensors")}`);
  },
});

/** Refuses datasets that the store has, whose exemplars would be lost or count twice. */
function refuseKnown(names: string[], known: string[]): void {
  const both = names.find((name) => known.includes(name));
  if (both === undefined) return;
  throw new EPickerError("bad-data", {
    file: both,
    found: "a dataset of this name among the exemplars of what is known",
    expected: "new data",
    remedy: "Give the folder another name.",
  });
}
