import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { type Figure, JUPYTER_DISPLAY } from "../../lib/plots/mod.ts";

/** What our traces may hold: equally many x and y, numbers or gaps. */
const TRACE = z.object({
  type: z.enum(["scatter", "bar", "heatmap"]),
  x: z.array(z.number().nullable()),
  y: z.array(z.number().nullable()),
}).loose();

const AXIS = z.object({ title: z.object({ text: z.string() }) }).loose();

const PLOTLY = z.object({
  data: z.array(TRACE),
  layout: z.object({
    xaxis: AXIS,
    yaxis: AXIS,
    height: z.number().positive(),
    paper_bgcolor: z.literal("rgba(0,0,0,0)"),
    plot_bgcolor: z.literal("rgba(0,0,0,0)"),
  }).loose(),
  config: z.object({ responsive: z.literal(true) }).loose(),
}).strict();

/** Checks everything that holds for every figure. */
export function assertFigure(figure: Figure): void {
  const bundle = figure[JUPYTER_DISPLAY]();
  assertEquals(Object.keys(bundle), [
    "application/vnd.plotly.v1+json",
    "image/svg+xml",
    "text/plain",
  ]);
  const json = JSON.stringify(figure.plotly);
  // What JSON cannot hold (NaN, undefined, functions) would differ.
  assertEquals(JSON.parse(json), figure.plotly);
  for (const { type, x, y } of PLOTLY.parse(figure.plotly).data) {
    if (type !== "heatmap") assertEquals(x.length, y.length);
  }
  assert(!/NaN|undefined|Infinity|null/.test(figure.svg), "a number is missing in the SVG");
  assert(!/NaN|undefined|Infinity/.test(json), "a number is missing in the JSON");
  assertWellFormed(figure.svg);
}

/**
 * Checks that a text is one well-formed XML element: tags are closed in order, attributes are
 * quoted and come once, and no bare `<` or `&` is left.
 */
export function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replaceAll(
    /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g,
    (_, end, name, attributes, empty) => {
      const names = [...attributes.matchAll(/\s([\w:-]+)="/g)].map(([, key]) => key);
      assertEquals(names.length, new Set(names).size, `an attribute of <${name}> comes twice`);
      assert(!/&(?!(amp|lt|gt|quot|#39);)/.test(attributes), `a bare & in ${attributes}`);
      if (end) assertEquals(open.pop(), name, "tags are closed in order");
      else if (!empty) open.push(name);
      return "";
    },
  );
  assertEquals(open, [], "all tags are closed");
  assert(!/[<>]|&(?!(amp|lt|gt|quot|#39);)/.test(rest), `not well-formed: ${rest.slice(0, 200)}`);
  assert(xml.startsWith("<svg") && xml.endsWith("</svg>"), "the root is <svg>");
}

/** A name that would break out of attributes, texts and plotly's own markup. */
export const EVIL = `"><script>alert('x')</script>&<b>`;
