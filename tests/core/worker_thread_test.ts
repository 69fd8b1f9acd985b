import { assertEquals, assertRejects } from "@std/assert";
import { WorkerThread } from "../../lib/core/mod.ts";
import type { TestFunctions } from "./_worker.ts";

const MODULE = import.meta.resolve("./_worker.ts");

Deno.test("a worker answers its calls one after another, in their order", async () => {
  using worker = new WorkerThread<TestFunctions>(MODULE, 100);
  const calls = [worker.call("add", 1, 30), worker.call("add", 10, 0), worker.call("add", 5, 10)];
  assertEquals(await Promise.all(calls), [101, 111, 116]);
});

Deno.test("what a worker tells while it works is heard before its answer", async () => {
  using worker = new WorkerThread<TestFunctions>(MODULE, 0);
  const heard: unknown[] = [];
  worker.onNews = (news) => heard.push(news);
  assertEquals([await worker.call("count", 3), ...heard], [3, 1, 2, 3]);
  assertEquals(await worker.call("add", 1, 0), 1);
});

Deno.test("a call that throws is rejected with its message, and the next is answered", async () => {
  using worker = new WorkerThread<TestFunctions>(MODULE, 0);
  const [failed, next] = [worker.call("fail"), worker.call("add", 2, 0)];
  await assertRejects(() => failed, Error, "as it should");
  assertEquals(await next, 2);
});

Deno.test("a worker that stops rejects its call and starts anew", async () => {
  using worker = new WorkerThread<TestFunctions>(MODULE, 7);
  assertEquals(await worker.call("add", 1, 0), 8);
  const [stopped, next] = [worker.call("stop"), worker.call("add", 1, 0)];
  await assertRejects(() => stopped, Error, "out of the blue");
  assertEquals(await next, 8);
});

Deno.test("a worker that does not start rejects every call", async () => {
  using refusing = new WorkerThread<TestFunctions>(MODULE, -1);
  using broken = new WorkerThread<TestFunctions>("data:text/javascript,throw new Error()", 0);
  for (const worker of [refusing, refusing, broken, broken]) {
    await assertRejects(() => worker.call("add", 1, 0), Error);
  }
});

Deno.test("buffers are moved out of the worker", async () => {
  using worker = new WorkerThread<TestFunctions>(MODULE, 0);
  assertEquals((await worker.call("zeros", 5)).length, 5);
  assertEquals(await worker.call("lengthOfLast"), 0);
});
