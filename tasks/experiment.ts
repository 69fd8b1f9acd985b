/**
 * Measures forgetting: `deno task experiment --preset NAME --out DIR`.
 *
 * @module
 */
import { join } from "@std/path";
import {
  BACKEND_NAMES,
  experimentNamed,
  experimentPage,
  formatTable,
  loadExperimentData,
  runExperiment,
  strategyOf,
  summarise,
} from "../mod.ts";
import {
  adding,
  checkExperiment,
  experimentMarkdown,
  forGpu,
  ordersOf,
  SUMMARY_COLUMNS,
} from "../lib/continual/mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import {
  given,
  interruptSignal,
  printJson,
  progressBar,
  required,
  run,
  seedsOf,
  warn,
} from "./_cli.ts";

await run({
  name: "experiment",
  summary: "Adds datasets to a base model by several strategies and measures what is forgotten.",
  options: {
    preset: { value: "NAME", help: "demo, real or paper (default: demo)" },
    out: { value: "DIR", help: "folder for models, experiment.json, experiment.md, index.html" },
    data: {
      value: "DIR",
      help: "folder of the dataset folders (default: ../shared/data for real, else OUT/data)",
    },
    strategies: {
      value: "LIST",
      help: "names with commas (default: fine-tune,epicker,joint); epicker/pull and others too",
    },
    added: { value: "LIST", help: "add only these of the preset's datasets, names with commas" },
    orders: { value: "N", help: "orders of adding: the preset's, then shuffled (default: 1)" },
    "at-once": { help: "also add all new datasets together" },
    seeds: { value: "N", help: "seeds 1 to N (default: 1)" },
    gpu: { help: "sizes for a GPU: the full network, three times the steps" },
    workers: { value: "N", help: "workers without a GPU (default: 2)" },
    backend: { value: "NAME", help: "auto, webgpu, wasm or cpu (default: auto)" },
    json: { help: "print the summary as JSON" },
  },
  examples: [
    "deno task experiment --preset demo --out out/forgetting",
    "deno task experiment --preset paper --out out/paper --seeds 2 --at-once",
    "deno task experiment --preset real --out out/real --added ribosome \\\n" +
    "    --strategies fine-tune,replay,epicker,epicker/pull",
  ],
}, async (args) => {
  const out = required(args, "out", "experiment");
  const preset = experimentNamed(args.text("preset") ?? "demo");
  const sized = args.on("gpu") ? forGpu(preset) : preset;
  const plan = adding(sized, args.text("added")?.split(","));
  const folder = args.text("data") ?? (plan.simulation ? join(out, "data") : "../shared/data");
  const names = (args.text("strategies") ?? "fine-tune,epicker,joint").split(",");
  const strategies = Object.fromEntries(names.map((name) => [name, strategyOf(name)]));
  const options = {
    out,
    strategies,
    seeds: seedsOf(args),
    orders: ordersOf(plan, args.count("orders") ?? 1, args.on("at-once")),
    ...given({ workers: args.count("workers"), backend: args.choice("backend", BACKEND_NAMES) }),
  };
  await checkExperiment(options);
  const bar = progressBar();
  const data = await loadExperimentData(plan, folder, bar.onProgress, warn);
  const result = await runExperiment(plan, data, {
    ...options,
    signal: interruptSignal(),
    onProgress: bar.onProgress,
    onRun: ({ strategy, seed }) => console.error(`\nfinished ${strategy}, seed ${seed}`),
  });
  bar.stop();
  await writeFileAtomic(join(out, "experiment.md"), experimentMarkdown(result));
  await writeFileAtomic(join(out, "index.html"), experimentPage(result));
  const lines = summarise(result);
  if (!printJson(args, lines)) {
    console.log(formatTable(lines, SUMMARY_COLUMNS));
    console.log(`\nResults in ${out}/experiment.md and ${out}/index.html.`);
  }
});
