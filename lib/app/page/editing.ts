import { type EditChanges, inverseChanges, withChanges } from "../../core/mod.ts";
import { sendChanges } from "./api.ts";
import { factsOf, listed } from "./facts.ts";
import { readMarks } from "./reading.ts";
import type { Store } from "./store.ts";

/** A name for what is new. */
export const newId = (): string => crypto.randomUUID();

/** Makes an edit that can be undone. */
export function change(store: Store, changes: EditChanges): void {
  const { current, undo, redo, marks } = store.state;
  if (marks === undefined || Object.keys(changes).length === 0) return;
  const inverse = inverseChanges(marks.edits, changes);
  store.set({
    undo: { ...undo, [current]: [...undo[current] ?? [], inverse] },
    redo: { ...redo, [current]: [] },
  });
  apply(store, changes);
}

/** Marks the micrograph as labelled wholly, or not. */
export function toggleDone(store: Store): void {
  const isDone = store.state.marks?.edits.done !== undefined;
  change(store, { done: isDone ? null : { kind: "done" } });
}

/** Takes back the last edit of this micrograph. */
export function undo(store: Store): void {
  again(store, "undo", "redo");
}

/** Makes again what was undone last. */
export function redo(store: Store): void {
  again(store, "redo", "undo");
}

function again(store: Store, from: "undo" | "redo", to: "undo" | "redo"): void {
  const { state } = store;
  const { current, marks } = state;
  const steps = state[from][current] ?? [];
  const changes = steps.at(-1);
  if (changes === undefined || marks === undefined) return;
  const inverse = inverseChanges(marks.edits, changes);
  store.set({
    [from]: { ...state[from], [current]: steps.slice(0, -1) },
    [to]: { ...state[to], [current]: [...state[to][current] ?? [], inverse] },
  });
  apply(store, changes);
}

function apply(store: Store, changes: EditChanges): void {
  const { current } = store.state;
  showEdited(store, current, changes);
  store.set({ pending: store.state.pending + 1 });
  sendChanges(current, changes, (problem) => store.set({ problem })).then((isTaken) => {
    store.set({ pending: store.state.pending - 1 });
    if (!isTaken) return readMarks(store, current); // what was shown is not on the disk
  });
}

/** Shows edits of a micrograph, where it is the one that is looked at. */
export function showEdited(store: Store, name: string, changes: EditChanges): void {
  const { current, marks, facts, diameterRange } = store.state;
  if (name !== current || marks === undefined) return;
  const after = { ...marks, edits: withChanges(marks.edits, changes) };
  const before = facts.get(name);
  store.set({
    marks: after,
    facts: before
      ? new Map(facts).set(name, listed({ ...before, ...factsOf(after) }, diameterRange))
      : facts,
  });
}
