import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as api from "./_rooms.ts";

// Notebooks do not check types, so that anything may be given to what the rooms export.

const ODD: unknown[] = [undefined, null, 3, "x", {}, [3], true];

/** Functions to which people give micrographs, points, datasets, recipes, options and paths. */
const DOORS: string[] = [
  ...["preprocess", "prepareMicrograph", "powerSpectrum", "simulateMicrograph", "recipeOf"],
  ...["evaluate", "averagePrecision", "precisionRecall", "bestF1", "traceFibers", "entriesOf"],
  ...["loadTrainingSet", "loadImages", "train", "learn", "loadStrategy", "checkStrategy"],
  ...[
    "chooseExemplars",
    "checkTraining",
    "checkPicking",
    "expandInputs",
    "readDataset",
    "readCoordinates",
  ],
  ...["writeCoordinates", "writeMrc", "writeSimulatedDataset", "readMicrograph", "readModel"],
  ...["checkExperiment", "checkBiased", "checkLesson", "convertCoordinates", "traceFiles"],
  ...["runExperiment", "pickFiles", "loadPicker", "openPicker", "evaluateFolder"],
];

async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
}

Deno.test("a wrong argument is a mistake of the caller, told in a line", async () => {
  const wrong: string[] = [];
  for (const name of DOORS) {
    const door = (api as unknown as Record<string, (...args: unknown[]) => unknown>)[name];
    for (const odd of ODD) {
      for (const args of [[odd], [odd, {}]]) {
        const error = await errorOf(() => door(...args));
        if (error === undefined || error instanceof api.EPickerError) continue;
        wrong.push(`${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")}): ${error}`);
      }
    }
  }
  assertEquals(wrong, []);
});

// deno-lint-ignore no-explicit-any -- wrong on purpose
type Wrong = any;

/** Calls, and what their errors must name. */
const CALLS: [() => unknown, string][] = [
  [() => api.simulateMicrograph({} as Wrong), "specimen: found nothing"],
  [
    () => api.simulateMicrograph({ ...recipe(), pixelSizeA: undefined } as Wrong),
    "pixelSizeA: found nothing",
  ],
  [() => api.simulateMicrograph({ ...recipe(), seed: "a" } as Wrong), 'seed: found "a"'],
  [() => api.simulateMicrograph({ ...recipe(), dqe: "high" } as Wrong), "dqe: found high"],
  [
    () => api.simulateMicrograph({ ...recipe(), specimen: { kind: "cells", count: 1 } } as Wrong),
    "specimen.kind",
  ],
  [() => api.preprocess(3 as Wrong), "micrograph: found 3; expected a micrograph"],
  [() => api.preprocess(micrograph(), 512 as Wrong), "options: found 512"],
  [() => api.preprocess(micrograph(), { targetSize: 0.5 }), "targetSize: found 0.5"],
  [() => api.loadPicker("run/model.safetensors" as Wrong), "expected an object of options"],
  [() => api.loadPicker({ backend: "cuda" } as Wrong), 'backend: found "cuda"'],
  [() => api.loadStrategy({} as Wrong), "source.module: found nothing"],
  [() => api.checkStrategy({} as Wrong), "strategy.title: found nothing"],
  [
    () => api.checkStrategy({ ...strategy(), start: "new" } as Wrong),
    'strategy.start: found "new"',
  ],
  [() => api.checkStrategy({ ...strategy(), lossOf: 3 } as Wrong), "strategy.lossOf: found 3"],
  [() => api.loadStrategy({ module: "file:///no/such.ts" }), "cannot be imported"],
  [() => api.loadStrategy({ module: "data:text/javascript,export{}" }), "no function `create`"],
  [() => api.evaluate([{ name: "a", picks: [3] }] as Wrong), "images.0.picks: found a list of 1"],
  [() => api.traceFibers([{ x: 1 }] as Wrong, { reach: 9 }), "points: found a list of 1"],
  [() => api.entriesOf(dataset(), "valid" as Wrong), 'split: found "valid"'],
  [() => api.ordersOf({ added: ["a"] } as Wrong, 0), "orders: found 0"],
  [() => api.checkTraining({ recipe: { steps: -5 } }), "steps: found -5"],
  [() => api.checkTraining({ recipe: { epochs: 0.5 } }), "epochs: found 0.5"],
  [() => api.checkTraining({ recipe: { cropSize: 100 } }), "cropSize: found 100"],
  [() => api.checkTraining({ recipe: { learningRate: -1 } }), "learningRate: found -1"],
  [() => api.checkTraining({ workers: 0 }), "workers: found 0"],
  [
    () => api.checkTraining({ recipe: { config: { width: 0.3, headWidth: 76.8, size: true } } }),
    "headWidth",
  ],
  [() => api.checkTraining({ recipe: 3 as Wrong }), "recipe: found 3"],
  [() => api.checkLoading({ keepLabels: 2 }), "found 2"],
  [() => api.checkExemplars({ particles: 0 }), "particles: found 0"],
  [() => api.checkBiased({ out: "x", seeds: [] }), "seeds: found a list of 0"],
  [
    () => api.checkExperiment({ out: "x", strategies: { mine: {} as Wrong } }),
    "strategy.title: found nothing",
  ],
  [() => api.checkExperiment({ out: "x", strategies: {} }), "strategies: found an object"],
  [
    () => api.writeSimulatedDataset("x", api.presetNamed("demo")[0], { micrographs: 0 }),
    "micrographs: found 0",
  ],
  [() => api.contactSheet([], { tile: 0 }), "tile: found 0"],
];

function recipe(): api.SimulationOptions {
  const specimen = { kind: "particles", species: [{ phantom: "apoferritin" }], count: 1 } as const;
  return { specimen, pixelSizeA: 5, seed: 1, size: 32 };
}

function micrograph(): api.Micrograph {
  return { name: "a", width: 4, height: 4, pixels: new Float32Array(16) };
}

function strategy() {
  return { title: "mine", start: "old", data: "new", lossOf: () => {} };
}

function dataset(): api.Dataset {
  return { name: "d", title: "d", folder: "d", entries: [], split: { train: [], test: [] } };
}

Deno.test("what is wrong in an argument is named", async () => {
  for (const [call, message] of CALLS) {
    const error = await errorOf(call);
    assert(error instanceof api.EPickerError, `${call}: ${error}`);
    assertStringIncludes(error.message, message);
    assertEquals(error.code, "bad-option");
  }
});
