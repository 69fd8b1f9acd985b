import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { type Mutant, runMutants, staleness } from "./_mutants.ts";
import { MUTANTS } from "./mutants.ts";

/** A project of one function and one test that sees half of what it does. */
const PROJECT: Record<string, string> = {
  "deno.json": "{}",
  "sum.ts": "export const sum = (a: number, b: number) => a + b;\nexport const unit = 'px';\n",
  "sum_test.ts": `import { sum } from "./sum.ts";
Deno.test("2 + 3 is 5", () => { if (sum(2, 3) !== 5) throw new Error("no"); });`,
  "wrong_test.ts": `Deno.test("never passes", () => { throw new Error("no"); });`,
};

const CASES: [Omit<Mutant, "name">, fault?: string][] = [
  [{ file: "sum.ts", find: "a + b", replace: "a - b", tests: ["sum_test.ts"] }],
  [
    { file: "sum.ts", find: "'px'", replace: "'Å'", tests: ["sum_test.ts"] },
    "survives: sum.ts with sum_test.ts",
  ],
  [
    { file: "sum.ts", find: "a * b", replace: "a - b", tests: ["sum_test.ts"] },
    "its text occurs 0 times in sum.ts, not once",
  ],
  [
    { file: "sum.ts", find: "const", replace: "let", tests: ["sum_test.ts"] },
    "its text occurs 2 times in sum.ts, not once",
  ],
  [
    { file: "sum.ts", find: "a + b", replace: "a +", tests: ["sum_test.ts"] },
    "does not load: sum.ts with sum_test.ts",
  ],
  [
    { file: "sum.ts", find: "a + b", replace: "a - b", tests: ["sum_test.ts", "wrong_test.ts"] },
    "wrong_test.ts fails without it",
  ],
];

Deno.test("a mutant counts as killed where a sound test notices it, and nowhere else", async () => {
  const root = await Deno.makeTempDir();
  for (const [name, text] of Object.entries(PROJECT)) {
    await Deno.writeTextFile(join(root, name), text);
  }
  const mutants = CASES.map(([mutant], i) => ({ name: String(i), ...mutant }));
  const verdicts = await runMutants(root, mutants, { jobs: 2 });
  assertEquals(verdicts.map(({ fault }) => fault), CASES.map(([, fault]) => fault));
  assertEquals(await Deno.readTextFile(join(root, "sum.ts")), PROJECT["sum.ts"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("every mutant of the list fits the source: its text is there once, and its tests exist", async () => {
  const root = fromFileUrl(new URL("../", import.meta.url));
  const stale = await Promise.all(MUTANTS.map(async (mutant) => {
    const fault = await staleness(root, mutant);
    return fault === undefined ? [] : [`${mutant.name}: ${fault}`];
  }));
  assertEquals(stale.flat(), []);
  assertEquals(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length);
});
