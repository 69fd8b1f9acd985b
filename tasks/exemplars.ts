/**
 * Makes, joins and lists exemplar stores: `deno task exemplars build|merge|list`.
 *
 * @module
 */
import {
  BACKEND_NAMES,
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
import {
  type Arguments,
  given,
  printJson,
  progressBar,
  readDatasets,
  required,
  run,
  warn,
} from "./_cli.ts";

await run({
  name: "exemplars",
  summary: "Keeps labelled pieces of learned data, which later training replays.",
  inputs: "build | merge STORE… | list STORE…",
  options: {
    out: { value: "FILE", help: "store to write (build, merge)" },
    data: { value: "DIR…", help: "dataset folders (build)" },
    model: { value: "FILE", help: "model that learned them (build; default: the shipped one)" },
    policy: { value: "NAME", help: "first, random or coverage (build; default: random)" },
    particles: { value: "N", help: "labelled particles per dataset (build; default: 200)" },
    seed: { value: "S", help: "seed of the random choice (build; default: 1)" },
    backend: { value: "NAME", help: "auto, webgpu, wasm or cpu (default: auto)" },
    json: { help: "print as JSON" },
  },
  examples: [
    "deno task exemplars build --data a b --model run/model.safetensors --out a+b.safetensors",
    "deno task exemplars merge a+b.safetensors c.safetensors --out all.safetensors",
    "deno task exemplars list all.safetensors",
  ],
}, async (args) => {
  const [action, ...stores] = args.inputs;
  const actions: Record<string, () => Promise<Memory>> = {
    build: () => build(args),
    merge: async () => mergeMemories(...await Promise.all(stores.map(readMemory))),
    list: async () => mergeMemories(...await Promise.all(stores.map(readMemory))),
  };
  if (!Object.hasOwn(actions, action ?? "")) {
    throw new EPickerError("bad-option", {
      file: "exemplars",
      found: `"${action ?? ""}"`,
      expected: "build, merge or list",
    });
  }
  const memory = await actions[action]();
  if (action !== "list") await writeMemory(required(args, "out", `exemplars ${action}`), memory);
  const datasets = [...Map.groupBy(memory.exemplars, ({ dataset }) => dataset)];
  const rows = datasets.map(([dataset, pieces]) => ({
    dataset,
    pieces: pieces.length,
    particles: pieces.reduce((sum, piece) => sum + labelsIn(piece), 0),
    megabytes: pieces.reduce((sum, { image }) => sum + image.pixels.length, 0) / 1e6,
  }));
  if (!printJson(args, rows)) {
    console.log(formatTable(rows, ["dataset", "pieces", "particles", "megabytes"]));
  }
});

async function build(args: Arguments): Promise<Memory> {
  required(args, "data", "exemplars build");
  required(args, "out", "exemplars build");
  const options = given({
    policy: args.choice("policy", EXEMPLAR_POLICIES),
    particles: args.count("particles"),
    seed: args.number("seed"),
  });
  checkExemplars(options);
  await startBackend(args.choice("backend", BACKEND_NAMES));
  const { model } = await readModel(args.text("model") ?? SHIPPED_MODEL);
  const bar = progressBar();
  const datasets = await readDatasets(args.texts("data"));
  const set = await loadTrainingSet(datasets, { mode: model.mode, onProgress: bar.onProgress });
  bar.stop();
  set.warnings.forEach(warn);
  const exemplars = chooseExemplars(set.train, model, options);
  return { ...EMPTY_MEMORY, exemplars };
}
