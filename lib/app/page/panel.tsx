/// <reference lib="dom" />
import { Labelling } from "./labelling.tsx";
import { Learn } from "./learn.tsx";
import { Looks } from "./looks.tsx";
import type { Store } from "./store.ts";
import { Threshold } from "./threshold.tsx";

/** Threshold, looks and tools. */
export function Panel({ store }: { store: Store }) {
  return (
    <aside class="panel" aria-label="settings">
      <Threshold store={store} />
      <Labelling store={store} />
      <Learn store={store} />
      <Looks store={store} />
    </aside>
  );
}
