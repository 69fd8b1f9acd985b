import { assertEquals, assertRejects } from "@std/assert";
import { inTurn } from "../../lib/core/mod.ts";

Deno.test("tasks run one at a time in order, also after one that failed", async () => {
  const queue = inTurn();
  const events: string[] = [];
  const task = (name: string, fails = false) =>
    queue(async () => {
      events.push(`${name} begins`);
      await Promise.resolve();
      events.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const [a, b, c] = [task("a"), task("b", true), task("c")];
  await assertRejects(() => b, Error, "b");
  assertEquals([await a, await c], ["a", "c"]);
  assertEquals(events, ["a", "b", "c"].flatMap((name) => [`${name} begins`, `${name} ends`]));
});
