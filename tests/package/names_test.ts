/** What `mod.ts` exports: enough for the documentation, and no more than one can read through. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { readNotebook, sourceOf } from "../../tasks/_notebook.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Most names of `mod.ts`; the rest is in the modules of the rooms. */
const MOST_NAMES = 160;

/** The names in the braces of statements `import { … } from "module"` or `export { … } from …`. */
function namesIn(text: string, keyword: "import" | "export", from: RegExp): string[] {
  const statements = text.matchAll(/^(\w+) (?:type )?\{([^}]*)\} from "([^"]+)"/gm);
  return [...statements].filter(([, word, , module]) => word === keyword && from.test(module))
    .flatMap(([, , list]) => [...list.matchAll(/(?:type )?(\w+)(?: as \w+)?\s*(?:,|$)/g)])
    .map(([, name]) => name);
}

const source = await Deno.readTextFile(join(ROOT, "mod.ts"));
const exported = namesIn(source, "export", /^\.\/lib\/\w+\/mod\.ts$/);

/** Texts that import from `mod.ts`, by name. */
async function documents(): Promise<[name: string, text: string, from: RegExp][]> {
  const found: [string, string, RegExp][] = [];
  for (const folder of ["", "docs"]) {
    for await (const { name } of Deno.readDir(join(ROOT, folder))) {
      if (!name.endsWith(".md")) continue;
      const text = await Deno.readTextFile(join(ROOT, folder, name));
      found.push([name, text, /^@epicker\/epicker$/]);
    }
  }
  for await (const { name } of Deno.readDir(join(ROOT, "notebooks"))) {
    if (!name.endsWith(".ipynb")) continue;
    const { cells } = await readNotebook(join(ROOT, "notebooks", name));
    const code = cells.filter(({ cell_type }) => cell_type === "code").map(sourceOf).join("\n");
    found.push([name, code, /^\.\.\/mod\.ts$/]);
  }
  return found;
}

Deno.test("mod.ts has few names, each once and from a room", () => {
  assertEquals(new Set(exported).size, exported.length);
  assert(exported.length <= MOST_NAMES, `${exported.length} names`);
  const statements = source.match(/^export\b/gm) ?? [];
  assertEquals(statements.length, source.match(/ from "\.\/lib\/\w+\/mod\.ts";$/gm)?.length);
});

Deno.test("mod.ts has every name that documents and notebooks import from it", async () => {
  const texts = await documents();
  const missing = texts.flatMap(([name, text, from]) =>
    namesIn(text, "import", from).filter((wanted) => !exported.includes(wanted))
      .map((wanted) => `${name}: ${wanted}`)
  );
  assertEquals(missing, []);
  const used = new Set(texts.flatMap(([, text, from]) => namesIn(text, "import", from)));
  assert(used.size > 50, `only ${used.size} names are used`); // the patterns above fit the texts
});

Deno.test("what only this project's tools need is not in the lock, which every command downloads", async () => {
  const { npm } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.lock")));
  const tools = /^(assemblyscript|binaryen|esbuild|typescript|onnxruntime\S*)@/;
  assertEquals(Object.keys(npm).filter((name) => tools.test(name)), []);
});
