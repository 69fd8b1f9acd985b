import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import type { Pick } from "../../lib/core/mod.ts";
import { micrographFigure, type PickFigure, pickPage } from "../../lib/plots/mod.ts";
import { preprocess } from "../../lib/preprocess/mod.ts";
import { assertFigure, EVIL } from "./_figures.ts";

const pixels = Float32Array.from({ length: 96 * 64 }, (_, i) => (i * 37) % 101);
const image = preprocess({ name: "a", width: 96, height: 64, pixels }, { targetSize: 48 });

const VESICLES: Pick[] = [
  { x: 20, y: 30, score: 0.9, diameter: 20 },
  { x: 60, y: 30, score: 0.42, diameter: 40 },
];
const FIBERS: Pick[] = [0, 1, 2, 3].map((i) => ({
  x: 10 + 20 * i,
  y: 50 + i,
  fiber: 7,
  score: 0.6,
}));

function figureOf(more: Partial<PickFigure> = {}) {
  return { name: "a", image, picks: [...VESICLES, ...FIBERS], diameter: 12, ...more };
}

interface Step {
  label: string;
  args: [{ visible: boolean[] }];
}

function stepsOf(figure: ReturnType<typeof micrographFigure>) {
  const [slider] = figure.plotly.layout.sliders as { active: number; steps: Step[] }[];
  return slider;
}

Deno.test("circles have the radius of each pick, in micrograph pixels", () => {
  const figure = micrographFigure(figureOf());
  assertFigure(figure);
  const circles = [...figure.svg.matchAll(/cx="([\d.]+)" cy="([\d.]+)" r="([\d.]+)"/g)];
  assertEquals(circles.map(([, ...numbers]) => numbers.map(Number)), [[20, 30, 10], [60, 30, 20]]);
  const outline = figure.plotly.data.find(({ mode, showlegend, x }) =>
    mode === "lines" && showlegend === false && (x as number[])[0] === 80
  )!;
  const [xs, ys] = [outline.x as (number | null)[], outline.y as (number | null)[]];
  assertEquals([xs.at(-1), ys.at(-1)], [null, null]); // a gap before the next
  xs.slice(0, -1).forEach((x, i) => assertAlmostEquals(Math.hypot(x! - 60, ys[i]! - 30), 20, 0.1));
});

Deno.test("a pick without a diameter has the micrograph's", () => {
  const figure = micrographFigure(figureOf({ picks: [{ x: 5, y: 6 }] }));
  assertStringIncludes(figure.svg, 'cx="5" cy="6" r="6"');
});

Deno.test("the picks of a fiber are one line through them, in their order", () => {
  const figure = micrographFigure(figureOf());
  assertStringIncludes(figure.svg, 'points="10,50 30,51 50,52 70,53"');
  const line = figure.plotly.data.find(({ x }) =>
    (x as number[])[0] === 10 && (x as number[]).length === 5
  )!;
  assertEquals([line.x, line.y], [[10, 30, 50, 70, null], [50, 51, 52, 53, null]]);
  assertStringIncludes(figure.svg, "2 picks, 1 fibers");
});

Deno.test("the slider shows at every score the picks that reach it", () => {
  const figure = micrographFigure(figureOf(), { threshold: 0.42 });
  const { active, steps } = stepsOf(figure);
  assertEquals(steps[active].label, "0.42: 2 picks, 1 fibers");
  for (const { label, args: [{ visible }] } of steps) {
    assertEquals(visible.length, figure.plotly.data.length);
    const least = parseFloat(label);
    const shown = figure.plotly.data.filter(({ text }, i) => visible[i] && text !== undefined);
    const scores = shown.flatMap(({ text }) => text as string[]).map((text) => +text.slice(6));
    const expected = [0.9, 0.42, 0.6].filter((score) => score >= least);
    assertEquals(scores.sort(), expected.sort(), label);
  }
});

Deno.test("what plotly shows at first is what the slider says and the picture has", () => {
  const figure = micrographFigure(figureOf(), { threshold: 0.5 });
  const { active, steps } = stepsOf(figure);
  const first = figure.plotly.data.map(({ visible = true }) => visible);
  assertEquals(first, steps[active].args[0].visible);
  assertEquals(figure.svg.match(/<circle/g)?.length, 1);
  assertStringIncludes(figure.svg, "1 picks, 1 fibers, score ≥ 0.5");
});

Deno.test("labels have a colour of their own, and none are there without them", () => {
  const truth = [{ x: 21, y: 31, diameter: 22 }];
  const figure = micrographFigure(figureOf({ truth }));
  assertFigure(figure);
  assertStringIncludes(figure.svg, 'cx="21" cy="31" r="11"');
  assertStringIncludes(figure.svg, "1 labels");
  const names = figure.plotly.data.filter(({ showlegend }) => showlegend).map(({ name }) => name);
  assertEquals(names, ["labels", "picks"]);
  assert(!micrographFigure(figureOf()).svg.includes("labels"));
});

Deno.test("a micrograph alone is a figure, and a hostile name stays text", () => {
  const figure = micrographFigure(figureOf({ name: EVIL, picks: [] }));
  assertFigure(figure);
  assertEquals(figure.plotly.layout.sliders, undefined);
  assert(!figure.svg.includes("<script"));
});

Deno.test("where no pick has a score, there is no slider, and all are drawn", () => {
  const figure = micrographFigure(figureOf({ picks: [{ x: 5, y: 6 }, { x: 25, y: 16 }] }));
  assertFigure(figure);
  assertEquals(figure.plotly.layout.sliders, undefined);
  assert(figure.plotly.data.every(({ visible }) => visible !== false));
  assertStringIncludes(figure.svg, "2 picks");
});

Deno.test("a page of fibers draws and counts fibers", () => {
  const truth = FIBERS.map((pick) => ({ ...pick, score: 1 }));
  const html = pickPage({
    title: "T",
    threshold: 0.5,
    micrographs: [figureOf({ picks: FIBERS, truth })],
  });
  assertEquals(html.match(/<polyline/g)?.length, 2);
  assertStringIncludes(html, '<output class="count">1</output> fibers, 1 labelled fibers');
  assertStringIncludes(html, '<output id="total" for="threshold">1</output> fibers');
});

Deno.test("a page draws vesicles at their own size", () => {
  const html = pickPage({
    title: "T",
    threshold: 0.5,
    micrographs: [figureOf({ picks: VESICLES })],
  });
  assertStringIncludes(html, 'data-score="0.9" cx="20" cy="30" r="10"');
  assertStringIncludes(html, '<circle class="weak" data-score="0.42" cx="60" cy="30" r="20"');
});
