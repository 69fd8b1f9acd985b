import { basename, dirname, resolve, toFileUrl } from "@std/path";
import * as z from "zod";
import { loadStrategy, type Strategy, strategyOf } from "../continual/mod.ts";
import { EPickerError, messageOfError, mistakeIn, readFile } from "../core/mod.ts";
import { checkTraining, VIEWS } from "../training/mod.ts";
import type { Order } from "./orders.ts";
import type { ExperimentPlan } from "./plan.ts";

/** A plan that was read from a file. */
export interface PlannedExperiment {
  /** The plan. */
  plan: ExperimentPlan;
  /** Its strategies by name, where the file has any. */
  strategies?: Record<string, Strategy>;
  /** Its orders, where the file has any. */
  orders?: Order[];
}

const steps = z.int().min(1);
const names = z.array(z.string()).min(1);

const FILE = z.strictObject({
  name: z.string().optional(),
  base: names,
  added: names,
  steps: z.strictObject({ base: steps, added: steps, joint: steps }),
  recipe: z.record(z.string(), z.unknown()).default({}),
  view: z.enum(VIEWS).default("particle"),
  rotates: z.boolean().optional(),
  simulation: z.strictObject({ preset: z.string(), micrographs: z.int().min(2) }).optional(),
  strategies: z.array(z.union([
    z.string(),
    z.strictObject({ name: z.string(), module: z.string(), options: z.unknown().optional() }),
  ])).min(1).optional(),
  orders: z.array(z.strictObject({ base: names, added: z.array(names).min(1) })).min(1).optional(),
});

/**
 * Reads a plan: JSON with the fields of {@linkcode ExperimentPlan}, and if wanted `strategies`, names
 * or `{ name, module, options }` of a module that lies beside the file, and `orders`.
 *
 * @throws {EPickerError} `missing-file`; `bad-data` for what is no plan; `bad-option` for a strategy
 * or a recipe that is none.
 */
export async function readPlan(path: string): Promise<PlannedExperiment> {
  const text = new TextDecoder().decode(await readFile(path));
  const { strategies, orders, name, recipe, ...plan } = parsed(text, path);
  checkTraining({ recipe });
  const made = strategies && await Promise.all(strategies.map(async (given) => {
    if (typeof given === "string") return [given, strategyOf(given)] as const;
    const module = toFileUrl(resolve(dirname(path), given.module)).href;
    return [given.name, await loadStrategy({ module, options: given.options })] as const;
  }));
  return {
    plan: { name: name ?? basename(path, ".json"), ...plan, recipe },
    strategies: made && Object.fromEntries(made),
    orders,
  };
}

function parsed(text: string, file: string): z.infer<typeof FILE> {
  try {
    return FILE.parse(JSON.parse(text));
  } catch (error) {
    const why = error instanceof z.ZodError ? mistakeIn(error) : messageOfError(error);
    throw new EPickerError("bad-data", {
      file,
      found: `no plan (${why})`,
      expected: '{ "base": […], "added": […], "steps": { "base", "added", "joint" } }',
    });
  }
}
