import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { isError } from "../tasks/_deno_kernel.ts";
import {
  type Cell,
  type Notebook,
  parameterNames,
  readNotebook,
  sourceOf,
} from "../tasks/_notebook.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const FOLDER = join(ROOT, "notebooks");

/** Most bytes of a notebook, so that a forge's page shows it. */
const LARGEST = 1.5e6;

async function notebooks(): Promise<Map<string, Notebook>> {
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb")).sort();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readNotebook(join(FOLDER, name))] as const),
    ),
  );
}

function codeOf({ cells }: Notebook): string[] {
  return cells.filter((cell) => cell.cell_type === "code").map(sourceOf);
}

Deno.test("the code of every notebook has correct types", async () => {
  const folder = await Deno.makeTempDir();
  const modules: string[] = [];
  for (const [name, notebook] of await notebooks()) {
    const code = codeOf(notebook).join("\n");
    const path = join(folder, name.replace(/ipynb$/, "ts"));
    await Deno.writeTextFile(path, code.replaceAll('"../mod.ts"', `"${join(ROOT, "mod.ts")}"`));
    modules.push(path);
  }
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--config", join(ROOT, "deno.json"), ...modules],
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});

Deno.test("every notebook is saved as one run from top to bottom left it, small and without errors", async () => {
  for (const [name, notebook] of await notebooks()) {
    const code = notebook.cells.filter((cell) => cell.cell_type === "code");
    const counts = code.map((cell) => cell.execution_count);
    assertEquals(counts, counts.map((_, i) => i + 1), name);
    assert(!code.some(({ outputs = [] }) => outputs.some(isError)), name);
    const { size } = await Deno.stat(join(FOLDER, name));
    assert(size < LARGEST, `${name} has ${size} bytes`);
  }
});

Deno.test("every notebook declares parameters near its top and shows pictures that need no plotly", async () => {
  for (const [name, notebook] of await notebooks()) {
    assert(parameterNames(notebook).length > 0, name);
    assertEquals(
      notebook.cells.findIndex(({ metadata }) => metadata.tags?.[0] === "parameters"),
      2,
      name,
    );
    const shown = notebook.cells.flatMap(({ outputs = [] }) => outputs).map(({ data }) =>
      data ?? {}
    );
    const figures = shown.filter((data) => "application/vnd.plotly.v1+json" in (data as object));
    assert(figures.length > 0, name);
    for (const data of figures) assert("image/svg+xml" in (data as object), name);
  }
});

/** The Markdown cells of a notebook. */
function proseOf({ cells }: Notebook): string[] {
  return cells.filter((cell) => cell.cell_type === "markdown").map(sourceOf);
}

Deno.test("every notebook says at its top what it is for, and ends with exercises whose answers are folded", async () => {
  for (const [name, notebook] of await notebooks()) {
    const prose = proseOf(notebook);
    for (const part of ["Goals", "Time", "Prerequisites", "Install"]) {
      assert(prose[0].includes(`\n- **${part}**`), `${name}: ${part}`);
    }
    const exercises = prose.filter((text) => text.startsWith("## Exercises\n"));
    assertEquals(exercises.length, 1, name);
    const questions = exercises[0].match(/^\d\. /gm) ?? [];
    const answers = exercises[0].match(/<details><summary>Answer<.summary>\n\n.*?<.details>/gs) ??
      [];
    assert(questions.length >= 3, name);
    assertEquals(answers.length, questions.length, name);
  }
});

/** Whether a cell shows a figure with a slider. */
function hasSlider({ outputs = [] }: Cell): boolean {
  return JSON.stringify(outputs).includes('"sliders":[');
}

Deno.test("a slider is spoken of only beside a figure that has one", async () => {
  for (const [name, { cells }] of await notebooks()) {
    for (const [i, cell] of cells.entries()) {
      if (cell.cell_type !== "markdown" || !/\bslider/.test(sourceOf(cell))) continue;
      assert([cells[i - 1], cells[i + 1]].some(hasSlider), `${name}, cell ${i + 1}`);
    }
  }
});
