/// <reference lib="dom" />
import { useEffect, useMemo, useState } from "preact/hooks";
import { COLOURS } from "../page/colours.ts";
import type { HeatLayer, Ring } from "../page/drawable.ts";
import { Slider } from "../page/slider.tsx";
import { messageOf, percent, SIMULATED, worker } from "./picking.ts";
import { bestOf, type Known, scoreCurve, type Scores, scoresAt } from "./scores.ts";
import { PLAIN, Stage } from "./stage.tsx";
import type { SitePicks } from "./worker.ts";

/** What can be seen of a micrograph, one above the other. */
const LAYERS = {
  micrograph: "micrograph",
  heat: "heat map: how sure the network is that a centre is here",
  right: "picks that are particles",
  wrong: "picks that are none",
  missed: "particles that were missed",
} as const;

type Layer = keyof typeof LAYERS;

/** Colours of rings (Okabe and Ito 2008). */
const INKS = { right: COLOURS.pick, wrong: "#d55e00", missed: "#f0e442" } as const;

/** A simulated micrograph, picked, and what the network sees in it. */
interface Lesson {
  picks: SitePicks;
  heat: HeatLayer;
}

/** The page for class: what a threshold does, on micrographs with known truth. */
export function ClassPage() {
  const [{ index, seed }, choose] = useState({ index: 2, seed: 1 });
  const [lesson, setLesson] = useState<Lesson>();
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(true);
  const [threshold, setThreshold] = useState(0.35);
  const [layers, setLayers] = useState<readonly Layer[]>(["micrograph", "right", "wrong"]);
  useEffect(() => {
    let isWanted = true;
    setBusy(true);
    lessonOf(index, seed).then((lesson) => {
      if (!isWanted) return;
      setLesson(lesson);
      setThreshold(lesson.picks.threshold);
      setBusy(false);
    }, (error) => {
      setProblem(messageOf(error));
      setBusy(false);
    });
    return () => void (isWanted = false);
  }, [index, seed]);
  const known = useMemo(() => lesson && knownOf(lesson.picks), [lesson]);
  const rings = useMemo(
    () => lesson ? ringsOf(lesson.picks, threshold, layers) : [],
    [lesson, threshold, layers],
  );
  const look = {
    ...{ ...PLAIN, bare: !layers.includes("micrograph") },
    heat: layers.includes("heat") ? PLAIN.heat : 0,
  };
  return (
    <>
      <header>
        <h1>What a threshold does</h1>
        <span class="faint">Simulated micrographs, whose particles are known.</span>
        <a href="index.html">Pick a file</a>
      </header>
      <main class="site">
        <section class="picture" aria-label="micrograph">
          {lesson && <Stage picks={lesson.picks} {...{ rings, look }} heat={lesson.heat} />}
          {isBusy && <p class="wait" role="status">simulating and picking …</p>}
        </section>
        <aside class="panel">
          <section>
            <h2>Micrograph</h2>
            <div class="buttons" role="group" aria-label="kind of particle">
              {SIMULATED.map((name, i) => (
                <button
                  key={name}
                  type="button"
                  disabled={isBusy}
                  aria-pressed={i === index}
                  onClick={() => choose({ index: i, seed })}
                >
                  {name}
                </button>
              ))}
              <button
                id="another"
                type="button"
                disabled={isBusy}
                onClick={() => choose({ index, seed: seed + 1 })}
              >
                Another one
              </button>
            </div>
            <p role="alert" class="problem">{problem}</p>
          </section>
          <Layers layers={layers} onChange={setLayers} />
          {known && <Measures {...{ known, threshold, setThreshold }} />}
          <Questions />
        </aside>
      </main>
    </>
  );
}

async function lessonOf(index: number, seed: number): Promise<Lesson> {
  const picks = await worker.call("simulate", index, seed);
  return { picks, heat: await worker.call("heat") };
}

function knownOf({ candidates, truth }: SitePicks): Known {
  const { labels, matches } = truth!;
  return { candidates, matches, particles: labels.length };
}

/** The rings of the layers that are on. */
function ringsOf(picks: SitePicks, threshold: number, layers: readonly Layer[]): Ring[] {
  const { candidates, truth } = picks;
  const { labels, matches } = truth!;
  const found = new Set<number>();
  const sure = candidates.flatMap((pick, i): (Ring & { layer: Layer })[] => {
    if (pick.score < threshold) return [];
    const layer = matches[i] >= 0 ? "right" : "wrong";
    found.add(matches[i]);
    return [{ ...pick, layer, colour: INKS[layer] }];
  });
  const missed = labels.flatMap((label, i): (Ring & { layer: Layer })[] => {
    if (found.has(i)) return [];
    const { x, y, diameter = 20 } = label;
    return [{ x, y, diameter, score: 1, layer: "missed", colour: INKS.missed }];
  });
  return [...missed, ...sure].filter(({ layer }) => layers.includes(layer));
}

