import { join } from "@std/path";
import * as z from "zod";
import { startBackend } from "../backend/mod.ts";
import { checkStrategy } from "../continual/mod.ts";
import { checkArgument, checkOptions, writeFileAtomic } from "../core/mod.ts";
import { type Cell, cellsOf, finishedRun } from "./_cells.ts";
import { SETTING_CHECKS } from "./_stage_options.ts";
import { doRun } from "./_teaching.ts";
import { ordersOf } from "./orders.ts";
import { assertComplete, type ExperimentData, type ExperimentPlan } from "./plan.ts";
import type { ExperimentOptions, ExperimentResult } from "./types.ts";

/** Seconds after which one looks again at what other processes do. */
const WAIT = 2;

/**
 * Trains base models and adds datasets to them by every strategy, for every seed and order.
 *
 * Every finished stage is kept in `out` (model, memory, scores), so that a run that was cut off goes
 * on with the stage in work. Processes with the same `out` share the work: each takes stages that no
 * other is at. The same seed on the same backend gives the same result.
 *
 * @throws {EPickerError} `bad-data` for a plan whose datasets are not all there; and as `train`.
 */
export async function runExperiment(
  plan: ExperimentPlan,
  data: ExperimentData,
  options: ExperimentOptions,
): Promise<ExperimentResult> {
  checkExperiment(options);
  assertComplete(plan, data);
  const { title: backend } = await startBackend(options.backend);
  const { seeds = [1], orders = ordersOf(plan, 1), strategies, out, signal, onRun } = options;
  const bench = { plan, data, options };
  const cells = cellsOf(Object.keys(strategies), seeds, orders);
  const report = async (): Promise<ExperimentResult> => {
    const runs = (await Promise.all(cells.map((cell) => finishedRun(bench, cell))))
      .filter((run) => run !== undefined);
    const result = { plan, backend, planned: cells.length, runs };
    await writeFileAtomic(join(out, "experiment.json"), JSON.stringify(result, null, 1) + "\n");
    return result;
  };
  for (let open = cells; open.length > 0;) {
    const busy: Cell[] = [];
    for (const cell of open) {
      if (!await doRun(bench, cell)) {
        busy.push(cell);
        continue;
      }
      await report();
      onRun?.((await finishedRun(bench, cell))!);
    }
    if (busy.length === open.length) await pause(WAIT, signal);
    open = busy;
  }
  return await report();
}

async function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  await new Promise((done) => setTimeout(done, 1000 * seconds));
  signal?.throwIfAborted();
}

/**
 * Refuses options of an experiment that make no sense; {@linkcode runExperiment} does so as well, but
 * only when the data are read.
 *
 * @throws {EPickerError} `bad-option` for what is no strategy or a number out of its range.
 */
export function checkExperiment(options: ExperimentOptions): void {
  checkArgument(options, z.object({ strategies: STRATEGIES_GIVEN }, "an object of options"));
  checkOptions(options, { ...SETTING_CHECKS, orders: ORDERS });
  for (const strategy of Object.values(options.strategies)) checkStrategy(strategy);
}

const STRATEGIES_GIVEN = z.record(z.string(), z.unknown(), "strategies by name")
  .refine((strategies) => Object.keys(strategies).length > 0, "one strategy or more");
const ORDER = z.object({
  base: z.array(z.string()),
  added: z.array(z.array(z.string())),
}, "an order { base, added }");
const ORDERS = z.array(ORDER, "a list of orders").min(1, "one order or more");
