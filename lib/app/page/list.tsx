/// <reference lib="dom" />
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Watching } from "../wire.ts";
import { thumbnailOf } from "./api.ts";
import { countFrom, meanFrom } from "./facts.ts";
import { uncertainty } from "./label_next.ts";
import { namesInOrder, sharedStart } from "./order.ts";
import { open, step } from "./reading.ts";
import { FILTERS, ORDERS } from "./state.ts";
import type { Store } from "./store.ts";

/** Height of a row in pixels, as the style sheet has it. */
const ROW = 56;

/** The micrographs: only the rows in sight are there. */
export function List({ store }: { store: Store }) {
  const { state } = store;
  const box = useRef<HTMLDivElement>(null);
  const [{ top, height }, setSight] = useState({ top: 0, height: 800 });
  const names = namesInOrder(state);
  const at = names.indexOf(state.current);
  const shared = useMemo(() => sharedStart(state.about.names), [state.about.names]);
  useEffect(() => {
    const element = box.current!;
    const look = () => setSight({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current!;
    const [from, to] = [at * ROW, (at + 1) * ROW];
    if (from < element.scrollTop) element.scrollTop = from;
    if (to > element.scrollTop + element.clientHeight) {
      element.scrollTop = to - element.clientHeight;
    }
  }, [at]);
  const first = Math.max(0, Math.floor(top / ROW) - 4);
  const last = Math.min(names.length, Math.ceil((top + height) / ROW) + 4);
  return (
    <nav class="list" aria-label="micrographs">
      <div class="sorting">
        <input
          type="search"
          placeholder="name"
          aria-label="part of a name"
          value={state.search}
          onInput={({ currentTarget }) => store.set({ search: currentTarget.value })}
        />
        <Choice
          label="order"
          values={ORDERS}
          value={state.order}
          onChange={(order) => store.set({ order })}
        />
        <Choice
          label="show"
          values={FILTERS}
          value={state.filter}
          onChange={(filter) => store.set({ filter })}
        />
      </div>
      <div
        class="rows"
        ref={box}
        tabIndex={0}
        role="listbox"
        aria-label="micrographs"
        aria-activedescendant={at < first || at >= last ? undefined : `row-${at}`}
        onKeyDown={(event) => {
          const pages = Math.max(1, Math.floor(height / ROW) - 1);
          const steps: Record<string, number> = {
            ArrowDown: 1,
            ArrowUp: -1,
            PageDown: pages,
            PageUp: -pages,
            Home: -names.length,
            End: names.length,
          };
          if (steps[event.key] === undefined) return;
          event.preventDefault();
          step(store, steps[event.key]);
        }}
      >
        <div style={{ height: names.length * ROW }}>
          {names.slice(first, last).map((name, i) => (
            <Row key={name} index={first + i} {...{ store, name, shared }} />
          ))}
        </div>
      </div>
      <p class="count">{names.length} of {state.about.names.length} micrographs</p>
      {state.about.watching && <Watched store={store} watching={state.about.watching} />}
    </nav>
  );
}

function Watched({ store, watching }: { store: Store; watching: Watching }) {
  const { seen, picked, failed, waiting, lastHour, last, state } = watching;
  return (
    <p class="count" role="status" id="watching">
      {state === "watching" ? "watched" : "was watched"}: {picked} of {seen} picked, {lastHour}{" "}
      in the last hour
      {failed > 0 && `, ${failed} failed`}
      {waiting > 0 && `, ${waiting} waiting`}
      {last !== undefined && store.state.facts.has(last) && (
        <button
          id="last"
          type="button"
          class="name"
          onClick={() => open(store, last)}
        >
          last: {last}
        </button>
      )}
    </p>
  );
}

function Row({ store, name, index, shared }: {
  store: Store;
  name: string;
  index: number;
  /** Letters at the start of the name that are left out. */
  shared: number;
}) {
  const { facts, current, look, order } = store.state;
  const one = facts.get(name);
  return (
    <div
      id={`row-${index}`}
      class="row"
      role="option"
      aria-selected={name === current}
      style={{ top: index * ROW }}
      onClick={() => open(store, name)}
    >
      <img src={thumbnailOf(name)} alt="" loading="lazy" width="48" height="48" />
      <span class="name" title={name}>{shared > 0 ? `…${name.slice(shared)}` : name}</span>
      <span class="facts">
        {one?.done && <span class="done" title="done: labelled wholly">✓</span>}
        {one === undefined
          ? "…"
          : one.threshold === undefined && one.scores.length === 0
          ? "not picked"
          : `${countFrom(one.scores, look.threshold)} picks`}
        {one && one.scores.length > 0 && (
          <span title="mean score of the picks">
            {meanFrom(one.scores, look.threshold).toFixed(2)}
          </span>
        )}
        {one && order === "to label next" && one.threshold !== undefined && (
          <span title="how close the scores are to the threshold">
            {Math.round(100 * uncertainty(one.scores, look.threshold))} % unsure
          </span>
        )}
        {one && one.edits > 0 && <span title="edited">✎ {one.edits}</span>}
        {one && one.warnings.length > 0 && (
          <span title={one.warnings.join("\n")} aria-label="doubts">⚠</span>
        )}
      </span>
    </div>
  );
}

/** A choice of one of some words. */
export function Choice<T extends string>({ label, values, value, onChange }: {
  label: string;
  values: readonly T[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <label>
      {label}
      <select
        value={value}
        onChange={({ currentTarget }) => onChange(values[currentTarget.selectedIndex])}
      >
        {values.map((one) => <option key={one}>{one}</option>)}
      </select>
    </label>
  );
}
