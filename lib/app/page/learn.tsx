/// <reference lib="dom" />
import { useState } from "preact/hooks";
import { distance, isPick } from "../../core/mod.ts";
import type { Learning, LearningScore } from "../wire.ts";
import { command, learn, pickAll } from "./commands.ts";
import { sureOf } from "./marks.ts";
import { toggleNewPicks } from "./new_picks.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";

/** Training steps, if the page is told no other number. */
const STEPS = 200;

/** Learning from labels, live, and what came of it. */
export function Learn({ store }: { store: Store }) {
  const { about: { teaching }, progress: { learning, picking, problem }, showsNew } = store.state;
  const [steps, setSteps] = useState(STEPS);
  const isLearning = learning?.state === "learning";
  const isFinished = learning?.state === "finished";
  return (
    <section aria-label="learn">
      <h2>Learn</h2>
      <label>
        steps
        <input
          id="steps"
          type="number"
          min="1"
          max="100000"
          value={steps}
          onChange={({ currentTarget }) => setSteps(Math.max(1, currentTarget.valueAsNumber || 1))}
        />
      </label>
      <div class="buttons">
        <button
          id="train"
          type="button"
          disabled={isLearning}
          title={`Goes on from the model "${teaching.model}" with what is labelled here.`}
          onClick={() => learn(store, "train", steps)}
        >
          Train on these
        </button>
        <button
          id="add"
          type="button"
          disabled={isLearning || !teaching.hasExemplars}
          title={teaching.hasExemplars
            ? "Learns these without forgetting what the exemplars show."
            : "Give the view --exemplars, as 'epicker exemplars build' makes them."}
          onClick={() => learn(store, "add", steps)}
        >
          Add to what is known
        </button>
        {isLearning && (
          <button id="stop" type="button" onClick={() => command(store, "stop")}>Stop</button>
        )}
        {(learning?.state === "stopped" || learning?.state === "failed") && (
          <button
            id="resume"
            type="button"
            onClick={() => command(store, "resume")}
          >
            Resume
          </button>
        )}
      </div>
      {learning && <Run learning={learning} />}
      <div class="buttons">
        {isFinished && (
          <button
            id="new"
            type="button"
            aria-pressed={showsNew}
            onClick={() => toggleNewPicks(store)}
          >
            New picks beside
          </button>
        )}
        <button
          id="pick-all"
          type="button"
          disabled={picking !== undefined}
          onClick={() => pickAll(store, isFinished ? "new" : "given")}
        >
          Pick all by the {isFinished ? "new" : teaching.model} model
        </button>
      </div>
      {showsNew && <Beside state={store.state} />}
      <p role="status" id="picking" class={problem ? "problem" : "faint"}>
        {picking ? `picked ${picking.done} of ${picking.total} micrographs …` : problem}
      </p>
    </section>
  );
}

const TITLES: Record<Learning["state"], string> = {
  learning: "learning",
  stopped: "stopped",
  finished: "finished",
  failed: "failed",
};

function Run({ learning }: { learning: Learning }) {
  const { run, state, micrographs, sparse, step, total, note, losses, validation, scores } =
    learning;
  return (
    <>
      <p role="status" id="learning">
        Run {run} {TITLES[state]}: step <b>{step}</b> of {total}; {micrographs} micrograph(s)
        {sparse > 0 && `, ${sparse} labelled in part`}
      </p>
      <p class={state === "failed" ? "problem" : "faint"}>{note}</p>
      <Curve id="losses" title="loss" points={losses} last={total} />
      {validation.length > 0 && (
        <Curve id="validation" title="AP, held out" points={validation} last={total} most={1} />
      )}
      {scores.length > 0 && <Scores scores={scores} />}
    </>
  );
}

/** Size of a curve in its own pixels. */
const [WIDTH, HEIGHT] = [260, 60];

function Curve({ id, title, points, last, most }: {
  id: string;
  title: string;
  points: readonly [number, number][];
  last: number;
  most?: number;
}) {
  const top = most ?? Math.max(1e-9, ...points.map(([, value]) => value));
  const place = ([step, value]: [number, number]) =>
    `${(step / Math.max(1, last) * WIDTH).toFixed(1)},${(HEIGHT * (1 - value / top)).toFixed(1)}`;
  const value = points.at(-1)?.[1];
  return (
    <svg
      id={id}
      class="curve"
      viewBox={`-1 -13 ${WIDTH + 2} ${HEIGHT + 27}`}
      role="img"
      aria-label={`${title}: ${value?.toFixed(3) ?? "none yet"}`}
    >
      <text x="0" y="-3">{title} {value?.toFixed(3)}</text>
      <text x={WIDTH} y="-3" text-anchor="end">top {top.toPrecision(2)}</text>
      <polyline points={points.map(place).join(" ")} />
      <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      <text x="0" y={HEIGHT + 12}>0</text>
      <text x={WIDTH} y={HEIGHT + 12} text-anchor="end">{last} steps</text>
    </svg>
  );
}

function Scores({ scores }: { scores: readonly LearningScore[] }) {
  return (
    <table class="scores" id="scores">
      <thead>
        <tr>
          <th>held out</th>
          <th>images</th>
          <th>AP before</th>
          <th>after</th>
        </tr>
      </thead>
      <tbody>
        {scores.map(({ name, count, before, after }) => (
          <tr key={name}>
            <td>{name}</td>
            <td>{count}</td>
            <td>{before.toFixed(3)}</td>
            <td>{after?.toFixed(3) ?? "…"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** How the picks of the new model and those of the record go together here. */
function Beside({ state: { newPicks, marks, look, diameterRange } }: { state: State }) {
  if (newPicks === undefined || marks === undefined) return <p class="faint">picking …</p>;
  if (marks.mode === "fiber") {
    return <p id="beside">{sureOf(newPicks.fibers, newPicks).length} fibers of the new model</p>;
  }
  const rule = { threshold: look.threshold, diameterRange };
  const old = marks.candidates.filter((candidate) => isPick(candidate, rule));
  const fresh = sureOf(newPicks.candidates, newPicks);
  const both =
    fresh.filter((pick) => old.some((other) => distance(pick, other) <= (other.diameter ?? 0) / 2))
      .length;
  return (
    <p id="beside">
      here <b>{fresh.length}</b> picks of the new model (least score{" "}
      {newPicks.threshold.toFixed(2)}), <b>{old.length}</b> of the old, <b>{both}</b> of both
    </p>
  );
}
