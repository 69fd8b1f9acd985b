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
