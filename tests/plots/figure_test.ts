import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  chartFigure,
  figurePage,
  heatMapFigure,
  imageFigure,
  JUPYTER_DISPLAY,
  type Panel,
} from "../../lib/plots/mod.ts";
import { heatColour, shrunk, VIRIDIS } from "../../lib/plots/picture.ts";
import { assertFigure, assertWellFormed, EVIL } from "./_figures.ts";

const PANEL: Panel = {
  x: "dose (e/Å²)",
  y: "AP (%)",
  series: [
    {
      name: "a",
      points: [[0, 1], [1, NaN], [2, 9], [3, Infinity], [4, 5]],
      errors: [1, 1, 2, 1, 0],
    },
    { name: "b", points: [[0, 3], [4, 4]], dashed: true, dots: false },
  ],
  marks: [{ x: 2.5, name: "limit" }, { x: NaN, name: "nowhere" }],
};

Deno.test("a notebook gets plotly, an SVG and a text, and the values are the inputs", () => {
  const figure = chartFigure("Dose", PANEL);
  assertFigure(figure);
  const [a, b] = figure.plotly.data;
  assertEquals([a.x, a.y], [[0, 2, 4], [1, 9, 5]]);
  assertEquals(a.error_y, { type: "data", array: [1, 2, 0] });
  assertEquals([b.x, b.y, b.mode], [[0, 4], [3, 4], "lines"]);
  assertEquals(figure[JUPYTER_DISPLAY]()["text/plain"], "Figure: Dose");
});

Deno.test("the SVG names axes with units and marks the same points", () => {
  const { svg } = chartFigure("Dose", PANEL);
  assert(svg.includes(">dose (e/Å²)</text>") && svg.includes(">AP (%)</text>"));
  assertEquals(svg.match(/<circle/g)?.length, 3);
  assertEquals(svg.match(/class="mark"/g)?.length, 1);
  assert(svg.includes("<title>a: 2, 9 ± 2</title>"));
});

Deno.test("the same input gives the same figure", () => {
  assertEquals(chartFigure("Dose", PANEL), chartFigure("Dose", PANEL));
});

Deno.test("panels stand side by side with axes of their own, a name is in the legend once", () => {
  const figure = chartFigure("Two", { ...PANEL, title: "left" }, { ...PANEL, title: "right" });
  assertFigure(figure);
  const { data, layout } = figure.plotly;
  assertEquals(data.map(({ xaxis, yaxis }) => [xaxis, yaxis]), [
    ["x", "y"],
    ["x", "y"],
    ["x2", "y2"],
    ["x2", "y2"],
  ]);
  assertEquals(data.map(({ showlegend }) => showlegend), [true, true, false, false]);
  const [left, right] = ["xaxis", "xaxis2"].map((key) =>
    (layout[key] as { domain: [number, number] }).domain
  );
  assert(left[0] === 0 && left[1] < right[0] && Math.abs(right[1] - 1) < 1e-9);
  assert(figure.svg.includes(">left</text>") && figure.svg.includes(">right</text>"));
});

Deno.test("bars on one another begin where the one below ends, in both drawings", () => {
  const figure = chartFigure("Stack", {
    x: "",
    y: "",
    bars: "stacked",
    barWidth: 0.5,
    series: [{ name: "a", points: [[1, 2], [2, 3]] }, { name: "b", points: [[1, 4], [2, 1]] }],
  });
  assertFigure(figure);
  assertEquals(figure.plotly.data.map(({ y, base }) => [y, base]), [
    [[2, 3], [0, 0]],
    [[4, 1], [2, 3]],
  ]);
  const bars = [
    ...figure.svg.matchAll(
      /<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" fill="#\w+"><t/g,
    ),
  ]
    .map(([, y, height]) => [+y, +height]);
  assertEquals(bars.length, 4);
  assertAlmostEquals(bars[2][0] + bars[2][1], bars[0][0], 0.21); // b stands on a
  assertAlmostEquals(bars[2][1] / bars[0][1], 2, 0.02);
});

