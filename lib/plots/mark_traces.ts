import { INK, PICK_COLOUR } from "./ink.ts";
import { type CircleMark, countText, type LineMark, type Marks, marksFrom } from "./marks.ts";

/** Distance of the slider's scores. */
const STEP = 0.05;

/** Corners of a circle in plotly, which has no circles in the units of the axes. */
const CORNERS = 24;

/** A plotly trace. */
type Trace = Record<string, unknown>;

/** Marks in layers of similar scores: what a slider shows are all layers from one on. */
export interface ScoreLayers {
  /** Least scores of the slider's places, rising. */
  scores: number[];
  /** For every trace, which place hides it: it shows at this one and all before. */
  last: number[];
  /** The traces. */
  traces: Trace[];
  /** What shows at each place, in words. */
  texts: string[];
}

/** Cuts marks by their score into traces; the threshold is one of the slider's places. */
export function scoreLayers(marks: Marks, threshold: number): ScoreLayers {
  const even = Array.from({ length: Math.round(1 / STEP) }, (_, i) => +(i * STEP).toFixed(3));
  const scores = [...new Set([...even, threshold])].sort((a, b) => a - b);
  const layers = scores.flatMap((from, place) => {
    const to = scores[place + 1] ?? Infinity;
    const inside = ({ score }: { score: number }) => score >= from && score < to;
    const layer = { circles: marks.circles.filter(inside), lines: marks.lines.filter(inside) };
    return layer.circles.length + layer.lines.length === 0 ? [] : [{ layer, place }];
  });
  return {
    scores,
    last: layers.flatMap(({ place }) => [place, place]),
    traces: layers.flatMap(({ layer, place }) => {
      const visible = scores[place] >= threshold;
      return [
        { ...markTrace(layer, "picks", PICK_COLOUR, 2), showlegend: false, visible },
        { ...centreTrace(layer), visible },
      ];
    }),
    texts: scores.map((score) => countText(marksFrom(marks, score), "picks")),
  };
}

/** Layout of a slider over the layers, whose traces come after `before` others. */
export function scoreSlider(
  { scores, last, texts }: ScoreLayers,
  before: number,
  threshold: number,
): Record<string, unknown> {
  const always = Array.from({ length: before }, () => true);
  return {
    sliders: [{
      active: scores.indexOf(threshold),
      currentvalue: { prefix: "least score ", font: { color: INK } },
      font: { color: "rgba(0,0,0,0)" }, // labels at the ticks: only the current one is shown
      pad: { t: 56 },
      steps: scores.map((score, place) => ({
        label: `${+score.toFixed(3)}: ${texts[place]}`,
        method: "restyle",
        args: [{ visible: [...always, ...last.map((end) => end >= place)] }],
      })),
    }],
  };
}

/** Circles and lines as one trace, with gaps between them. */
export function markTrace(
  { circles, lines }: Marks,
  name: string,
  colour: string,
  width: number,
): Trace {
  const outlines = [...circles.map(outlineOf), ...lines.map(({ points }) => points)];
  const gap = { x: null, y: null };
  const nodes = outlines.length === 0 ? [gap] : outlines.flatMap((points) => [...points, gap]);
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: nodes.map(({ x }) => rounded(x)),
    y: nodes.map(({ y }) => rounded(y)),
    line: { color: colour, width },
    hoverinfo: "skip",
    showlegend: true,
  };
}

/** Invisible centres, at which one points to see scores. */
function centreTrace({ circles, lines }: Marks): Trace {
  const centres = [...circles, ...lines.map(middleOf)];
  return {
    type: "scatter",
    mode: "markers",
    x: centres.map(({ x }) => rounded(x)),
    y: centres.map(({ y }) => rounded(y)),
    text: centres.map(({ score }) => `score ${score.toFixed(3)}`),
    hovertemplate: "%{text}<br>x %{x}, y %{y}<extra></extra>",
    marker: { opacity: 0, size: 12 },
    showlegend: false,
  };
}

function middleOf({ points, score }: LineMark) {
  return { ...points[points.length >> 1], score };
}

function outlineOf({ x, y, diameter }: CircleMark) {
  const radius = diameter / 2;
  return Array.from({ length: CORNERS + 1 }, (_, i) => {
    const angle = 2 * Math.PI * i / CORNERS;
    return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
  });
}

function rounded(value: number | null): number | null {
  return value === null ? null : +value.toFixed(1);
}
