/// <reference lib="dom" />
import { useMemo } from "preact/hooks";
import type { Store } from "./store.ts";

/** Bars of the histogram, and its size in its own pixels. */
const [BINS, WIDTH, HEIGHT] = [50, 260, 90];

/** Scores of all micrographs; a click takes the threshold there. */
export function Histogram({ store }: { store: Store }) {
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