function Layers({ layers, onChange }: {
  layers: readonly Layer[];
  onChange(layers: readonly Layer[]): void;
}) {
  return (
    <section>
      <h2>Layers</h2>
      {Object.entries(LAYERS).map(([name, title]) => (
        <label key={name}>
          <input
            id={`layer-${name}`}
            type="checkbox"
            checked={layers.includes(name as Layer)}
            onChange={({ currentTarget }) =>
              onChange(
                currentTarget.checked
                  ? [...layers, name as Layer]
                  : layers.filter((layer) => layer !== name),
              )}
          />
          {name in INKS && (
            <i class="ink" style={{ borderColor: INKS[name as keyof typeof INKS] }} />
          )}
          {title}
        </label>
      ))}
    </section>
  );
}

function Measures({ known, threshold, setThreshold }: {
  known: Known;
  threshold: number;
  setThreshold(value: number): void;
}) {
  const curve = useMemo(() => scoreCurve(known), [known]);
  const best = useMemo(() => bestOf(curve), [curve]);
  const { right, wrong, missed, precision, recall, f1 } = scoresAt(known, threshold);
  return (
    <section aria-label="scores">
      <h2>Threshold</h2>
      <Slider
        id="threshold"
        min={0}
        max={1}
        step={0.005}
        value={threshold}
        onValue={setThreshold}
      >
        least score of a pick: {threshold.toFixed(3)}
      </Slider>
      <p id="counts">
        <b>{right}</b> right, <b>{wrong}</b> wrong, <b>{missed}</b> missed
      </p>
      <table class="scores" id="scores">
        <tbody>
          <tr>
            <td>precision: right of all picks</td>
            <td>{percent(precision)}</td>
          </tr>
          <tr>
            <td>recall: right of all particles</td>
            <td>{percent(recall)}</td>
          </tr>
          <tr>
            <td>F1: harmonic mean of both</td>
            <td>{percent(f1)}</td>
          </tr>
        </tbody>
      </table>
      <Curve curve={curve} here={{ precision, recall }} />
      <button id="best" type="button" onClick={() => setThreshold(best.threshold)}>
        best F1: {percent(best.f1)} at {best.threshold.toFixed(3)}
      </button>
    </section>
  );
}

/** Size of the curve in its own pixels. */
const [WIDTH, HEIGHT] = [260, 130];

/** Precision over recall at all thresholds, and where the chosen one is. */
function Curve({ curve, here }: { curve: Scores[]; here: Pick<Scores, "precision" | "recall"> }) {
  const x = ({ recall }: { recall: number }) => recall * WIDTH;
  const y = ({ precision }: { precision: number }) => (1 - precision) * HEIGHT;
  return (
    <svg
      class="curve"
      viewBox={`-6 -16 ${WIDTH + 12} ${HEIGHT + 32}`}
      role="img"
      aria-label={`precision ${percent(here.precision)} at recall ${percent(here.recall)}`}
    >
      <text x="0" y="-6">precision, up to 100 %</text>
      <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      <line x1="0" x2="0" y1="0" y2={HEIGHT} />
      <polyline points={curve.map((at) => `${x(at).toFixed(1)},${y(at).toFixed(1)}`).join(" ")} />
      <circle cx={x(here)} cy={y(here)} r="5" />
      <text x={WIDTH} y={HEIGHT + 13} text-anchor="end">recall, up to 100 %</text>
    </svg>
  );
}

const QUESTIONS: [question: string, answer: string][] = [
  [
    "Put the threshold to 0. Why is the recall high, and what has it cost?",
    "Every candidate is a pick: nearly all particles are among them, and so is whatever looked a " +
    "little like one. Precision falls.",
  ],
  [
    "Over what range of thresholds is F1 close to its best, of apoferritin and of the channel?",
    "Wide for apoferritin, whose particles score far above the rest; narrow for the membrane " +
    "channel, which hardly stands out from the noise. The harder the data, the more the threshold " +
    "matters, and none is right for all data.",
  ],
  [
    "Hide the micrograph and show the heat map. What do the brightest places have in common?",
    "They are centres of particles, not their outlines: the network has learned to answer 'a " +
    "centre is here', and a pick is a place that is brighter than all around it.",
  ],
  [
    "Show what was missed. Where do missed particles lie?",
    "Close to others, at the border, on dirt, or where noise hides them. Look at the picture " +
    "before you blame the network.",
  ],
];

function Questions() {
  return (
    <section>
      <h2>Questions</h2>
      {QUESTIONS.map(([question, answer]) => (
        <details key={question}>
          <summary>{question}</summary>
          <p class="faint">{answer}</p>
        </details>
      ))}
    </section>
  );
}
