/// <reference lib="dom" />
import { useMemo, useState } from "preact/hooks";
import { save, setDiameterRange } from "./commands.ts";
import { countFrom, type ListedFacts } from "./facts.ts";
import { Histogram } from "./histogram.tsx";
import { Slider } from "./slider.tsx";
import type { Store } from "./store.ts";

/** What is a pick: the threshold, of vesicles a range of diameters; and writing. */
export function Threshold({ store }: { store: Store }) {
  const { about, facts, look, suggestion, saved, current } = store.state;
  const [formats, setFormats] = useState<string[]>(["star"]);
  const total = useMemo(() => sum(facts, look.threshold), [facts, look.threshold]);
  const here = facts.get(current);
  const isEmpty = facts.size === about.names.length &&
    ![...facts.values()].some(({ scores }) => scores.length > 0);
  return (
    <section>
      <h2>Threshold</h2>
      {isEmpty
        ? <p>Nothing was picked yet. Click on particles, or let a model pick all, below.</p>
        : <Histogram store={store} />}
      <Slider
        id="threshold"
        min={0}
        max={1}
        step={0.001}
        value={look.threshold}
        onValue={(threshold) => store.look({ threshold })}
      >
        least score <output id="threshold-value">{look.threshold.toFixed(3)}</output>
      </Slider>
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
      <button id="save" type="button" class="main" onClick={() => save(store, formats)}>
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
          setDiameterRange(store, isAll ? undefined : [least, most]);
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
