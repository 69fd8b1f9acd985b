/**
 * Writes the tables of README, docs and cards from committed JSON: `deno task tables`.
 *
 * A table stands between `<!-- table: NAME -->` and `<!-- end -->`; `tasks/tables/` has a file per
 * family. Reports of experiments (`experiment.md`, `biased.md`) are written anew as a whole.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFileAtomic } from "../lib/core/mod.ts";
import { run } from "./_cli.ts";
import { allTexts } from "./tables/_all.ts";
import { ROOT } from "./tables/_read.ts";

await run({
  name: "tables",
  summary: "Writes every table of numbers in README, docs and cards from committed JSON.",
  options: {
    check: { help: "write nothing; exit code 1 where a text and its JSON differ" },
  },
  examples: ["deno task tables", "deno task tables --check"],
}, async (args) => {
  const stale = (await allTexts()).filter(({ found, wanted }) => found !== wanted);
  for (const { path, wanted } of stale) {
    console.log(args.on("check") ? `${path}: differs, run deno task tables` : `${path}: written`);
    if (!args.on("check")) await writeFileAtomic(join(ROOT, path), wanted);
  }
  return !args.on("check") || stale.length === 0;
});
