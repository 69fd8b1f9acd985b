/**
 * Measures forgetting: `epicker experiment --preset NAME --out DIR`.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
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
  experimentCsv,
  experimentMarkdown,
  type ExperimentPlan,
  type ExperimentResult,
  forGpu,
  ordersOf,
  readPlan,
  SUMMARY_COLUMNS,
  summaryRows,
  withSteps,
} from "../lib/experiments/mod.ts";
import { VIEWS } from "../lib/training/mod.ts";
import { command, interruptSignal, printJson, progressBar, warn } from "./_cli.ts";
import { choice, count, names, on, text, type Values } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";
import { leaveOut, LEAVING_OUT, refuseFlags } from "./_unseen.ts";

/** Seed from which on options are chosen; results are reported with those below. */
const FIRST_TO_SELECT = 11;

const flags = {
  preset: text("--preset NAME", "demo, real, paper, unseen or few (default: demo)"),
  plan: text("--plan FILE", "JSON of datasets, steps, orders and strategies, instead of a preset"),
  out: { ...FLAG.out, help: "folder for models, experiment.json, .csv, .md, index.html" },
  data: text(
    "--data DIR",
    "folder of the dataset folders (default: OUT/data for simulated ones, else ../shared/data)",
  ),
  strategies: names(
    "--strategies LIST",
    "names with commas (default: fine-tune,epicker,joint); epicker/paper and others too",
  ),
  added: names("--added LIST", "add only these of the preset's datasets, names with commas"),
  view: choice("--view NAME", "how the network sees micrographs (default: the preset's)", VIEWS),
  kinds: names("--kinds LIST", "of unseen and few: leave only these out, names with commas"),
  sources: names("--sources LIST", "of unseen: only these of real, made-up, both"),
  steps: count(
    "--steps N",
    "training steps of an added dataset, all others in proportion; of unseen and few: of a model " +
      "that leaves a kind out",
  ),
  orders: count(
    "--orders N",
    "orders of the datasets: the preset's, then rotations or permutations (default: 1)",
  ),
  atOnce: on("--at-once", "also add all new datasets together"),
  select: on(
    "--select",
    "to choose by: score held-out training micrographs, in other orders, with seeds from 11 on",
  ),
  seeds: FLAG.seeds,
  gpu: on("--gpu", "sizes for a GPU: the full network, three times the steps"),
  jobs: count("--jobs N", "processes that share the work, one worker each (default: 1)"),
  workers: FLAG.workers,
  backend: FLAG.backend,
  json: FLAG.json,
};

export default command({
  flags,
  examples: [
    "--preset unseen --out out/unseen --sources both --seeds 2",
    "--preset few --out out/unseen --kinds trpv1",
    "--preset demo --out out/forgetting",
    "--preset paper --out out/paper --seeds 5 --orders 3 --at-once --jobs 2",
    "--preset real --out out/real --seeds 5 --orders 3 --jobs 2 \\\n" +
    "    --strategies fine-tune,replay,epicker,epicker/paper,cumulative,joint",
    "--plan mine.json --data datasets --out out/mine",
    "--preset real --out out/choice --select --strategies epicker,epicker/distillation-1",
  ],
  async main({ out, seeds, workers, backend, json, ...given }) {
    const { kinds, sources, steps, ...common } = given;
    const { preset = "demo" } = given;
    if (LEAVING_OUT.includes(preset)) {
      const { data, view, preset: _, ...others } = common;
      refuseFlags(preset, { ...others, ...(preset === "few" && { sources }) });
      const options = { out, seeds, workers, backend, kinds, sources, steps };
      return await leaveOut({ preset, data, view, json, ...options });
    }
    refuseFlags(preset, { kinds, sources });
    const planned = given.plan === undefined ? undefined : await readPlan(given.plan);
    const plan = planOf(given, planned?.plan);
    const { jobs = 1 } = given;
    const options = {
      ...{ out, backend },
      seeds: given.select ? seeds.map((seed) => FIRST_TO_SELECT - 1 + seed) : seeds,
      strategies: (given.strategies ? undefined : planned?.strategies) ??
        strategiesOf(given.strategies),
      orders: planned?.orders ?? ordersOf(plan, given.orders ?? 1, given.atOnce),
      workers: workers ?? (jobs > 1 ? 1 : undefined),
    };
    checkExperiment(options);
    const folder = given.data ?? (plan.simulation ? join(out, "data") : "../shared/data");
    const bar = progressBar();
    const data = await loadExperimentData(plan, folder, bar.onProgress, warn);
    using _helpers = startHelpers(jobs - 1);
    const result = await runExperiment(plan, data, {
      ...options,
      signal: interruptSignal(),
      onProgress: bar.onProgress,
      onRun: ({ strategy, seed }) => console.error(`\nfinished ${strategy}, seed ${seed}`),
    });
    bar.stop();
    await writeReports(out, result);
    if (!printJson({ json }, summarise(result))) {
      console.log(formatTable(summaryRows(result), SUMMARY_COLUMNS));
      console.log(`\nResults in ${out}/experiment.md, .csv, .json and ${out}/index.html.`);
    }
  },
});

/** The plan of a file, or of a preset, as the flags change it. */
function planOf(
  { preset, gpu, added, steps, view, select }: Partial<Values<typeof flags>>,
  planned?: ExperimentPlan,
): ExperimentPlan {
  const named = planned ?? experimentNamed(preset ?? "demo");
  const sized = steps === undefined ? named : withSteps(named, steps);
  const plan = adding(gpu ? forGpu(sized) : sized, added);
  return { ...plan, view: view ?? plan.view, ...(select && { scoredOn: "validation" }) };
}

function strategiesOf(names = ["fine-tune", "epicker", "joint"]) {
  return Object.fromEntries(names.map((name) => [name, strategyOf(name)]));
}

/** More processes of the same command, which take stages that no other is at; ended when disposed. */
function startHelpers(count: number): Disposable {
  const permissions = ["--allow-read", "--allow-write", "--allow-env=XDG_RUNTIME_DIR"];
  const program = fromFileUrl(import.meta.resolve("./epicker.ts"));
  const given = Deno.args.slice(1).join("\n").replace(/^--jobs[=\n]\d+\n?/m, "").split("\n");
  const args = ["experiment", ...given, "--workers", "1"];
  const helpers = Array.from({ length: count }, () => {
    const run = ["run", "--quiet", "--no-prompt", ...permissions, program, ...args];
    const output = { stdin: "null", stdout: "null", stderr: "null" } as const;
    return new Deno.Command("deno", { args: run, ...output }).spawn();
  });
  return {
    [Symbol.dispose]() {
      for (const helper of helpers) endIfRunning(helper);
    },
  };
}

function endIfRunning(helper: Deno.ChildProcess): void {
  try {
    helper.kill("SIGTERM");
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it has ended
  }
}

async function writeReports(out: string, result: ExperimentResult): Promise<void> {
  await writeFileAtomic(join(out, "experiment.md"), experimentMarkdown(result));
  await writeFileAtomic(join(out, "experiment.csv"), experimentCsv(result));
  await writeFileAtomic(join(out, "index.html"), experimentPage(result));
}
