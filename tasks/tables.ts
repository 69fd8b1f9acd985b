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
import { on } from "./_flags.ts";
import { allTexts } from "./tables/_all.ts";
import { ROOT } from "./tables/_read.ts";

const about = {
  name: "deno task tables",
  summary: "Writes every table of numbers in README, docs and cards from committed JSON.",
};

await run(
  {
    flags: { check: on("--check", "write nothing; exit code 1 where a text and its JSON differ") },
    examples: ["", "--check"],
    async main({ check }) {
      const stale = (await allTexts()).filter(({ found, wanted }) => found !== wanted);
      for (const { path, wanted } of stale) {
        console.log(check ? `${path}: differs, run deno task tables` : `${path}: written`);
        if (!check) await writeFileAtomic(join(ROOT, path), wanted);
      }
      return !check || stale.length === 0;
    },
  },
  about,
  Deno.args,
);
