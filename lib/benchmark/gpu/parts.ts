import { join } from "@std/path";
import { type Backend, type BackendName, startBackend } from "../../backend/mod.ts";
import { type NetworkConfig, readModel, writeModel } from "../../centernet/mod.ts";
import { messageOfError } from "../../core/mod.ts";
import { ONNX_PROVIDERS } from "../../onnx/mod.ts";
import { SHIPPED_MODEL } from "../../picking/mod.ts";
import { viewOf } from "../../preprocess/mod.ts";
import { convolutionsOf, distinct } from "../convolutions.ts";
import { writeMicrographs } from "../micrographs.ts";
import { freshModel, type Subject, subjectsOf } from "../models.ts";
import { measureOnnx } from "../onnx_speed.ts";
import { tasksOf } from "../plan.ts";
import type { BenchmarkPart } from "../report.ts";
import { type BenchmarkSettings, benchmarkSettings, benchmarkWork } from "../settings.ts";
import { checkConvolution } from "./check_convolutions.ts";
import { checkNorm, mapsOf } from "./check_norms.ts";
import { checkPeaks } from "./check_peaks.ts";
import { checkPicks } from "./check_picks.ts";
import { checkStep } from "./check_step.ts";
import type { Finding } from "./report.ts";
import { countTransfers, KERNELS_PER_SUBMIT } from "./transfers.ts";

/** What a part is given. */
export interface PartContext {
  /** Where it computes; a GPU, but for tests. */
  backend: BackendName;
  /** How much is measured. */
  settings: BenchmarkSettings;
  /** Micrographs to pick; one is simulated where there are none. */
  micrographs: string[];
  /** A folder for whatever is written. */
  folder: string;
  /** Takes what is found, as soon as it is. */
  emit(finding: Finding): void;
}

/** How much is measured: on a card, in minutes; on a software GPU, enough to see that all runs. */
export function gpuSettings(small: boolean): BenchmarkSettings {
  const settings = benchmarkSettings(false, true);
  const micrographs = settings.micrographs.slice(0, 3); // the largest takes long to write
  if (!small) return { ...settings, micrographs, simulations: [], copies: 16, budget: 2 };
  return {
    ...settings,
    edge: 64,
    trainingCases: settings.trainingCases.map((one) => ({ ...one, batch: 1 })),
    simulations: [],
    micrographs: [{ width: 512, height: 512 }],
    copies: 2,
    repeats: 1,
    budget: 1,
  };
}

/** The parts that compute in this project, each in a process of its own; the most wanted first. */
export const GPU_PARTS: Record<string, (context: PartContext) => Promise<void>> = {
  kernels: checkKernels,
  steps: checkSteps,
  picks: checkAllPicks,
  networks: (context) => measure(context, ["forward", "training"]),
  picking: (context) => measure(context, ["picking", "throughput"]),
  onnx: measureProviders,
  convolutions: (context) => measure(context, ["convolutions"]),
};

/** Does one thing; an error is found as a problem, and the part goes on. */
async function attempt(
  { emit }: PartContext,
  part: string,
  what: string,
  work: () => Promise<Finding[]>,
): Promise<void> {
  const found = await work().catch((error): Finding[] => [
    { list: "problems", value: { part, what, error: messageOfError(error) } },
  ]);
  found.forEach(emit);
}

const asChecks = (values: Awaited<ReturnType<typeof checkNorm>>): Finding[] =>
  values.map((value) => ({ list: "checks", value }));

/** Every kernel of ours at the shapes of the networks. */
async function checkKernels(context: PartContext): Promise<void> {
  const { backend, settings: { networks, edge } } = context;
  await attempt(
    context,
    "kernels",
    "peaks",
    async () => asChecks(await checkPeaks(backend, edge / 4, edge / 4 - 3)),
  );
  await startBackend(backend);
  const all = Object.values(networks).flatMap((config) => convolutionsOf(config, edge));
  for (const shape of mapsOf(all)) {
    const what = `batch normalisation of ${shape.join(" × ")}`;
    await attempt(context, "kernels", what, async () => asChecks(await checkNorm(shape)));
  }
  for (const sizes of distinct(all)) {
    const what = `convolution ${JSON.stringify(sizes)}`;
    await attempt(context, "kernels", what, async () => asChecks(await checkConvolution(sizes)));
  }
}

