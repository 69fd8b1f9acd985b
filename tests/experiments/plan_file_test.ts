import { assertEquals, assertRejects } from "@std/assert";
import { EPickerError } from "../../lib/core/mod.ts";
import { STRATEGIES } from "../../lib/continual/mod.ts";
import { readPlan } from "../../lib/experiments/mod.ts";

const PLAN = {
  base: ["a", "b"],
  added: ["c"],
  steps: { base: 30, added: 10, joint: 40 },
};

async function withFile(text: string, work: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/mine.json`, text);
  await work(`${folder}/mine.json`);
  await Deno.remove(folder, { recursive: true });
}

Deno.test("a plan file is a plan, with strategies by name or by module, and orders", async () => {
  await withFile(JSON.stringify(PLAN), async (path) => {
    assertEquals(await readPlan(path), {
      plan: { name: "mine", ...PLAN, recipe: {}, view: "particle" },
      strategies: undefined,
      orders: undefined,
    });
  });
  const { module } = STRATEGIES.lwf.source;
  const mine = { name: "mine", module: "./mine.ts", options: { strength: 2 } };
  const orders = [{ base: ["c", "b"], added: [["a"]] }];
  const whole = { ...PLAN, view: "paper", strategies: ["epicker+average", mine], orders };
  await withFile(JSON.stringify(whole), async (path) => {
    const beside = path.replace("mine.json", "mine.ts");
    await Deno.writeTextFile(beside, `export { create } from "${module}";`);
    const planned = await readPlan(path);
    assertEquals(Object.keys(planned.strategies!), ["epicker+average", "mine"]);
    assertEquals(planned.strategies!.mine.source?.options, { strength: 2 });
    assertEquals([planned.orders, planned.plan.view], [orders, "paper"]);
  });
});

Deno.test("what is no plan is refused with its first mistake", async () => {
  const cases: [unknown, string][] = [
    [{ ...PLAN, added: [] }, "added"],
    [{ ...PLAN, steps: { base: 1 } }, "steps.added"],
    [{ ...PLAN, order: 3 }, "order"],
    [{ ...PLAN, view: "side" }, "view"],
    [{ ...PLAN, strategies: ["nothing"] }, '"nothing"'],
    [{ ...PLAN, recipe: { cropSize: 100 } }, "cropSize: found 100"],
    [3, "the whole"],
  ];
  for (const [plan, message] of cases) {
    await withFile(JSON.stringify(plan), async (path) => {
      await assertRejects(() => readPlan(path), EPickerError, message);
    });
  }
  await withFile("{", async (path) => {
    await assertRejects(() => readPlan(path), EPickerError, "no plan");
  });
  await assertRejects(() => readPlan("/nowhere.json"), EPickerError, "/nowhere.json");
});
