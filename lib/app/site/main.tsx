/// <reference lib="dom" />
import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { distance, type Pick, WorkerThread } from "../../core/mod.ts";
import { COLOURS } from "../page/colours.ts";
import { type HeatLayer, type Look, Renderer, type Ring } from "../page/renderer.ts";
import { fitted, panned, type Viewport, zoomed } from "../page/viewport.ts";
import type { SiteFunctions, SitePicks } from "./worker.ts";

const worker = new WorkerThread<SiteFunctions>(
  new URL("worker.js", import.meta.url).href,
  new URL("model.safetensors", import.meta.url).href,
);

/** Formats that can be downloaded. */
const FORMATS = ["star", "box", "cbox", "csv"];

/** Names of the simulated micrographs. */
const SIMULATED = ["apoferritin", "ribosome", "β-galactosidase", "membrane channel"];

function App() {
  const [state, setState] = useState<{ picks?: SitePicks; busy?: string; problem?: string }>({});
  const [threshold, setThreshold] = useState(0.35);
  const [sigmas, setSigmas] = useState(6);
  const [heat, setHeat] = useState<HeatLayer>();
  const { picks, busy, problem } = state;
  const toggleHeat = async () => {
    if (heat !== undefined) return setHeat(undefined);
    setState({ picks, busy: "asking the network for its heat map …" });
    const layer = await worker.call("heat");
    setHeat(layer);
    setState({ picks });
  };
  const run = async (what: string, work: () => Promise<SitePicks>) => {
    setState({ picks, busy: what });
    try {
      const result = await work();
      setThreshold(result.threshold);
      setHeat(undefined);
      setState({ picks: result });
    } catch (error) {
      setState({ picks, problem: error instanceof Error ? error.message : String(error) });
    }
  };
  const open = (file: File | undefined) => {
    if (file === undefined) return;
    return run(
      `picking ${file.name} …`,
      async () => await worker.call("pick", new Uint8Array(await file.arrayBuffer()), file.name),
    );
  };
  return (
    <>
      <header>
        <h1>EPicker: particles in a micrograph, picked by this page</h1>
        <span class="faint">Nothing leaves this computer.</span>
      </header>
      <main
        class="site"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          open(event.dataTransfer?.files[0]);
        }}
      >
        <section class="picture" aria-label="micrograph">
          {picks
            ? <Stage picks={picks} heat={heat} threshold={threshold} sigmas={sigmas} />
            : <p class="wait">Drop an MRC, TIFF, PNG or JPEG file here.</p>}
          {busy && <p class="wait" role="status">{busy}</p>}
        </section>
        <aside class="panel">
          <section>
            <h2>Micrograph</h2>
            <label class="wide">
              file
              <input
                id="file"
                type="file"
                accept=".mrc,.tif,.tiff,.png,.jpg,.jpeg"
                disabled={busy !== undefined}
                onChange={({ currentTarget }) => open(currentTarget.files?.[0])}
              />
            </label>
            <p class="faint">or one with known truth, simulated here:</p>
            <div class="buttons">
              {SIMULATED.map((name, i) => (
                <button
                  key={name}
                  type="button"
                  disabled={busy !== undefined}
                  onClick={() => run(`simulating …`, () => worker.call("simulate", i))}
                >
                  {name}
                </button>
              ))}
            </div>
            <p role="alert" class="problem">{problem}</p>
          </section>
          {picks && (
            <Results
              {...{ picks, threshold, setThreshold, sigmas, setSigmas, toggleHeat }}
              hasHeat={heat !== undefined}
            />
          )}
        </aside>
      </main>
    </>
  );
}

