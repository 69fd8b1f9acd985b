/**
 * Measures forgetting: `epicker experiment --preset NAME --out DIR`.
 *
 * @module
 */
import { join } from "@std/path";
import {
  experimentNamed,
  experimentPage,
  formatTable,
  loadExperimentData,
  runExperiment,
  strategyOf,
  summarise,
} from "../mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import {
  adding,
  checkExperiment,
  experimentMarkdown,
  forGpu,
  ordersOf,
  SUMMARY_COLUMNS,
} from "../lib/experiments/mod.ts";
import { VIEWS } from "../lib/training/mod.ts";
import { command, interruptSignal, printJson, progressBar, warn } from "./_cli.ts";
import { choice, count, names, on, text } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";
import { leaveOut, LEAVING_OUT, refuseFlags } from "./_unseen.ts";

export default command({
  flags: {
    preset: text("--preset NAME", "demo, real, paper, unseen or few (default: demo)"),
    out: { ...FLAG.out, help: "folder for models, experiment.json, experiment.md, index.html" },
    data: text(
      "--data DIR",
      "folder of the dataset folders (default: ../shared/data for real, else OUT/data)",
    ),
    strategies: names(
      "--strategies LIST",
      "names with commas (default: fine-tune,epicker,joint); epicker/pull and others too",
    ),
    added: names("--added LIST", "add only these of the preset's datasets, names with commas"),
    view: choice("--view NAME", "how the network sees micrographs (default: the preset's)", VIEWS),
    kinds: names("--kinds LIST", "of unseen and few: leave only these out, names with commas"),
    sources: names("--sources LIST", "of unseen: only these of real, made-up, both"),
    steps: count(
      "--steps N",
      "of unseen and few: training steps of a model that leaves a kind out",
    ),
    orders: count("--orders N", "orders of adding: the preset's, then shuffled (default: 1)"),
    atOnce: on("--at-once", "also add all new datasets together"),
    seeds: FLAG.seeds,
    gpu: on("--gpu", "sizes for a GPU: the full network, three times the steps"),
    workers: FLAG.workers,
    backend: FLAG.backend,
    json: FLAG.json,
  },
  examples: [
    "--preset unseen --out out/unseen --sources both --seeds 2",
    "--preset few --out out/unseen --kinds trpv1",
    "--preset demo --out out/forgetting",
    "--preset paper --out out/paper --seeds 2 --at-once",
    "--preset real --out out/real --added ribosome \\\n" +
    "    --strategies fine-tune,replay,epicker,epicker/pull",
  ],
  async main({ out, seeds, workers, backend, json, ...given }) {
    const { kinds, sources, steps, ...common } = given;
    if (LEAVING_OUT.includes(given.preset ?? "")) {
      const { preset = "", data, view, added, orders, atOnce, gpu } = common;
      const only = preset === "few" ? { sources } : {};
      refuseFlags(preset, { strategies: given.strategies, added, orders, atOnce, gpu, ...only });
      const options = { out, seeds, workers, backend, kinds, sources, steps };
      return await leaveOut({ preset, data, view, json, ...options });
    }
    refuseFlags(given.preset ?? "demo", { kinds, sources, steps });
    const preset = experimentNamed(given.preset ?? "demo");
    const view = given.view ?? preset.view;
    const plan = { ...adding(given.gpu ? forGpu(preset) : preset, given.added), view };
    const folder = given.data ?? (plan.simulation ? join(out, "data") : "../shared/data");
    const strategies = Object.fromEntries(
      (given.strategies ?? ["fine-tune", "epicker", "joint"]).map((name) => [
        name,
        strategyOf(name),
      ]),
    );
    const orders = ordersOf(plan, given.orders ?? 1, given.atOnce);
    const options = { out, strategies, seeds, orders, workers, backend };
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
    if (!printJson({ json }, lines)) {
      console.log(formatTable(lines, SUMMARY_COLUMNS));
      console.log(`\nResults in ${out}/experiment.md and ${out}/index.html.`);
    }
  },
});