Deno.test("hostile names stay text in every drawing", () => {
  const figure = chartFigure(EVIL, {
    x: EVIL,
    y: EVIL,
    categories: [EVIL],
    marks: [{ x: 0, name: EVIL }],
    series: [{ name: EVIL, points: [[0, 1]], labels: [EVIL] }, { name: "b", points: [] }],
  });
  const map = heatMapFigure({
    ...{ title: EVIL, x: EVIL, y: EVIL, unit: EVIL, columns: [EVIL], rows: [EVIL] },
    ...{ values: [[1]], range: [0, 1], text: () => EVIL },
  });
  for (const one of [figure, map, imageFigure(EVIL, { width: 1, height: 1, pixels: [1] })]) {
    assertFigure(one);
    assert(!JSON.stringify(one.plotly).includes("<script") && !one.svg.includes("<script"));
  }
  const page = figurePage([figure, map], { title: EVIL, subtitle: EVIL });
  assert(!page.includes("<script") && page.includes("&lt;script&gt;"));
});

Deno.test("a chart without data, or of one value, is drawn all the same", () => {
  assertFigure(chartFigure("Empty", { x: "", y: "", series: [] }));
  assertFigure(chartFigure("One", { x: "", y: "", series: [{ name: "a", points: [[3, 3]] }] }));
  assertFigure(
    chartFigure("None", { x: "", y: "", bars: true, series: [{ name: "a", points: [] }] }),
  );
});

Deno.test("a heat map has the colours of its values and leaves out what is no number", () => {
  const figure = heatMapFigure({
    ...{ title: "M", x: "x", y: "y", unit: "%", columns: ["a", "b", "c"], rows: ["r"] },
    ...{ values: [[0, 50, NaN]], range: [0, 50], text: (value) => value.toFixed(1) },
  });
  assertFigure(figure);
  assertEquals(figure.plotly.data[0].z, [[0, 50, null]]);
  assertEquals(figure.plotly.data[0].text, [["0.0", "50.0", ""]]);
  const fills = [...figure.svg.matchAll(/fill="rgb\(([\d,]+)\)"/g)].map(([, rgb]) => rgb);
  assertEquals(fills, ["68,1,84", "253,231,37"]); // the ends of viridis
});

Deno.test("colours between those of the list are in proportion", () => {
  const [dark, light] = [0, 1 / (VIRIDIS.length - 1)].map(heatColour);
  heatColour(0.5 / (VIRIDIS.length - 1)).forEach((value, i) =>
    assertAlmostEquals(value, (dark[i] + light[i]) / 2, 0.51)
  );
  assertEquals([heatColour(-1), heatColour(2)], [heatColour(0), heatColour(1)]);
});

Deno.test("an image figure has axes in the image's pixels and says what its greys are", () => {
  const pixels = Float32Array.from({ length: 40 * 20 }, (_, i) => i);
  const figure = imageFigure("Ramp", { width: 40, height: 20, pixels }, { range: [10, 790] });
  assertFigure(figure);
  const [picture] = figure.plotly.layout.images as Record<string, unknown>[];
  assertEquals([picture.x, picture.y, picture.sizex, picture.sizey], [-0.5, -0.5, 40, 20]);
  assertEquals((figure.plotly.layout.yaxis as { range: number[] }).range, [19.5, -0.5]);
  assert(figure.svg.includes("darkest 10, brightest 790"));
  const flat = imageFigure("Flat", { width: 2, height: 1, pixels: [NaN, 3] }, { colours: "heat" });
  assertFigure(flat);
});

Deno.test("a shrunk image is the mean of what lies below each pixel", () => {
  const data = Uint8Array.from([0, 10, 20, 30, 4, 6, 100, 102]);
  assertEquals(shrunk({ width: 4, height: 2, data }, 2), {
    width: 2,
    height: 1,
    data: Uint8Array.from([5, 63]),
  });
  assertEquals(shrunk({ width: 4, height: 2, data }, 9).data, data);
});

Deno.test("the check of XML finds what is not well-formed", () => {
  for (
    const wrong of ["<svg><g></svg>", "<svg>&</svg>", '<svg a="1" a="2"></svg>', "<svg a=1></svg>"]
  ) {
    assertThrows(() => assertWellFormed(wrong));
  }
});