/**
 * Edges of the crops of training steps that are compared. On smaller ones the deepest maps have so
 * few values that rounding at ReLU's kink changes the gradient by some hundredths (of 64²: 0.03).
 */
const CROPS = { least: 128, most: 512 };

/** Small enough for a training step on plain CPU. */
const TINY: NetworkConfig = { width: 0.125, headWidth: 8, size: true };

/** What is transferred, and whole training steps: a tiny one beside plain CPU, the others beside WASM. */
async function checkSteps(context: PartContext): Promise<void> {
  const { backend, settings: { networks, edge } } = context;
  for (const [network, config] of Object.entries(networks)) {
    for (const kernels of KERNELS_PER_SUBMIT) {
      await attempt(context, "steps", `transfers of ${network}, by ${kernels}`, async () => [
        { list: "transfers", value: await countTransfers(network, config, edge, backend, kernels) },
      ]);
    }
  }
  const steps = [
    { network: "tiny", config: TINY, crop: CROPS.least, reference: "cpu" as const },
    ...Object.entries(networks).map(([network, config]) => ({
      ...{ network, config, reference: "wasm" as const },
      crop: Math.max(CROPS.least, Math.min(CROPS.most, edge)),
    })),
  ];
  for (const { network, config, crop, reference } of steps) {
    const step = { network, batch: 1, crop };
    await attempt(
      context,
      "steps",
      `training step of ${network}, ${crop}², beside ${reference}`,
      async () => asChecks(await checkStep(step, config, { backend, reference })),
    );
  }
}

/** Picks of the shipped model beside those of WASM. */
async function checkAllPicks(context: PartContext): Promise<void> {
  const { backend, folder, settings } = context;
  const [, size = settings.micrographs[0]] = settings.micrographs;
  const paths = context.micrographs.length > 0
    ? context.micrographs
    : await writeMicrographs(folder, [size]);
  for (const path of paths) {
    await attempt(
      context,
      "picks",
      `picks of ${path}`,
      async () => asChecks(await checkPicks("the shipped model", SHIPPED_MODEL, path, backend)),
    );
  }
}

/** Parts of a benchmark, figure by figure. */
async function measure(context: PartContext, parts: BenchmarkPart[]): Promise<void> {
  const { folder, settings } = context;
  const backend: Backend = await startBackend(context.backend);
  const picks = parts.includes("picking");
  const micrographs = picks ? await writeMicrographs(folder, settings.micrographs) : [];
  const subjects = await gpuSubjects(settings.networks, folder);
  const work = benchmarkWork(settings);
  const tasks = tasksOf({ ...{ backend, settings, work, subjects, micrographs, folder } });
  for (const { part, note, measure } of tasks.filter(({ part }) => parts.includes(part))) {
    await attempt(context, part, `${part} of ${note}`, async () => [
      { list: part, value: await measure() } as Finding,
    ]);
  }
}

/**
 * The networks in the view `paper`, and the shipped model as `general` where it picks any particle;
 * the networks then have random weights.
 */
async function gpuSubjects(
  networks: Record<string, NetworkConfig>,
  folder: string,
): Promise<Subject[]> {
  const { model } = await readModel(SHIPPED_MODEL);
  if (viewOf(model.preprocess, "the shipped model") === "paper") {
    return await subjectsOf(networks, undefined, folder);
  }
  const subjects = Object.entries(networks).map(async ([network, config]) => {
    const path = join(folder, `${network}-random.safetensors`);
    await writeModel(path, freshModel(config));
    return { network, config, path };
  });
  return [...await Promise.all(subjects), { network: "general", path: SHIPPED_MODEL }];
}

/** The networks in ONNX Runtime on each of its providers. */
async function measureProviders(context: PartContext): Promise<void> {
  const { settings: { networks, edge, repeats, budget } } = context;
  for (const provider of ONNX_PROVIDERS) {
    for (const [network, config] of Object.entries(networks)) {
      const timing = { repeats, budget };
      await attempt(context, "onnx", `${network} on ${provider}`, async () => [{
        list: "onnx",
        value: await measureOnnx(network, freshModel(config), edge, { provider }, timing),
      }]);
    }
  }
}
