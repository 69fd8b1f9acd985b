/// <reference lib="dom" />
import { useMemo, useState } from "preact/hooks";
import { COLOURS } from "../page/colours.ts";
import type { HeatLayer, Ring } from "../page/drawable.ts";
import { Slider } from "../page/slider.tsx";
import { messageOf, percent, SIMULATED, worker } from "./picking.ts";
import { scoresAt } from "./scores.ts";
import { PLAIN, Stage } from "./stage.tsx";
import type { SitePicks } from "./worker.ts";

/** Formats that can be downloaded. */
const FORMATS = ["star", "box", "cbox", "csv"];

/** The page on which a file is dropped. */
export function PickPage() {
  const [state, setState] = useState<{ picks?: SitePicks; busy?: string; problem?: string }>({});
  const [threshold, setThreshold] = useState(0.35);
  const [sigmas, setSigmas] = useState(6);
  const [heat, setHeat] = useState<HeatLayer>();
  const { picks, busy, problem } = state;
  const toggleHeat = async () => {
    if (heat !== undefined) return setHeat(undefined);
    setState({ picks, busy: "asking the network for its heat map …" });
    try {
      setHeat(await worker.call("heat"));
      setState({ picks });
    } catch (error) {
      setState({ picks, problem: messageOf(error) });
    }
  };
  const run = async (what: string, work: () => Promise<SitePicks>) => {
    setState({ picks, busy: what });
    try {
      const result = await work();
      setThreshold(result.threshold);
      setHeat(undefined);
      setState({ picks: result });
    } catch (error) {
      setState({ picks, problem: messageOf(error) });
    }
  };
  const rings = useMemo(() => picks === undefined ? [] : ringsOf(picks), [picks]);
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
        <a href="class.html">For class</a>
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
            ? <Stage {...{ picks, rings, heat }} look={{ ...PLAIN, threshold, sigmas }} />
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
  const scores = truth &&
    scoresAt({ candidates, matches: truth.matches, particles: truth.labels.length }, threshold);
  return (
    <section>
      <h2>{name}</h2>
      <p>
        <b id="count">{sure.length}</b> picks of {candidates.length} candidates
      </p>
      <p class="faint" id="time">{seconds.toFixed(1)} s on {backend}; {width} × {height} pixels</p>
      {picks.warnings.map((text) => <p class="problem" key={text}>⚠ {text}</p>)}
      {truth && scores && (
        <p id="scores">
          precision <b>{percent(scores.precision)}</b>, recall <b>{percent(scores.recall)}</b> of
          {" "}
          {truth.labels.length} particles
        </p>
      )}
      <Slider
        id="threshold"
        min={0}
        max={1}
        step={0.001}
        value={threshold}
        onValue={setThreshold}
      >
        least score {threshold.toFixed(3)}
      </Slider>
      <Slider min={0.5} max={12} step={0.1} value={sigmas} onValue={setSigmas}>
        contrast: {sigmas.toFixed(1)} σ
      </Slider>
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

/** Candidates, and round them the labels where they are known. */
function ringsOf({ candidates, truth }: SitePicks): Ring[] {
  return [
    ...(truth?.labels ?? []).map((label): Ring => ({
      ...{ x: label.x, y: label.y, score: 2, colour: COLOURS.label },
      diameter: 1.15 * (label.diameter ?? 20),
    })),
    ...candidates.map((pick): Ring => ({ ...pick, colour: COLOURS.pick })),
  ];
}
