/// <reference lib="dom" />
import { useMemo, useState } from "preact/hooks";
import { classColour, COLOURS } from "./colours.ts";
import { Learn } from "./learn.tsx";
import { countFrom, type ListedFacts, type State, type Store, type Tool } from "./store.ts";

/** Threshold, looks and tools. */
export function Panel({ store }: { store: Store }) {
  return (
    <aside class="panel" aria-label="settings">
      <Threshold store={store} />
      <Edits store={store} />
      <Learn store={store} />
      <Looks store={store} />
    </aside>
  );
}

/** Bars of the histogram, and its size in its own pixels. */
const [BINS, WIDTH, HEIGHT] = [50, 260, 90];

function Threshold({ store }: { store: Store }) {
  const { about, facts, look, suggestion, saved, current } = store.state;
  const [formats, setFormats] = useState<string[]>(["star"]);
  const total = useMemo(() => sum(facts, look.threshold), [facts, look.threshold]);
  const here = facts.get(current);
  return (
    <section>
      <h2>Threshold</h2>
      <Histogram store={store} />
      <label class="wide">
        <span>
          least score <output id="threshold-value">{look.threshold.toFixed(3)}</output>
        </span>
        <input
          id="threshold"
          type="range"
          min="0"
          max="1"
          step="0.001"
          value={look.threshold}
          onInput={({ currentTarget }) => store.look({ threshold: Number(currentTarget.value) })}
        />
      </label>
      <p>
        <b id="count">{here ? countFrom(here.scores, look.threshold) : "…"}</b> here,{" "}
        <b id="total">{total}</b> in {facts.size}
        {facts.size < about.names.length && ` of ${about.names.length}`} micrographs
      </p>
      <DiameterRange store={store} />
      {suggestion?.threshold !== undefined && (
        <p class="faint">
          <button
            type="button"
            onClick={() => store.look({ threshold: suggestion.threshold })}
          >
            suggested: {suggestion.threshold.toFixed(3)}
          </button>{" "}
          {suggestion.why}
        </p>
      )}
      <details>
        <summary>Formats: {formats.join(", ")}</summary>
        {about.formats.map((format) => (
          <label key={format}>
            <input
              type="checkbox"
              checked={formats.includes(format)}
              onChange={({ currentTarget }) =>
                setFormats(
                  about.formats.filter((one) =>
                    one === format ? currentTarget.checked : formats.includes(one)
                  ),
                )}
            />
            {format}
          </label>
        ))}
      </details>
      <button id="save" type="button" class="main" onClick={() => store.save(formats)}>
        Save all at this threshold
      </button>
      <p role="status" id="saved">
        {saved &&
          `${saved.files} micrographs written to ${about.folder} in ${saved.seconds.toFixed(1)} s.`}
        {saved?.errors.map((error) => <span class="problem" key={error}>{error}</span>)}
      </p>
    </section>
  );
}

/** The range of diameters of vesicles: two sliders over all that were found. */
function DiameterRange({ store }: { store: Store }) {
  const { facts, diameterRange } = store.state;
  const ends = useMemo(() => endsOf(facts), [facts]);
  if (ends === undefined) return null;
  const range = diameterRange ?? ends;
  const slider = (end: 0 | 1, name: string) => (
    <label class="wide">
      <span>
        {name} diameter <output>{range[end]} px</output>
      </span>
      <input
        id={`${name}-diameter`}
        type="range"
        min={ends[0]}
        max={ends[1]}
        value={range[end]}
        onInput={({ currentTarget }) => {
          const value = Number(currentTarget.value);
          const [least, most] = end === 0
            ? [value, Math.max(value, range[1])]
            : [Math.min(value, range[0]), value];
          const isAll = least <= ends[0] && most >= ends[1];
          store.setDiameterRange(isAll ? undefined : [least, most]);
        }}
      />
    </label>
  );
  return <>{slider(0, "least")}{slider(1, "most")}</>;
}

/** Whole pixels below and above all diameters of vesicles; nothing where there are none. */
function endsOf(facts: ReadonlyMap<string, ListedFacts>): [number, number] | undefined {
  let [least, most] = [Infinity, 0];
  for (const { vesicles } of facts.values()) {
    for (const diameter of vesicles?.diameters ?? []) {
      if (diameter === 0) continue;
      least = Math.min(least, Math.floor(diameter));
      most = Math.max(most, Math.ceil(diameter));
    }
  }
  return most === 0 ? undefined : [least, most];
}

function sum(facts: ReadonlyMap<string, ListedFacts>, threshold: number): number {
  let total = 0;
  for (const { scores } of facts.values()) total += countFrom(scores, threshold);
  return total;
}

