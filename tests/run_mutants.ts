/**
 * Changes the program in many small ways and sees whether the tests notice: `deno task mutants`.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { fromFileUrl } from "@std/path";
import { runMutants, type Verdict } from "./_mutants.ts";
import { MUTANTS } from "./mutants.ts";

const HELP = `Changes the program in many small ways and sees whether the tests notice.

Usage: deno task mutants [--only TEXT] [--jobs N] [--list]

  --only TEXT  mutants whose name, file or tests contain this
  --jobs N     tests side by side (default: the number of cores)
  --list       names and files alone

Exit code 1 where a mutant survives, no longer fits the source, or a test fails without it.`;

const args = parseArgs(Deno.args, { string: ["only", "jobs"], boolean: ["help", "list"] });
const only = String(args.only ?? "");
const jobs = Number(args.jobs ?? navigator.hardwareConcurrency);
const mutants = MUTANTS.filter(({ name, file, tests }) =>
  [name, file, ...tests].some((text) => text.includes(only))
);
if (args.help || mutants.length === 0 || !(Number.isInteger(jobs) && jobs > 0)) {
  console.log(HELP);
  Deno.exit(args.help ? 0 : 2);
}
if (args.list) {
  for (const { name, file } of mutants) console.log(`${file}: ${name}`);
  Deno.exit(0);
}

const verdicts = await runMutants(fromFileUrl(new URL("../", import.meta.url)), mutants, {
  jobs,
  onVerdict: (verdict) => console.log(lineOf(verdict)),
});
const faults = verdicts.filter(({ fault }) => fault !== undefined);
console.log(`\n${verdicts.length - faults.length} of ${verdicts.length} mutants killed`);
for (const verdict of faults) console.log(lineOf(verdict));
Deno.exit(faults.length > 0 ? 1 : 0);

function lineOf({ name, fault, seconds }: Verdict): string {
  return fault === undefined
    ? `killed  ${name} (${seconds.toFixed(1)} s)`
    : `FAULT   ${name}: ${fault}`;
}
