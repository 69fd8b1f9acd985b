import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { dirname } from "@std/path";
import { encode } from "fast-png";
import { drawTargets } from "../../lib/centernet/mod.ts";
import { distance, EPickerError } from "../../lib/core/mod.ts";
import { readDataset } from "../../lib/io/mod.ts";
import { fiberPoints, readFiberLabels } from "../../lib/tracing/mod.ts";

const SIZE = 120;

/** A PNG of a horizontal bar of 9 rows about row 60. */
function bar(from: number, to: number): Uint8Array {
  const data = Uint8Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    return Math.abs(y - 60) <= 4 && x >= from && x < to ? 255 : 0;
  });
  return encode({ width: SIZE, height: SIZE, data, channels: 1 });
}

/** Reads the fiber labels of a dataset of one micrograph and these files. */
async function labelsOf(files: Record<string, string | Uint8Array>, pixelSizeA?: number) {
  const folder = await Deno.makeTempDir();
  for (const [path, content] of Object.entries({ "micrographs/a.png": bar(0, 0), ...files })) {
    await Deno.mkdir(dirname(`${folder}/${path}`), { recursive: true });
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${folder}/${path}`, bytes);
  }
  try {
    const dataset = await readDataset(folder);
    return await readFiberLabels(dataset, dataset.entries[0], pixelSizeA);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const WIDTH = { "dataset.json": '{"diameterPx": 8}' };
const TWO_LINES = [
  [{ x: 10, y: 20 }, { x: 50, y: 20 }, { x: 90, y: 40 }],
  [{ x: 5, y: 5 }, { x: 5, y: 100 }],
];

Deno.test("rows with fiber numbers are polylines in their order, whatever the format", async () => {
  const files = {
    "coordinates/a.csv": "x,y,fiber\n10,20,1\n5,5,2\n50,20,1\n90,40,1\n5,100,2\n",
    "coordinates/a.thi": "[Helix Coordinates: X Y Group Value]\n10 20 1 1\n50 20 1 1\n90 40 1 1\n" +
      "5 5 2 1\n5 100 2 1\n[End]\n",
  };
  for (const [path, content] of Object.entries(files)) {
    const { lines, pixels, width } = await labelsOf({ [path]: content, ...WIDTH });
    assertEquals([lines, pixels, width], [TWO_LINES, [], 8]);
  }
});

Deno.test("a STAR file without tube IDs holds start-end pairs, one with them does not", async () => {
  const head = "data_\n\nloop_\n_rlnCoordinateX #1\n_rlnCoordinateY #2\n";
  const pairs = await labelsOf({ "coordinates/a.star": `${head}1 2\n3 4\n5 6\n7 8\n`, ...WIDTH });
  assertEquals(pairs.lines.map((line) => line.map(({ x }) => x)), [[1, 3], [5, 7]]);
  const tubes = `${head}_rlnHelicalTubeID #3\n1 2 1\n3 4 1\n5 6 1\n7 8 2\n`;
  const { lines } = await labelsOf({ "coordinates/a.star": tubes, ...WIDTH });
  assertEquals(lines.map(({ length }) => length), [3, 1]);
});

Deno.test("rows without fiber numbers are pixels; a mask stands in where there are no rows", async () => {
  const rows = await labelsOf({ "coordinates/a.csv": "x,y\n3,4\n1,2\n", ...WIDTH });
  assertEquals([rows.lines, rows.pixels], [[], [{ x: 3, y: 4 }, { x: 1, y: 2 }]]);
  const { lines, pixels, width } = await labelsOf({ "masks/a.png": bar(10, 110) });
  assertEquals(lines, []);
  assert(pixels.length > 85 && pixels.every(({ y }) => y === 60));
  assert(width > 9 && width <= 10, `${width}: 9 rows and the ends that thinning takes off`);
});

Deno.test("the width: Å by pixel size, else pixels, else the labels' diameters, else the mask's", async () => {
  const csv = "x,y,diameter,fiber\n10,60,14,1\n100,60,14,1\n";
  const plain = {
    "coordinates/a.csv": "x,y,fiber\n10,60,1\n100,60,1\n",
    "masks/a.png": bar(10, 110),
  };
  const info = { "dataset.json": '{"diameterA": 60, "diameterPx": 8}' };
  const all = { ...plain, "coordinates/a.csv": csv, ...info };
  assertEquals((await labelsOf(all, 3)).width, 20);
  assertEquals((await labelsOf(all)).width, 8);
  assertEquals((await labelsOf({ ...plain, "coordinates/a.csv": csv })).width, 14);
  assertAlmostEquals((await labelsOf(plain)).width, 9.5, 0.5);
  const nothing = { "coordinates/a.csv": plain["coordinates/a.csv"] };
  await assertRejects(() => labelsOf(nothing), EPickerError, "diameterPx");
});

Deno.test("training points lie a quarter of the width apart along lines, no closer among pixels", () => {
  const pixels = Array.from({ length: 101 }, (_, x) => ({ x, y: 90 }));
  const points = fiberPoints({ lines: [TWO_LINES[1]], pixels, width: 20 });
  assertEquals(new Set(points.map(({ diameter }) => diameter)), new Set([20]));
  const onLine = points.filter(({ y }) => y !== 90);
  assertEquals(onLine.length, Math.floor(95 / 5));
  for (const [i, point] of onLine.slice(1).entries()) {
    assertAlmostEquals(distance(onLine[i], point), 5, 1e-9);
  }
  const onPixels = points.filter(({ y, x }) => y === 90 && x !== 5).map(({ x }) => x);
  assert(onPixels.length >= 15);
  for (const [i, x] of onPixels.toSorted((a, b) => a - b).entries()) {
    if (i > 0) assert(x - onPixels.toSorted((a, b) => a - b)[i - 1] >= 5);
  }
});

Deno.test("the targets of training points are a ridge that never falls below a half", () => {
  for (const width of [12, 16, 30, 60]) {
    const line = [{ x: 20, y: 66 }, { x: 230, y: 190 }];
    const objects = fiberPoints({ lines: [line], pixels: [], width }).map(({ x, y }) => {
      return { x, y, diameter: width };
    });
    const { heat, width: columns } = drawTargets(objects, 256, 256);
    for (let t = 0.1; t <= 0.9; t += 0.01) {
      // the best of the cells around a place on the line
      const [x, y] = [20 + t * 210, 66 + t * 124].map((v) => Math.floor((v + 0.5) / 4 - 0.5));
      const cells = [0, 1, columns, columns + 1].map((step) => heat[y * columns + x + step]);
      assert(Math.max(...cells) > 0.5, `${Math.max(...cells)} at ${t} for width ${width}`);
    }
  }
});
