import { STRATEGIES } from "../../lib/continual/mod.ts";
import { serveWorker } from "../../lib/core/mod.ts";
import { ordersOf, runExperiment } from "../../lib/experiments/mod.ts";
import { DATA, PLAN } from "./_tiny_plan.ts";

const { epicker, separate } = STRATEGIES;

// Two strategies in two orders, by a worker that may share its folder with others.

const functions = {
  start() {},

  /** What was found, and how many steps were trained here. */
  async run(out: string) {
    const plan = { ...PLAN, rotates: true };
    let steps = 0;
    const result = await runExperiment(plan, DATA, {
      ...{ out, strategies: { epicker, separate }, backend: "wasm", workers: 1 },
      orders: ordersOf(plan, 2),
      onProgress: () => void steps++,
    });
    return { result, steps };
  },
};

/** What a worker of the test can do. */
export type Sharing = typeof functions;

serveWorker(functions);
