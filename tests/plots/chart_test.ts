import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { chart } from "../../lib/plots/mod.ts";

const circles = (svg: string) =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [+x, +y]);

Deno.test("points of a chart lie in proportion to their values, y upwards", () => {
  const svg = chart({
    title: "t",
    x: "x",
    y: "y",
    series: [{ name: "s", points: [[0, 0], [1, 2], [4, 8]] }],
  });
  const [[x0, y0], [x1, y1], [x2, y2]] = circles(svg);
  assertAlmostEquals((x1 - x0) / (x2 - x0), 1 / 4, 0.002);
  assertAlmostEquals((y1 - y0) / (y2 - y0), 1 / 4, 0.002);
  assert(y2 < y0);
});

Deno.test("bars begin at zero, also below it", () => {
  const points: [number, number][] = [[0, 2], [1, -2]];
  const svg = chart({
    title: "",
    x: "",
    y: "",
    bars: true,
    categories: ["a", "b"],
    series: [{ name: "s", points }],
  });
  const bars = [...svg.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)];
  const [[up, height], [down, depth]] = bars.map(([, y, h]) => [+y, +h]);
  assertAlmostEquals(up + height, down, 0.2);
  assertAlmostEquals(height, depth, 0.2);
});

Deno.test("texts are escaped and values that are no numbers left out", () => {
  const svg = chart({
    title: "<t>",
    x: "&",
    y: "",
    series: [{ name: "<i>", points: [[0, NaN], [1, 1]] }],
  });
  assert(svg.includes("&lt;t&gt;") && svg.includes("&lt;i&gt;") && !svg.includes("<i>"));
  assertEquals(circles(svg).length, 1);
});
