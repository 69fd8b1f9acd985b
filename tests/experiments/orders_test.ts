import { assert, assertEquals, assertThrows } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { type ExperimentPlan, ordersOf } from "../../lib/experiments/mod.ts";

const PLAN: ExperimentPlan = {
  name: "letters",
  base: ["a", "b"],
  added: ["c", "d", "e"],
  steps: { base: 1, added: 1, joint: 1 },
  recipe: {},
};

const text = ({ base, added }: ReturnType<typeof ordersOf>[number]) =>
  [base.join(""), ...added.map((names) => names.join(""))].join(" ");

Deno.test("orders are the plan's own, permutations of what is added, and all at once", () => {
  const orders = ordersOf(PLAN, 6, true).map(text);
  assertEquals([orders[0], orders[6]], ["ab c d e", "ab cde"]);
  assertEquals(new Set(orders).size, 7); // all six permutations of three, none twice
  for (const order of orders) assert(order.startsWith("ab "));
  assertEquals(ordersOf(PLAN, 2).map(text), orders.slice(0, 2));
  assertThrows(() => ordersOf(PLAN, 7), EPickerError, "orders: found 7; expected at most 6");
});

Deno.test("a plan that rotates makes every dataset old and new", () => {
  const plan = { ...PLAN, rotates: true };
  const orders = ordersOf(plan, 5).map(text);
  assertEquals(orders, ["ab c d e", "bc d e a", "cd e a b", "de a b c", "ea b c d"]);
  assertThrows(() => ordersOf(plan, 6), EPickerError, "at most 5");
});

Deno.test("what is chosen by is learned in other orders than what is reported", () => {
  for (const rotates of [false, true]) {
    const reported = ordersOf({ ...PLAN, rotates }, 3).map(text);
    const chosen = ordersOf({ ...PLAN, rotates, scoredOn: "validation" }, 1).map(text);
    assertEquals(chosen, [rotates ? "ed c b a" : "ab e d c"]);
    for (const order of chosen) assert(!reported.includes(order));
  }
});
