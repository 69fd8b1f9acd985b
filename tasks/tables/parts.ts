import { experimentSteps, formatTable } from "../../mod.ts";
import { type ExperimentStep } from "../../lib/experiments/mod.ts";
import { mean, readExperiment, type Tables } from "./_read.ts";

/** What the strategies of the ablation are. */
const PARTS: Record<string, string> = {
  "fine-tune": "new data alone",
  epicker: "replay and distillation, λ₁ = 0.1",
  "epicker/pull": "and the pull, λ₂ = 0.01: the paper's",
  replay: "without distillation",
  "epicker/no-replay": "distillation on the new data",
  "epicker/heat-only": "distilling the heat map alone",
  "epicker/features-only": "distilling features alone",
  "epicker/distillation-0.3": "λ₁ = 0.3",
  "epicker/distillation-1": "λ₁ = 1",
  "epicker/distillation-3": "λ₁ = 3",
  "epicker/first": "exemplars in the order of files (original)",
  "epicker/coverage": "exemplars diverse in features",
  "epicker/50": "50 particles per set instead of 200",
  "epicker/100": "100",
  "epicker/400": "400",
  anchor: "the pull alone",
  ewc: "pull by importance",
  lwf: "old heat map and offsets on the new data",
  der: "replay with stored heat maps (DER++)",
};

/** What each part of the strategy is worth, in one step. */
export async function partsTables(): Promise<Tables> {
  const steps = experimentSteps(await readExperiment("ablation"));
  const rows = [...Map.groupBy(steps, ({ strategy }) => strategy)].map(([strategy, group]) => ({
    strategy: `\`${strategy}\``,
    what: PARTS[strategy],
    lost: withSeeds(group, "dropAp"),
    learned: withSeeds(group, "newAp"),
    megabytes: mean(group.map(({ megabytes }) => megabytes)),
  }));
  const parts = formatTable(rows, [
    "strategy",
    { key: "what", title: "what it is" },
    { key: "lost", title: "AP lost", align: "right" },
    { key: "learned", title: "new AP", align: "right" },
    { key: "megabytes", title: "MB for six sets", digits: 1 },
  ]);
  return { parts };
}

/** The mean, and the seeds in brackets. */
function withSeeds(group: ExperimentStep[], key: "dropAp" | "newAp"): string {
  const values = group.map((step) => step[key]);
  return `${mean(values).toFixed(1)} (${values.map((value) => value.toFixed(1)).join(", ")})`;
}
