/**
 * Makes, joins and lists exemplar stores: `epicker exemplars build|merge|list`.
 *
 * @module
 */
import {
  chooseExemplars,
  EMPTY_MEMORY,
  EPickerError,
  formatTable,
  loadTrainingSet,
  type Memory,
  readMemory,
  readModel,
  SHIPPED_MODEL,
  startBackend,
  writeMemory,
} from "../mod.ts";
import {
  checkExemplars,
  EXEMPLAR_POLICIES,
  labelsIn,
  mergeMemories,
} from "../lib/continual/mod.ts";
import { viewOf } from "../lib/preprocess/mod.ts";
import { command, printJson, progressBar, readDatasets, warn } from "./_cli.ts";
import { choice, count, missing, text, texts, type Values } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

const flags = {
  out: text("--out FILE", "store to write (build, merge)"),
  data: texts("--data DIR…", "dataset folders (build)"),
  model: text("--model FILE", "model that learned them (build; default: the shipped one)"),
  policy: choice(
    "--policy NAME",
    "first, random, coverage or herding (build; default: random)",
    EXEMPLAR_POLICIES,
  ),
  particles: count("--particles N", "labelled particles per dataset (build; default: 200)"),
  seed: FLAG.seed,
  backend: FLAG.backend,
  json: FLAG.json,
};

export default command({
  inputs: "build | merge STORE… | list STORE…",
  flags,
  examples: [
    "build --data a b --model run/model.safetensors --out a+b.safetensors",
    "merge a+b.safetensors c.safetensors --out all.safetensors",
    "list all.safetensors",
  ],
  async main({ out, json, ...options }, [action, ...stores]) {
    if (action !== "list" && action !== "merge" && action !== "build") {
      throw new EPickerError("bad-option", {
        found: action === undefined ? "nothing to do" : `"${action}"`,
        expected: "build, merge or list",
      });
    }
    if (out === undefined && action !== "list") throw missing(flags.out);
    const memory = action === "build"
      ? await build(options)
      : mergeMemories(...await Promise.all(stores.map(readMemory)));
    if (out !== undefined && action !== "list") await writeMemory(out, memory);
    const datasets = [...Map.groupBy(memory.exemplars, ({ dataset }) => dataset)];
    const rows = datasets.map(([dataset, pieces]) => ({
      dataset,
      pieces: pieces.length,
      particles: pieces.reduce((sum, piece) => sum + labelsIn(piece), 0),
      megabytes: pieces.reduce((sum, { image }) => sum + image.pixels.length, 0) / 1e6,
    }));
    if (!printJson({ json }, rows)) {
      console.log(formatTable(rows, ["dataset", "pieces", "particles", "megabytes"]));
    }
  },
});

async function build(
  { data, model: path, backend, ...options }: Omit<Values<typeof flags>, "out" | "json">,
): Promise<Memory> {
  if (data.length === 0) throw missing(flags.data);
  checkExemplars(options);
  await startBackend(backend);
  const { model } = await readModel(path ?? SHIPPED_MODEL);
  const bar = progressBar();
  const datasets = await readDatasets(data);
  const view = viewOf(model.preprocess, String(path));
  const set = await loadTrainingSet(datasets, {
    ...{ mode: model.mode, view },
    onProgress: bar.onProgress,
  });
  bar.stop();
  set.warnings.forEach(warn);
  return { ...EMPTY_MEMORY, view, exemplars: chooseExemplars(set.train, model, options) };
}
