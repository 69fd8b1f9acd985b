/** The API's pages: a page for every building block. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { output, ROOT } from "./_scratch.ts";

Deno.test("the API's pages have a page for every block of mod.ts, with what belongs there", async () => {
  const out = await Deno.makeTempDir();
  await output(ROOT, "deno", "task", "--quiet", "docs", "--out", out);
  const source = await Deno.readTextFile(join(ROOT, "mod.ts"));
  const titles = [...source.matchAll(/^\/\/ ([^:\n]+)/gm)].map(([, title]) => title);
  assert(titles.length > 10);
  const pages = titles.map((title) => title.toLowerCase().replaceAll(" ", "-") + ".html");
  const found = await Array.fromAsync(Deno.readDir(out), ({ name }) => name);
  assertEquals(pages.filter((page) => !found.includes(page)), []);
  const files = await Deno.readTextFile(join(out, "files.html"));
  for (const name of ["readMicrograph", "parseStarTables"]) assertStringIncludes(files, name);
  assert(!files.includes("loadPicker"));
  await Deno.remove(out, { recursive: true });
});
