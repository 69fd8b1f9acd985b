import { fromFileUrl, join } from "@std/path";
import type { BackendName } from "../backend/mod.ts";
import type { PickingBackend } from "../picking/mod.ts";
import { measureConvolution } from "./convolution_speed.ts";
import { measureForward } from "./forward_speed.ts";
import { withPeak } from "./memory.ts";
import type { Subject } from "./models.ts";
import { measurePickingAlone } from "./picking_alone.ts";
import type { BenchmarkPart, BenchmarkReport, BenchmarkWork } from "./report.ts";
import type { BenchmarkSettings } from "./settings.ts";
import { measureSimulation } from "./simulation_speed.ts";
import { measureThroughput, workerCounts } from "./throughput.ts";
import { measureTraining } from "./training_speed.ts";

/** One figure to come: the part of the report that it belongs to, and how to get it. */
export interface Task<Part extends BenchmarkPart = BenchmarkPart> {
  /** The list of the report. */
  part: Part;
  /** What is measured, for progress. */
  note: string;
  /** Measures it. */
  measure(): Promise<BenchmarkReport[Part][number]>;
}

/** What the tasks need. */
export interface Plan {
  /** The backend that runs. */
  backend: PickingBackend;
  /** How much is measured. */
  settings: BenchmarkSettings;
  /** The shapes and steps. */
  work: BenchmarkWork;
  /** The networks. */
  subjects: Subject[];
  /** Paths of the micrographs. */
  micrographs: string[];
  /** A folder for whatever is written. */
  folder: string;
}

/** All tasks: network by network, since memory that a large one took is not given back; kernels last. */
export function tasksOf(plan: Plan): Task[] {
  const networks = plan.subjects.flatMap((subject) => [
    ...pickingTasks(plan, subject),
    ...networkTasks(plan, subject),
  ]);
  return [...networks, ...simulationTasks(plan), ...kernelTasks(plan)];
}

function pickingTasks(
  { backend, settings, micrographs, folder }: Plan,
  { network, path: file }: Subject,
): Task[] {
  if (file === undefined || micrographs.length === 0) return [];
  const model = file instanceof URL ? fromFileUrl(file) : file;
  const options = { model, backend: backend.name };
  const picking = micrographs.map((path): Task<"picking"> => ({
    part: "picking",
    note: network,
    measure: () => measurePickingAlone(network, options, path, join(folder, "picks"), settings),
  }));
  const [, path = micrographs[0]] = micrographs;
  const throughput = workerCounts(backend).map((workers): Task<"throughput"> => ({
    part: "throughput",
    note: network,
    measure: () => {
      const copies = join(folder, `${network}-${workers}`);
      const how = { ...settings, workers };
      return withPeak(() => measureThroughput(network, options, path, copies, how));
    },
  }));
  return [...picking, ...throughput];
}

function networkTasks(
  { backend, settings, work, folder }: Plan,
  { network, config }: Subject,
): Task[] {
  if (config === undefined) return [];
  const { edge } = settings;
  const threadCounts = backend.name === "wasm" ? workerCounts(backend) : [undefined];
  const forward = threadCounts.map((threads): Task<"forward"> => ({
    part: "forward",
    note: network,
    measure: () => withPeak(() => measureForward(network, config, { edge, threads }, settings)),
  }));
  const steps = work.trainingCases.filter((step) => step.network === network);
  const training = steps.map((step): Task<"training"> => {
    const target = { backend: backend.name as BackendName, folder: join(folder, "training") };
    return {
      part: "training",
      note: network,
      measure: () => withPeak(() => measureTraining(step, config, target, settings)),
    };
  });
  return [...forward, ...training];
}

function simulationTasks({ settings }: Plan): Task<"simulation">[] {
  return settings.simulations.map((simulation) => ({
    part: "simulation",
    note: `${simulation.particles} particles`,
    measure: () => measureSimulation(simulation, settings),
  }));
}

function kernelTasks({ backend, settings: { repeats, budget }, work }: Plan): Task[] {
  const least = backend.name === "webgpu" ? 0.1 : 0.01; // seconds; a read-back takes milliseconds
  const options = { repeats, budget, least, slow: budget };
  return Object.entries(work.shapes).flatMap(([network, shapes]) =>
    shapes.map((shape): Task<"convolutions"> => ({
      part: "convolutions",
      note: network,
      measure: () => measureConvolution(network, shape, options),
    }))
  );
}
