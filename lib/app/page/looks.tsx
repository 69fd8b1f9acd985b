/// <reference lib="dom" />
import type { Store } from "./store.ts";

/** How the picture is shown. */
export function Looks({ store }: { store: Store }) {
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
