import { getNewPicks } from "./api.ts";
import type { Store } from "./store.ts";

/** Shows the picks of the new model beside, or not. */
export async function toggleNewPicks(store: Store): Promise<void> {
  const showsNew = !store.state.showsNew;
  store.set({ showsNew, newPicks: undefined });
  if (showsNew) await readNewPicks(store);
}

/** Reads the picks of the new model. */
export async function readNewPicks(store: Store): Promise<void> {
  const { current } = store.state;
  await store.tried(async () => {
    const newPicks = await getNewPicks(current);
    if (store.state.current === current && store.state.showsNew) store.set({ newPicks });
  });
}
