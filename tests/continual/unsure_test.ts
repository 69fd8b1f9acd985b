import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { startBackend } from "../../lib/backend/mod.ts";
import { drawTargets, type NetworkOutput, stackTargets } from "../../lib/centernet/mod.ts";
import { loadStrategy, STRATEGIES } from "../../lib/continual/mod.ts";
import { type Batch, DETECTION, ShardComputer } from "../../lib/training/mod.ts";
import { STILL_RECIPE, stillImage } from "../training/_still.ts";
import { tinyModel } from "./_tiny.ts";

const CELLS = 24;

/** A heat map of logits that is sure of nothing but some cells. */
function heatOf(peaks: [row: number, column: number, probability: number][]): tf.Tensor4D {
  const logits = new Float32Array(CELLS * CELLS).fill(-9);
  for (const [row, column, p] of peaks) logits[row * CELLS + column] = Math.log(p / (1 - p));
  return tf.tensor4d(logits, [1, CELLS, CELLS, 1]);
}

/** Cells that a strategy ignores in an image of one label, at row 2 and column 16. */
function ignoredCells(
  strategy: typeof STRATEGIES[string],
  peaks: [number, number, number][],
  ignored?: { x: number; y: number; diameter: number }[],
): string[] {
  return tf.tidy(() => {
    const label = { x: 4 * 16 + 1.5, y: 4 * 2 + 1.5, diameter: 24 };
    const targets = stackTargets([drawTargets([label], 4 * CELLS, 4 * CELLS, ignored)]);
    const teacher = { heat: heatOf(peaks) } as NetworkOutput<tf.Tensor4D>;
    const batch: Batch = { targets, count: 1, replayed: 0, teacher };
    const map = strategy.prepare!(batch).targets.ignored?.dataSync() ?? [];
    return [...map].flatMap((value, i) =>
      value > 0 ? [`${Math.floor(i / CELLS)},${i % CELLS}`] : []
    );
  });
}

/** The square of 9 × 9 cells around one, as far as it lies in the map. */
function around(row: number, column: number): string[] {
  const near = (middle: number) =>
    [...Array(CELLS).keys()].filter((cell) => Math.abs(cell - middle) <= 4);
  return near(row).flatMap((r) => near(column).map((c) => `${r},${c}`));
}

Deno.test("where the old model is sure and nobody labelled anything, nothing is learned", async () => {
  await startBackend("cpu");
  const { unsure } = STRATEGIES;
  const peaks: [number, number, number][] = [
    [17, 6, 0.8], // sure
    [1, 2, 0.6], // sure, at the border
    [17, 18, 0.4], // not sure
    [17, 7, 0.7], // no peak: its neighbour is higher
    [2, 16, 0.9], // labelled
  ];
  const expected = new Set([...around(17, 6), ...around(1, 2)]);
  assertEquals(new Set(ignoredCells(unsure, peaks)), expected);
  assertEquals(ignoredCells(unsure, [[2, 16, 0.9]]), []);
  const bold = await loadStrategy({ ...unsure.source, options: { sure: 0.75 } });
  assertEquals(new Set(ignoredCells(bold, peaks)), new Set(around(17, 6)));
});

Deno.test("what was ignored already stays so", async () => {
  await startBackend("cpu");
  const region = [{ x: 4 * 20 + 1.5, y: 4 * 20 + 1.5, diameter: 8 }];
  const alone = ignoredCells(STRATEGIES.unsure, [], region);
  const both = ignoredCells(STRATEGIES.unsure, [[17, 6, 0.8]], region);
  assertEquals(alone.includes("20,20"), true);
  assertEquals(new Set(both), new Set([...alone, ...around(17, 6)]));
});

Deno.test("training asks a strategy what is known of a batch, and shows its teacher all of it", async () => {
  await startBackend("wasm");
  const { weights: { parameters }, ...old } = tinyModel();
  const image = stillImage("a", 3, 24);
  const task = { ...STILL_RECIPE, seed: 1, images: [image], replay: [image] };
  const seen: (number | undefined)[] = [];
  const prepare = (batch: Batch) => {
    seen.push(batch.teacher?.heat.shape[0]);
    return { ...batch, targets: { ...batch.targets, leastCentres: 24 } }; // of 12 in three crops
  };
  const heatWith = async (more: Partial<typeof STRATEGIES[string]>) => {
    const objective = { ...DETECTION, ...more };
    using computer = new ShardComputer({
      ...task,
      objective,
      teacher: { ...old, weights: tinyModel().weights },
    });
    return (await computer.gradient(parameters, 0, 0)).losses.heat;
  };
  const plain = await heatWith({});
  assertAlmostEquals(await heatWith({ prepare, teacherOn: "all" }), plain / 2, 1e-5 * plain);
  await heatWith({ prepare, teacherOn: "replayed" });
  await heatWith({ prepare, teacherOn: "new" });
  assertEquals(seen, [3, 1, 2]);
});
