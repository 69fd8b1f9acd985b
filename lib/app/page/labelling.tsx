/// <reference lib="dom" />
import { classColour, COLOURS } from "./colours.ts";
import { redo, toggleDone, undo } from "./editing.ts";
import type { State, Tool } from "./state.ts";
import type { Store } from "./store.ts";

const TOOLS: Record<Tool, string> = { pick: "Pick", ignore: "Ignore", fiber: "Fiber" };

/** Tools, classes, diameter, undo and redo. */
export function Labelling({ store }: { store: Store }) {
  const { tool, classNumber, marks, current, pending, problem } = store.state;
  const isDone = marks?.edits.done !== undefined;
  return (
    <section>
      <h2>Label and correct</h2>
      <div class="buttons" role="group" aria-label="tool">
        {Object.entries(TOOLS).map(([name, title]) => (
          <button
            key={name}
            type="button"
            aria-pressed={tool === name}
            onClick={() => store.set({ tool: name as Tool })}
          >
            {title}
          </button>
        ))}
      </div>
      <div class="buttons" role="group" aria-label="class">
        {[1, 2, 3, 4, 5, 6].map((number) => (
          <button
            key={number}
            type="button"
            class="class"
            aria-label={`class ${number}`}
            aria-pressed={classNumber === number}
            style={{ "--class": classColour(number) }}
            onClick={() => store.set({ classNumber: number })}
          >
            {number}
          </button>
        ))}
      </div>
      <label>
        diameter (px)
        <input
          type="number"
          min="1"
          max="10000"
          value={Math.round(store.diameter)}
          onChange={({ currentTarget }) =>
            store.set({ diameter: Math.max(0, Number(currentTarget.value)) })}
        />
      </label>
      <div class="buttons">
        <button
          id="undo"
          type="button"
          disabled={!store.state.undo[current]?.length}
          onClick={() => undo(store)}
        >
          Undo
        </button>
        <button
          id="redo"
          type="button"
          disabled={!store.state.redo[current]?.length}
          onClick={() => redo(store)}
        >
          Redo
        </button>
        <button id="done" type="button" aria-pressed={isDone} onClick={() => toggleDone(store)}>
          ✓ Done
        </button>
      </div>
      <p role="status" id="state" class={problem ? "problem" : "faint"}>
        {problem ?? (pending > 0 ? "writing …" : "every edit is on the disk")}
      </p>
      <Key state={store.state} />
    </section>
  );
}

function Key({ state: { marks, newPicks } }: { state: State }) {
  const entries: [string, string][] = [
    [COLOURS.pick, "picks"],
    [classColour(1), "added"],
    ...(marks?.labels.length ? [[COLOURS.label, "labels"] as [string, string]] : []),
    ...(newPicks ? [[COLOURS.fresh, "new model"] as [string, string]] : []),
    [COLOURS.ignore, "ignored"],
  ];
  return (
    <ul class="key">
      {entries.map(([colour, title]) => (
        <li key={title}>
          <i style={{ borderColor: colour }} />
          {title}
        </li>
      ))}
    </ul>
  );
}