/** Scores of all micrographs; a click takes the threshold there. */
function Histogram({ store }: { store: Store }) {
  const { facts, look, suggestion } = store.state;
  const bins = useMemo(() => {
    const counts = Array<number>(BINS).fill(0);
    for (const { scores } of facts.values()) {
      for (const score of scores) counts[Math.min(BINS - 1, Math.floor(score * BINS / 1e4))]++;
    }
    return counts;
  }, [facts]);
  const most = Math.max(1, ...bins);
  const bar = WIDTH / BINS;
  return (
    <svg
      class="histogram"
      viewBox={`-1 -12 ${WIDTH + 2} ${HEIGHT + 28}`}
      role="img"
      aria-label="Histogram of scores"
      onClick={({ currentTarget, clientX }) => {
        const { left, width } = currentTarget.getBoundingClientRect();
        store.look({ threshold: Math.min(1, Math.max(0, (clientX - left) / width)) });
      }}
    >
      {bins.map((count, i) => (
        <rect
          key={i}
          class={(i + 0.5) / BINS < look.threshold ? "weak" : ""}
          x={i * bar}
          width={bar - 0.8}
          y={HEIGHT * (1 - Math.sqrt(count / most))}
          height={HEIGHT * Math.sqrt(count / most)}
        />
      ))}
      <line class="axis" x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      {[0, 0.25, 0.5, 0.75, 1].map((score) => (
        <text key={score} x={score * WIDTH} y={HEIGHT + 13} text-anchor={anchor(score)}>
          {score}
        </text>
      ))}
      {suggestion?.threshold !== undefined && (
        <line
          class="suggested"
          x1={suggestion.threshold * WIDTH}
          x2={suggestion.threshold * WIDTH}
          y1="0"
          y2={HEIGHT}
        />
      )}
      <line
        class="threshold"
        x1={look.threshold * WIDTH}
        x2={look.threshold * WIDTH}
        y1="-4"
        y2={HEIGHT}
      />
      <text x="0" y="-3">candidates by score (height: square root)</text>
    </svg>
  );
}

function anchor(score: number): "start" | "middle" | "end" {
  return score === 0 ? "start" : score === 1 ? "end" : "middle";
}

const TOOLS: Record<Tool, string> = { pick: "Pick", ignore: "Ignore", fiber: "Fiber" };

function Edits({ store }: { store: Store }) {
  const { tool, classNumber, marks, undo, redo, current, pending, problem } = store.state;
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
          disabled={!undo[current]?.length}
          onClick={() => store.undo()}
        >
          Undo
        </button>
        <button
          id="redo"
          type="button"
          disabled={!redo[current]?.length}
          onClick={() => store.redo()}
        >
          Redo
        </button>
        <button id="done" type="button" aria-pressed={isDone} onClick={() => store.toggleDone()}>
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

function Looks({ store }: { store: Store }) {
  const { look, lowPassA, spectrum, head } = store.state;
  return (
    <section>
      <h2>View</h2>
      <label class="wide">
        <span>contrast: {look.sigmas.toFixed(1)} σ</span>
        <input
          id="contrast"
          type="range"
          min="0.5"
          max="12"
          step="0.1"
          value={look.sigmas}
          onInput={({ currentTarget }) => store.look({ sigmas: Number(currentTarget.value) })}
        />
      </label>
      <label class="wide">
        <span>brightness: {(-look.offset).toFixed(1)} σ</span>
        <input
          type="range"
          min="-4"
          max="4"
          step="0.1"
          value={-look.offset}
          onInput={({ currentTarget }) => store.look({ offset: -Number(currentTarget.value) })}
        />
      </label>
      <label class="wide">
        <span>low-pass: {lowPassA > 0 ? `${lowPassA} Å` : "off"}</span>
        <input
          id="lowpass"
          type="range"
          min="0"
          max="100"
          step="5"
          disabled={head !== undefined && head.pixelSizeA === undefined}
          value={lowPassA}
          onChange={({ currentTarget }) => store.set({ lowPassA: Number(currentTarget.value) })}
        />
      </label>
      <label class="wide">
        <span>picks below the threshold: {Math.round(100 * look.dimmed)} %</span>
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          value={look.dimmed}
          onInput={({ currentTarget }) => store.look({ dimmed: Number(currentTarget.value) })}
        />
      </label>
      <div class="buttons">
        <button
          type="button"
          aria-pressed={look.invert}
          onClick={() => store.look({ invert: !look.invert })}
        >
          Invert
        </button>
        <button
          type="button"
          aria-pressed={look.marks}
          onClick={() => store.look({ marks: !look.marks })}
        >
          Marks
        </button>
        <button
          type="button"
          aria-pressed={spectrum}
          onClick={() => store.set({ spectrum: !spectrum })}
        >
          Power spectrum
        </button>
      </div>
    </section>
  );
}
