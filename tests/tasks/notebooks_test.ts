import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { findPython } from "../../tasks/_deno_kernel.ts";
import { type Cell, type Notebook, readNotebook, sourceOf } from "../../tasks/_notebook.ts";

const TASK = fromFileUrl(new URL("../../tasks/epicker.ts", import.meta.url));
const required = Deno.env.has("EPICKER_REQUIRE_JUPYTER");
const ignore = !required && !await findPython().then(() => true, () => false);

/** A notebook of code cells; the first declares parameters. */
function notebookOf(sources: string[]): Notebook {
  const cells = sources.map((source, i): Cell => ({
    cell_type: "code",
    id: `cell-${i}`,
    metadata: i === 0 ? { tags: ["parameters"] } : {},
    source,
    outputs: [],
    execution_count: null,
  }));
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  return { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}

/** Runs the task on a notebook in a folder of its own. */
async function runTask(sources: string[], ...args: string[]) {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "tiny.ipynb");
  await Deno.writeTextFile(path, JSON.stringify(notebookOf(sources)));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", TASK, "notebooks", path, "--out", join(folder, "out"), ...args],
  }).output();
  const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  const executed = await readNotebook(join(folder, "out", "tiny.ipynb")).catch(() => undefined);
  await Deno.remove(folder, { recursive: true });
  return { code, text, errors, executed };
}

function printed(cell: Cell): string {
  return (cell.outputs ?? []).filter(({ name }) => name === "stdout")
    .flatMap(({ text }) => text as string[]).join("");
}

Deno.test({
  name: "notebooks loses no output, sets parameters and shows what a display was updated to",
  ignore,
  fn: async () => {
    const lines = (cell: number) =>
      Array.from({ length: 30 }, (_, i) => `${cell}: ${i}\n`).join("");
    const declaration = 'const params = {\n  steps: 100, // so many\n  name: "a",\n};';
    const update = '{ raw: true, display_id: "a", update: true }';
    const { code, executed } = await runTask([
      declaration,
      "console.log(`${params.steps + 1} ${params.name}`);",
      'await Deno.jupyter.display({ "text/plain": "0 %" }, { raw: true, display_id: "a" });',
      `await Deno.jupyter.display({ "text/plain": "100 %" }, ${update});`,
      ...Array.from(
        { length: 10 },
        (_, cell) => `for (let i = 0; i < 30; i++) console.log("${cell}: " + i);\n"end ${cell}"`,
      ),
    ], ...["--param", "steps=4", "name=b"]);
    assertEquals(code, 0);
    const [declared, injected, used, shown, updated, ...talkative] = executed!.cells;
    assertEquals(sourceOf(declared), declaration);
    assertEquals(injected.metadata.tags, ["injected-parameters"]);
    assertEquals(printed(used), "5 b\n");
    assertEquals(shown.outputs!.map(({ data }) => data), [{ "text/plain": ["100 %"] }]);
    assertEquals(updated.outputs, []);
    assertEquals(talkative.map(printed), talkative.map((_, i) => lines(i)));
    for (const [i, { outputs }] of talkative.entries()) {
      assertEquals(outputs!.length, 2);
      assertStringIncludes(JSON.stringify(outputs![1].data), `end ${i}`);
    }
    const counts = executed!.cells.map((cell) => cell.execution_count);
    assertEquals(counts, counts.map((_, i) => i + 1));
    assert(!JSON.stringify(executed).includes("end of cell"));
  },
});

Deno.test({
  name: "notebooks names the cell that fails and what is wrong, and keeps what was shown before",
  ignore,
  fn: async () => {
    const { code, text, executed } = await runTask([
      "const params = {};",
      'console.log("before");',
      'throw new TypeError("no such thing");',
      'console.log("after");',
    ]);
    assertEquals(code, 1);
    assertStringIncludes(text, "FAILED tiny");
    assertStringIncludes(text, "cell 3, [3]: TypeError: no such thing");
    assertStringIncludes(text, "0 passed, 1 failed");
    assertEquals(executed!.cells.map((cell) => cell.outputs!.length), [0, 1, 1, 0]);
  },
});

Deno.test({
  name: "notebooks ends a cell that takes too long",
  ignore,
  fn: async () => {
    const endless = "await new Promise((done) => setTimeout(done, 600_000));";
    const { code, text } = await runTask(["const params = {};", endless], "--timeout", "1");
    assertEquals(code, 1);
    assertStringIncludes(text, "cell 2, [2]: still running after 1 s");
  },
});

Deno.test({
  name: "notebooks refuses a parameter that no notebook has",
  ignore,
  fn: async () => {
    const { code, errors } = await runTask(["const params = {\n  steps: 1,\n};"], "--param", "n=4");
    assertEquals(code, 2);
    assertStringIncludes(errors, 'found "n", which no chosen notebook has; expected steps');
  },
});
