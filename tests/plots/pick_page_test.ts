import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decode } from "fast-png";
import { GREY_STEP, greyPngUrl } from "../../lib/plots/grey_png.ts";
import { type PickFigure, pickPage } from "../../lib/plots/mod.ts";
import { MARGIN, preprocess } from "../../lib/preprocess/mod.ts";

const WIDTH = 96;
const HEIGHT = 64;

function imageOf(targetSize = 48) {
  const pixels = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * 37) % 101);
  return preprocess({ name: "a", width: WIDTH, height: HEIGHT, pixels }, { targetSize });
}

function figureOf(more: Partial<PickFigure> = {}): PickFigure {
  const picks = [0.1, 0.9, 0.5, 0.49].map((score, i) => ({ x: 10 + 20 * i, y: 30.25, score }));
  return { name: "a", image: imageOf(), picks, diameter: 12, ...more };
}

function page(figures: PickFigure[], threshold = 0.5) {
  return pickPage({ title: "T", threshold, micrographs: figures });
}

Deno.test("the picture in the page is the network image without its margin", () => {
  const image = imageOf();
  const [, base64] = greyPngUrl(image).split("data:image/png;base64,");
  const png = decode(Uint8Array.fromBase64(base64));
  assertEquals([png.width, png.height, png.channels, png.depth], [48, 32, 1, 8]);
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 48; x++) {
      const grey = image.pixels[(y + MARGIN) * image.paddedWidth + x + MARGIN];
      const difference = grey - png.data[y * 48 + x];
      assert(difference >= 0 && difference < GREY_STEP, `${x}, ${y}: ${difference}`);
    }
  }
});

Deno.test("captions and total count the picks that reach the threshold", () => {
  const html = page([figureOf(), figureOf({ name: "b", picks: [], truth: [{ x: 1, y: 2 }] })]);
  const counts = [...html.matchAll(/<output class="count">(\d+)<\/output> picks([^<]*)/g)];
  assertEquals(counts.map(([, count, rest]) => [count, rest]), [["2", ""], [
    "0",
    ", 1 labels",
  ]]);
  assertStringIncludes(html, '<output id="total" for="threshold">2</output>');
});

Deno.test("every candidate is a circle in micrograph pixels, weak ones are hidden", () => {
  const html = page([figureOf()]);
  const circles = [...html.matchAll(/<circle( class="weak")? data-score="([\d.]+)" cx="(\d+)"/g)];
  assertEquals(circles.map(([, weak, score, x]) => [weak !== undefined, +score, +x]), [
    [false, 0.9, 30],
    [false, 0.5, 50],
    [true, 0.49, 70],
    [true, 0.1, 10],
  ]);
  assertStringIncludes(html, 'viewBox="-0.5 -0.5 96 64"');
  assertStringIncludes(html, 'cy="30.3" r="6"');
});

Deno.test("a pick without a score always shows", () => {
  const html = page([figureOf({ picks: [{ x: 1, y: 1 }] })], 1);
  assertStringIncludes(html, '<output class="count">1</output>');
});

Deno.test("the page offers truth only where there is some", () => {
  assert(!page([figureOf()]).includes('id="show-truth"'));
  assertStringIncludes(page([figureOf({ truth: [] })]), 'id="show-truth"');
});

Deno.test("names, titles and cells cannot inject markup", () => {
  const evil = `"><script>alert('x')</script>&`;
  const rows = [{ name: evil }];
  const html = pickPage({
    title: evil,
    subtitle: evil,
    threshold: 0.5,
    micrographs: [figureOf({ name: evil })],
    table: { rows, columns: [{ key: "name", title: evil }] },
  });
  assertEquals(html.match(/<script>/g)?.length, 1); // the page's own
  assert(!html.includes(evil));
  const escaped = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;";
  assertStringIncludes(html, `<title>${escaped}</title>`);
  assertStringIncludes(html, `alt="${escaped}"`);
  assertStringIncludes(html, `<td>${escaped}</td>`);
});

Deno.test("the table has the numbers and dashes of formatTable", () => {
  const html = pickPage({
    title: "T",
    threshold: 0.5,
    micrographs: [],
    table: {
      rows: [{ name: "a", n: 3, ap: 0.91234 }, { name: "b", n: 10, ap: NaN }],
      columns: ["name", "n", { key: "ap", title: "AP", digits: 2 }],
    },
  });
  assertStringIncludes(
    html,
    '<tr><td>a</td><td class="number">3</td><td class="number">0.91</td></tr>',
  );
  assertStringIncludes(
    html,
    '<tr><td>b</td><td class="number">10</td><td class="number">–</td></tr>',
  );
});

Deno.test("the page loads nothing from elsewhere", () => {
  const html = page([figureOf()]);
  assertEquals(html.match(/https?:|\bsrc="(?!data:)|<link|@import|url\(/g), null);
});

Deno.test("a noisy micrograph of full size takes at most 1.2 MB", () => {
  const pixels = Float32Array.from({ length: 1 << 20 }, (_, i) => Math.imul(i + 1, 0x9e3779b1));
  const image = preprocess({ name: "noise", width: 1024, height: 1024, pixels });
  assert(page([figureOf({ image })]).length < 1.2e6);
});
