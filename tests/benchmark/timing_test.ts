import { assert, assertEquals } from "@std/assert";
import { timeTogether, timingOf } from "../../lib/benchmark/timing.ts";

/** A piece of work that notes its calls, and takes no time or a little. */
function noted(milliseconds = 0) {
  const calls: number[] = [];
  const work = async (count: number) => {
    calls.push(count);
    if (milliseconds > 0) await new Promise((done) => setTimeout(done, milliseconds));
  };
  return { calls, work };
}

Deno.test("work is done once to warm up and once for every repeat, in turns", async () => {
  const order: string[] = [];
  const work = (name: string) => () => Promise.resolve(order.push(name));
  const options = { repeats: 2, budget: 60 };
  const { a, b } = await timeTogether({ a: work("a"), b: work("b") }, options);
  assertEquals(order.slice(-4).join(""), "abab");
  assertEquals([a?.runs, b?.runs], [2, 2]);
});

Deno.test("work beyond its budget gets one run and no more", async () => {
  const { calls, work } = noted(5);
  const { one } = await timeTogether({ one: work }, { repeats: 9, budget: 0 });
  assertEquals([one?.runs, calls.length], [1, 2]);
});

Deno.test("a slow warm-up stands for all runs", async () => {
  const { calls, work } = noted(5);
  const { one } = await timeTogether({ one: work }, { repeats: 9, budget: 60, slow: 0 });
  assertEquals([one?.runs, one?.median, calls.length], [0, one?.warmUp, 1]);
});

Deno.test("short work is called several times in a run", async () => {
  const { calls, work } = noted();
  await timeTogether({ one: work }, { repeats: 1, budget: 60, least: 0.01 });
  assertEquals(calls.slice(0, 2), [1, 1]);
  assert(calls.at(-1)! > 1, `${calls}`);
});

Deno.test("a timing tells median, least and number of the runs, the warm-up apart", () => {
  assertEquals(timingOf(9, [3, 1, 2]), { median: 2, least: 1, runs: 3, warmUp: 9 });
});