function Results({ picks, threshold, setThreshold, sigmas, setSigmas, hasHeat, toggleHeat }: {
  picks: SitePicks;
  hasHeat: boolean;
  toggleHeat(): void;
  threshold: number;
  setThreshold(value: number): void;
  sigmas: number;
  setSigmas(value: number): void;
}) {
  const { name, width, height, pixelSizeA, candidates, truth, seconds, backend } = picks;
  const sure = candidates.filter(({ score }) => score >= threshold);
  const found = useMemo(() => truth && matchesOf(candidates, truth), [picks]);
  const hits = found?.filter((isFound, i) => isFound && candidates[i].score >= threshold).length;
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return (
    <section>
      <h2>{name}</h2>
      <p>
        <b id="count">{sure.length}</b> picks of {candidates.length} candidates
      </p>
      <p class="faint" id="time">{seconds.toFixed(1)} s on {backend}; {width} × {height} pixels</p>
      {picks.warnings.map((text) => <p class="problem" key={text}>⚠ {text}</p>)}
      {truth && hits !== undefined && (
        <p id="scores">
          precision <b>{percent(hits / Math.max(1, sure.length))}</b>, recall{" "}
          <b>{percent(hits / truth.length)}</b> of {truth.length} particles
        </p>
      )}
      <label class="wide">
        <span>least score {threshold.toFixed(3)}</span>
        <input
          id="threshold"
          type="range"
          min="0"
          max="1"
          step="0.001"
          value={threshold}
          onInput={({ currentTarget }) => setThreshold(Number(currentTarget.value))}
        />
      </label>
      <label class="wide">
        <span>contrast: {sigmas.toFixed(1)} σ</span>
        <input
          type="range"
          min="0.5"
          max="12"
          step="0.1"
          value={sigmas}
          onInput={({ currentTarget }) => setSigmas(Number(currentTarget.value))}
        />
      </label>
      <div class="buttons">
        <button id="heat" type="button" aria-pressed={hasHeat} onClick={toggleHeat}>
          Heat map
        </button>
      </div>
      <h2>Download</h2>
      <div class="buttons">
        {FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            onClick={async () => {
              const image = { name, width, height, pixelSizeA };
              download(`${name}.${format}`, await worker.call("format", sure, format, image));
            }}
          >
            {format}
          </button>
        ))}
      </div>
    </section>
  );
}

function download(name: string, bytes: Uint8Array): void {
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([Uint8Array.from(bytes)]));
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Which candidates meet a label of their own, best first, within half a diameter. */
function matchesOf(candidates: SitePicks["candidates"], truth: readonly Pick[]): boolean[] {
  const free = new Set(truth);
  return candidates.map((pick) => {
    let [best, least]: [Pick | undefined, number] = [undefined, (truth[0]?.diameter ?? 0) / 2];
    for (const label of free) {
      const away = distance(label, pick);
      if (away <= least) [best, least] = [label, away];
    }
    return best !== undefined && free.delete(best);
  });
}

/** The picture with its rings: wheel and drag. */
function Stage({ picks, heat, threshold, sigmas }: {
  picks: SitePicks;
  heat?: HeatLayer;
  threshold: number;
  sigmas: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<{ renderer: Renderer; view: Viewport }>(null);
  const look: Look = {
    ...{ sigmas, threshold, offset: 0, invert: false, marks: true },
    ...{ dimmed: 0.15, heat: 0.85 },
  };
  const draw = () => stage.current?.renderer.draw(stage.current.view, look);
  useEffect(() => {
    const { clientWidth: width, clientHeight: height } = canvas.current!;
    canvas.current!.width = width * devicePixelRatio;
    canvas.current!.height = height * devicePixelRatio;
    const renderer = stage.current?.renderer ?? new Renderer(canvas.current!);
    const { display, candidates, truth = [] } = picks;
    renderer.setPicture(display, display.step, display.pixels);
    renderer.setMarks([
      ...truth.map((label): Ring => ({
        ...{ x: label.x, y: label.y, score: 2, colour: COLOURS.label },
        diameter: 1.15 * (label.diameter ?? 20),
      })),
      ...candidates.map((pick): Ring => ({ ...pick, colour: COLOURS.pick })),
    ], []);
    stage.current = { renderer, view: fitted(picks, { width, height }) };
    draw();
  }, [picks]);
  useEffect(() => {
    stage.current?.renderer.setHeat(heat);
    draw();
  }, [picks, heat]);
  useEffect(draw, [threshold, sigmas]);
  const change = (next: (view: Viewport) => Viewport) => {
    if (stage.current === null) return;
    stage.current.view = next(stage.current.view);
    requestAnimationFrame(draw);
  };
  return (
    <canvas
      ref={canvas}
      tabIndex={0}
      role="img"
      aria-label={`${picks.name} with its picks`}
      onWheel={(event) => {
        event.preventDefault();
        const { offsetX: x, offsetY: y, currentTarget, deltaY } = event;
        const screen = { width: currentTarget.clientWidth, height: currentTarget.clientHeight };
        change((view) => zoomed(view, Math.exp(-deltaY / 300), { x, y }, screen));
      }}
      onPointerMove={({ buttons, movementX, movementY }) => {
        if (buttons > 0) change((view) => panned(view, movementX, movementY));
      }}
    />
  );
}

render(<App />, document.querySelector("#app")!);
