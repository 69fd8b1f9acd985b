/// <reference lib="dom" />
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { getAbout, getProgress, listen } from "./api.ts";
import { redo, toggleDone, undo } from "./editing.ts";
import { List } from "./list.tsx";
import { catchUp, receive, takeProgress } from "./news.ts";
import { Panel } from "./panel.tsx";
import { PictureView } from "./picture.tsx";
import { open, readFacts, step } from "./reading.ts";
import type { Tool } from "./state.ts";
import { Store } from "./store.ts";

function App({ store }: { store: Store }) {
  const [, again] = useState(0);
  useEffect(() => store.subscribe(() => again((count) => count + 1)), []);
  const { current, help, marks } = store.state;
  return (
    <>
      <header>
        <h1>{current}</h1>
        {marks?.warnings.map((text) => <p class="problem" key={text}>⚠ {text}</p>)}
        <button type="button" aria-expanded={help} onClick={() => store.set({ help: !help })}>
          Keys
        </button>
      </header>
      <main>
        <List store={store} />
        <PictureView store={store} />
        <Panel store={store} />
      </main>
      {help && <Help />}
    </>
  );
}

const KEYS: [string, string][] = [
  ["click", "adds a pick (fiber: a node; double click ends it)"],
  ["shift + drag, middle button", "erases"],
  ["drag", "moves a pick, or the picture; right button: always the picture"],
  ["wheel, + −, 0", "larger, smaller, all of it"],
  ["n, p", "next, previous micrograph"],
  ["1 … 6", "class of new picks, and of the one under the crosshair"],
  ["a, i, f", "picks, ignored circles, fibers"],
  ["d", "done"],
  ["[ ]", "threshold down, up"],
  ["v, m, s", "invert, marks, power spectrum"],
  ["ctrl + z, ctrl + y", "undo, redo"],
  ["ctrl + s", "saves all at this threshold"],
  ["?", "shows these keys, or hides them"],
  ["picture: arrows", "move a crosshair (shift: by a pixel; alt: with the pick under it)"],
  ["picture: Enter, Delete", "add, erase there (shift + Enter ends a fiber)"],
];

function Help() {
  return (
    <section class="help" aria-label="keys">
      <dl>
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Keys that work wherever the focus is, but not while one types. */
function onKey(store: Store, event: KeyboardEvent): void {
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    const command = {
      z: () => event.shiftKey ? redo(store) : undo(store),
      y: () => redo(store),
      s: () => document.querySelector<HTMLButtonElement>("#save")!.click(),
    }[key];
    if (command === undefined) return;
    event.preventDefault();
    return command();
  }
  const target = event.target as HTMLElement;
  if (event.altKey || target.matches("select, input:not([type=range], [type=checkbox])")) return;
  const { look, spectrum, help } = store.state;
  const tool = (tool: Tool) => store.set({ tool });
  const threshold = (by: number) =>
    store.look({ threshold: Math.min(1, Math.max(0, +(look.threshold + by).toFixed(3))) });
  const command: (() => void) | undefined = {
    n: () => step(store, 1),
    p: () => step(store, -1),
    a: () => tool("pick"),
    i: () => tool("ignore"),
    f: () => tool("fiber"),
    d: () => toggleDone(store),
    "[": () => threshold(-0.01),
    "]": () => threshold(0.01),
    v: () => store.look({ invert: !look.invert }),
    m: () => store.look({ marks: !look.marks }),
    s: () => store.set({ spectrum: !spectrum }),
    "?": () => store.set({ help: !help }),
    escape: () => store.set({ help: false }),
  }[key];
  if (command !== undefined) return command();
  if (/^[1-6]$/.test(key) && !(target instanceof HTMLCanvasElement)) {
    store.set({ classNumber: Number(key) });
  }
}

const store = new Store(await getAbout());
document.addEventListener("keydown", (event) => onKey(store, event));
addEventListener("beforeunload", (event) => {
  if (store.state.pending > 0) event.preventDefault(); // edits that have not arrived
});
listen((event) => receive(store, event), () => catchUp(store));
render(<App store={store} />, document.querySelector("#app")!);
await open(store, store.state.current);
await readFacts(store);
await takeProgress(store, await getProgress());
