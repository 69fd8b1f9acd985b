import type { Progress, Results, ServerEvent } from "../wire.ts";
import * as api from "./api.ts";
import { showEdited } from "./editing.ts";
import { listed } from "./facts.ts";
import { open, readFacts, readMarks } from "./reading.ts";
import type { Store } from "./store.ts";

/** Takes over what has happened elsewhere. */
export function receive(store: Store, event: ServerEvent): void {
  if ("progress" in event) takeProgress(store, event.progress);
  else if ("results" in event) takeResults(store, event.results);
  else showEdited(store, event.edited.name, event.edited.changes);
}

/** Takes over what has happened while the server was not there. */
export async function catchUp(store: Store): Promise<void> {
  await store.tried(async () => {
    store.set({ about: await api.getAbout() });
    await takeProgress(store, await api.getProgress());
    await readMarks(store, store.state.current);
    await readFacts(store, { keepsThreshold: true });
  });
}

/** Takes over how learning and picking stand; what was picked is read. */
export async function takeProgress(store: Store, progress: Progress): Promise<void> {
  const wasPicking = store.state.progress.picking !== undefined;
  store.set({ progress });
  if (!wasPicking || progress.picking !== undefined) return;
  await readFacts(store);
  await open(store, store.state.current);
}

/** Takes over what a picker has written, and the micrographs that have come. */
async function takeResults(store: Store, { names, facts, watching }: Results): Promise<void> {
  const { about, current } = store.state;
  store.set({ about: { ...about, names, watching } });
  if (facts === "all") return await readFacts(store, { keepsThreshold: true });
  const all = new Map(store.state.facts);
  for (const one of facts) all.set(one.name, listed(one, store.state.diameterRange));
  store.set({ facts: all });
  if (!facts.some(({ name }) => name === current) || store.state.pending > 0) return;
  const marks = await api.getMarks(current);
  if (store.state.current === current && store.state.pending === 0) store.set({ marks });
}
