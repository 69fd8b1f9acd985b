/// <reference lib="dom" />
import { Slider } from "./slider.tsx";
import type { Store } from "./store.ts";

/** How the picture is shown. */
export function Looks({ store }: { store: Store }) {
  const { look, lowPassA, spectrum, head } = store.state;
  return (
    <section>
      <h2>View</h2>
      <Slider
        id="contrast"
        min={0.5}
        max={12}
        step={0.1}
        value={look.sigmas}
        onValue={(sigmas) => store.look({ sigmas })}
      >
        contrast: {look.sigmas.toFixed(1)} σ
      </Slider>
      <Slider
        min={-4}
        max={4}
        step={0.1}
        value={-look.offset}
        onValue={(brightness) => store.look({ offset: -brightness })}
      >
        brightness: {(-look.offset).toFixed(1)} σ
      </Slider>
      <Slider
        id="lowpass"
        min={0}
        max={100}
        step={5}
        value={lowPassA}
        disabled={head !== undefined && head.pixelSizeA === undefined}
        onEnd={(lowPassA) => store.set({ lowPassA })}
      >
        low-pass: {lowPassA > 0 ? `${lowPassA} Å` : "off"}
      </Slider>
      <Slider
        min={0}
        max={1}
        step={0.05}
        value={look.dimmed}
        onValue={(dimmed) => store.look({ dimmed })}
      >
        picks below the threshold: {Math.round(100 * look.dimmed)} %
      </Slider>
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
