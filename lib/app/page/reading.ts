import * as api from "./api.ts";
import { listed } from "./facts.ts";
import { readNewPicks } from "./new_picks.ts";
import { namesInOrder } from "./order.ts";
import type { Store } from "./store.ts";

/** Reads the facts of all micrographs, a piece at a time. */
export async function readFacts(store: Store, { keepsThreshold = false } = {}): Promise<void> {
  const { names } = store.state.about;
  for (let from = 0; from < names.length;) {
    const piece = await api.getFacts(from);
    const facts = new Map(store.state.facts);
    const first = from === 0 && !keepsThreshold
      ? piece.find(({ threshold }) => threshold !== undefined)
      : undefined;
    if (first) {
      store.look({ threshold: first.threshold });
      store.set({ diameterRange: first.diameterRange });
    }
    for (const one of piece) facts.set(one.name, listed(one, store.state.diameterRange));
    store.set({ facts });
    from += piece.length;
  }
  store.set({ suggestion: await api.getSuggestion() });
}

/** Goes to a micrograph. */
export async function open(store: Store, name: string): Promise<void> {
  store.set({ current: name, marks: undefined, head: undefined, newPicks: undefined });
  const marks = await api.getMarks(name);
  if (store.state.current === name) store.set({ marks });
  if (store.state.showsNew) await readNewPicks(store);
}

/** Goes to the micrograph so many further in the list. */
export function step(store: Store, by: number): void {
  const names = namesInOrder(store.state);
  const at = names.indexOf(store.state.current);
  const next = names[Math.max(0, Math.min(names.length - 1, at + by))];
  if (next !== undefined && next !== store.state.current) open(store, next);
}

/** Reads a micrograph's marks again, after all edits that were made here. */
export async function readMarks(store: Store, name: string): Promise<void> {
  const marks = await api.getMarksAfterEdits(name).catch(() => undefined);
  if (marks === undefined || store.state.current !== name) return;
  if (store.state.pending > 0) return await readMarks(store, name); // more was edited meanwhile
  store.set({ marks });
}
