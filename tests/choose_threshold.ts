/**
 * How the thresholds of probabilities compare: F1 of models on kinds that they have not seen (their
 * training micrographs, calibrated on the other kinds), and of the model that ships on held-out
 * micrographs of the kinds that it knows. `OUT` is what the preset `unseen` wrote:
 *
 * ```sh
 * deno run -A tests/choose_threshold.ts OUT
 * ```
 */
import { SHIPPED_MODELS } from "../lib/picking/mod.ts";
import { startBackend } from "../lib/backend/mod.ts";
import { readModel } from "../lib/centernet/mod.ts";
import { mean } from "../lib/core/mod.ts";
import { type EvaluationImage, formatTable } from "../lib/evaluation/mod.ts";
import { calibratedModel, loadUnseenData, scoreUnseen, UNSEEN } from "../lib/experiments/mod.ts";
import { predict, type TrainingImage } from "../lib/training/mod.ts";

const THRESHOLDS = [0.45, 0.5, 0.55, 0.6, 0.65];
const plan = { ...UNSEEN, steps: 800 };

await startBackend("wasm");
const data = await loadUnseenData(plan, "../shared/data");
const bench = { plan, data, options: { out: Deno.args[0], backend: "wasm" as const } };

/** What a model picks; its threshold has no say. */
async function picked(model: Parameters<typeof predict>[0], images: TrainingImage[]) {
  return [...(await predict(model, images)).values()].flat();
}

const unseen: EvaluationImage[][] = [];
const known: EvaluationImage[][] = [];
const { model: shipped } = await readModel(SHIPPED_MODELS.particle);
for (const [kind, { train, validation }] of data.kinds) {
  known.push(await picked(shipped, validation));
  for (const seed of plan.seeds) {
    const model = await calibratedModel(bench, { kind, source: "both", seed });
    unseen.push(await picked(model!, [...train, ...validation]));
  }
}
const rows = THRESHOLDS.map((threshold) => {
  const f1 = (groups: EvaluationImage[][]) =>
    mean(groups.map((images) => scoreUnseen(images, threshold).f1!));
  const [left, learned] = [f1(unseen), f1(known)];
  return { threshold, left, learned, both: mean([left, learned]) };
});
console.log(formatTable(rows, [
  { key: "threshold", digits: 2 },
  { key: "left", title: "F1 of kinds left out", digits: 3 },
  { key: "learned", title: "of known kinds", digits: 3 },
  { key: "both", title: "mean", digits: 3 },
]));
