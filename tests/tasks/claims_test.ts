import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { ExperimentResult, ExperimentRun } from "../../lib/experiments/mod.ts";
import { claimFigures, claimTable } from "../../tasks/tables/claims.ts";
import { PLAN } from "../experiments/_tiny_plan.ts";

/** A run that adds b to a; AP in percent, of which half is found. */
function run(strategy: string, seed: number, before: number, after: number, fresh: number) {
  const at = (ap: number) => ({
    ap: ap / 100,
    ar: ap / 100,
    f1: 0,
    recall: ap / 200,
    precision: 1,
  });
  const stage = (learned: string[], a: number, b: number) => {
    const cpuSeconds = strategy === "joint" ? 100 : 30;
    return { learned, seconds: 1, cpuSeconds, storedBytes: 3e6, scores: { a: at(a), b: at(b) } };
  };
  const stages = [stage(["a"], before, 20), stage(["b"], after, fresh)];
  return { strategy, title: strategy, seed, order: [["b"]], stages } satisfies ExperimentRun;
}

const RESULT: ExperimentResult = {
  plan: { ...PLAN, added: ["b"] },
  backend: "test",
  runs: [
    run("epicker", 1, 90, 89.8, 80),
    run("epicker", 2, 90, 89.4, 80),
    run("fine-tune", 1, 90, 50, 81),
    run("fine-tune", 2, 90, 60, 82),
    run("joint", 1, 90, 90, 82),
    run("joint", 2, 90, 90, 86),
    run("cumulative", 2, 90, 90, 83),
  ],
};

/** Cells of the line of a table that begins so. */
function cellsOf(table: string, beginning: string): string[] {
  const line = table.split("\n").find((text) => text.startsWith(`| ${beginning}`))!;
  return line.split("|").slice(2, -1).map((cell) => cell.trim());
}

Deno.test("a mark is met, met in the mean, or not, by runs beside those of the same seed and base", () => {
  const table = claimTable(RESULT, "epicker");
  // of two values, half of the interval is 12.706 times half of their distance
  assertEquals(cellsOf(table, "AP lost"), [
    "1.0, interval 2.0",
    "0.4",
    "-2.1",
    "2.9",
    "2",
    "in the mean",
  ]);
  assertEquals(cellsOf(table, "AP below joint")[1], "2.2"); // (86 − 84.9 + 88 − 84.7) / 2
  assertEquals(cellsOf(table, "AP below going")[1], "1.8"); // 86.5 − 84.7, of one run
  assertEquals(cellsOf(table, "AP on the new")[1], "1.5"); // (81 − 80 + 82 − 80) / 2
  assertEquals(cellsOf(table, "% of old true")[1], "0.2"); // half of 0.2 and 0.6, in the mean
  assertEquals(cellsOf(table, "% of joint").slice(1), ["30.0", "30.0", "30.0", "2", "yes"]);
  assertEquals(cellsOf(table, "MB").slice(0, 2), ["2.0", "1.5"]);
  assertEquals(cellsOf(table, "AP below joint").at(-1), "no");
  const alike = {
    ...RESULT,
    runs: [1, 2, 3].map((seed) => run("epicker", seed, 90, 89.6 - seed / 5, 80)),
  };
  assertEquals(cellsOf(claimTable(alike, "epicker"), "AP lost").slice(1), [
    "0.8",
    "0.3",
    "1.3",
    "3",
    "yes",
  ]);
  const alone = claimTable({ ...RESULT, runs: RESULT.runs.slice(0, 2) }, "epicker");
  assertEquals(cellsOf(alone, "AP below joint").slice(-2), ["0", "not run"]);
});

Deno.test("every mark has a figure of all strategies that have it", () => {
  const figures = claimFigures(RESULT);
  assertEquals(Object.keys(figures), ["lost", "gap", "bound", "new", "found", "time", "storage"]);
  assertMatch(figures.lost, /^<svg/);
  for (const text of ["epicker", "fine-tune", "joint", "asked: at most 1"]) {
    assertStringIncludes(figures.lost, text);
  }
});
