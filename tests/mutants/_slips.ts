import type { Mutant } from "../_mutants.ts";

/** Slips in one file, each a name, the text that it changes and what it becomes. */
export function slips(
  file: string,
  tests: string[],
  changes: [name: string, find: string, replace: string][],
): Mutant[] {
  return changes.map(([name, find, replace]) => ({ name, file, find, replace, tests }));
}
