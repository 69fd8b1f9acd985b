import type { PickRule } from "../../core/mod.ts";
import * as api from "./api.ts";
import { listed } from "./facts.ts";
import type { Store } from "./store.ts";

/** Counts vesicles of some diameters alone. */
export function setDiameterRange(store: Store, diameterRange: PickRule["diameterRange"]): void {
  const facts = new Map(store.state.facts);
  for (const [name, { vesicles, ...rest }] of facts) {
    if (vesicles !== undefined) facts.set(name, listed({ ...rest, ...vesicles }, diameterRange));
  }
  store.set({ facts, diameterRange });
}

/** Writes the picks of all micrographs by the threshold and the range of diameters. */
export async function save(store: Store, formats: string[]): Promise<void> {
  store.set({ saved: undefined });
  await store.tried(async () => {
    store.set({ saved: await api.save(store.rule, formats) });
  });
}

/** Learns from what is labelled. */
export async function learn(store: Store, kind: "train" | "add", steps: number): Promise<void> {
  const { diameter, rule } = store;
  store.set({ showsNew: false, newPicks: undefined });
  await store.tried(() => api.learn({ kind, steps, rule, diameter }));
}

/** Ends a run after the step in work, or goes on with it. */
export async function command(store: Store, what: "stop" | "resume"): Promise<void> {
  await store.tried(() => api.command(what));
}

/** Picks all micrographs. */
export async function pickAll(store: Store, by: "given" | "new"): Promise<void> {
  await store.tried(() => api.pickAll(by));
}
