import { countFrom, meanFrom } from "./facts.ts";
import { worthOfLabel } from "./label_next.ts";
import type { State } from "./state.ts";

/** Names as the list shows them. */
export function namesInOrder({ about, facts, order, filter, search, look }: State): string[] {
  const wanted = search.toLowerCase();
  const names = about.names.filter((name) => {
    if (wanted !== "" && !name.toLowerCase().includes(wanted)) return false;
    const { done = false, edits = 0, warnings = [] } = facts.get(name) ?? {};
    return {
      "all": true,
      "done": done,
      "not done": !done,
      "edited": edits > 0,
      "with doubts": warnings.length > 0,
    }[filter];
  });
  if (order === "name") return names;
  const value = (name: string): number => {
    const one = facts.get(name);
    if (one === undefined) return -Infinity;
    if (order === "doubts") return one.warnings.length;
    if (order === "to label next") return worthOfLabel(one, look.threshold);
    return order === "picks"
      ? countFrom(one.scores, look.threshold)
      : meanFrom(one.scores, look.threshold);
  };
  const values = new Map(names.map((name) => [name, value(name)]));
  return names.sort((a, b) => values.get(b)! - values.get(a)!);
}

/** Letters of a name that a row has room for. */
const ROOM = 20;

/** How many letters all names begin with, to the end of a word; 0 where the names are short. */
export function sharedStart(names: readonly string[]): number {
  if (names.length < 2 || names.every(({ length }) => length <= ROOM)) return 0;
  let start = names[0];
  for (const name of names) while (!name.startsWith(start)) start = start.slice(0, -1);
  return start.search(/[^_\-. ]*$/);
}
