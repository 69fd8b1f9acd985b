import { checkOptions, EPickerError, option, random } from "../core/mod.ts";
import type { ExperimentPlan } from "./plan.ts";

/** In which order datasets are learned. */
export interface Order {
  /** Those that the base model learns together. */
  base: string[];
  /** Those that are added, in groups that are learned together. */
  added: string[][];
}

/**
 * Orders of a plan: its own first, then rotations of all datasets, where the plan rotates them, or
 * seeded permutations of those that are added. A plan that is scored on validation micrographs goes
 * backwards, so that what is chosen there is reported on other orders.
 *
 * @param count How many orders.
 * @param atOnce Whether all new datasets together are one more way.
 * @throws {EPickerError} `bad-option` for a number below 1, and for more orders than there are.
 */
export function ordersOf(plan: ExperimentPlan, count: number, atOnce = false): Order[] {
  checkOptions({ orders: count }, { orders: option.whole(1, 1e6) });
  const orders = plan.rotates ? rotations(plan, count) : permutations(plan, count);
  const { base, added } = orders[0];
  return atOnce ? [...orders, { base, added: [added.flat()] }] : orders;
}

function rotations(plan: ExperimentPlan, count: number): Order[] {
  const datasets = inTurn(plan, [...plan.base, ...plan.added]);
  if (count > datasets.length) throw tooMany(count, datasets.length);
  return Array.from({ length: count }, (_, start) => {
    const turned = [...datasets.slice(start), ...datasets.slice(0, start)];
    const base = turned.slice(0, plan.base.length);
    return { base, added: turned.slice(base.length).map((name) => [name]) };
  });
}

function permutations(plan: ExperimentPlan, count: number): Order[] {
  const { base, added, scoredOn } = plan;
  const most = added.reduce((product, _, i) => product * (i + 1), 1);
  if (count > most) throw tooMany(count, most);
  const orders = new Map<string, string[]>();
  for (let draw = 0; orders.size < count; draw++) {
    const stream = scoredOn === "validation" ? random(draw, 1) : random(draw);
    const order = draw === 0 ? inTurn(plan, added) : stream.shuffle(added);
    orders.set(order.join(), order);
  }
  return [...orders.values()].map((order) => ({ base, added: order.map((name) => [name]) }));
}

function inTurn({ scoredOn }: ExperimentPlan, names: string[]): string[] {
  return scoredOn === "validation" ? names.toReversed() : names;
}

function tooMany(count: number, most: number): EPickerError {
  return new EPickerError("bad-option", {
    file: "orders",
    found: String(count),
    expected: `at most ${most}, as many as the plan has`,
  });
}
