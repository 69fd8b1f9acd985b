import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { encode } from "fast-png";
import { distance, EPickerError, random } from "../../lib/core/mod.ts";
import { readCoordinates, writeCandidates, writeCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { traceFiles } from "../../lib/tracing/mod.ts";

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Points on two crossing lines in an image of 1024 pixels, in random order. */
function crossingPoints() {
  const points = Array.from({ length: 80 }, (_, i) => [
    { x: 100 + 10 * i, y: 300, score: 0.9 },
    { x: 500, y: 104 + 10 * i, score: 0.9 },
  ]).flat();
  return random(4).shuffle(points);
}

Deno.test("points become boxes at the rise, with tube ID, psi prior and track length", async () => {
  await withFolder(async (folder) => {
    await writeCoordinates(`${folder}/a.csv`, crossingPoints());
    const image = {
      width: 1024,
      height: 1024,
      pixels: new Float32Array(1024 * 1024),
      pixelSizeA: 2,
    };
    await writeMrc(`${folder}/mics/a.mrc`, image);
    const options = { out: `${folder}/out`, micrographs: `${folder}/mics`, riseA: 27 };
    const [{ written: [done], error }] = await traceFiles([`${folder}/a.csv`], options);
    assertEquals([done.name, done.fibers, error], ["a", 2, undefined]);
    const boxes = await readCoordinates(done.path);
    for (const fiber of [1, 2]) {
      const own = boxes.filter((box) => box.fiber === fiber);
      assertEquals(own.length, Math.floor(790 / 13.5));
      for (const [i, box] of own.slice(1).entries()) {
        assertAlmostEquals(distance(own[i], box), 13.5, 0.02);
      }
    }
    const rows = (await Deno.readTextFile(done.path)).split("\n").filter((row) =>
      /^\s*\d/.test(row)
    );
    const [first, second] = rows.map((row) => row.trim().split(/\s+/).map(Number));
    assertEquals(first.at(-1), 0);
    assertAlmostEquals(second.at(-1)!, 27, 0.02); // Å
    const psi = Math.abs(first.at(-3)!);
    assert(Math.abs(psi - 180) < 1 || psi < 1 || Math.abs(psi - 90) < 1, `${psi} degrees`);
  });
});

Deno.test("without a rise the nodes of the polylines are written", async () => {
  await withFolder(async (folder) => {
    await writeCoordinates(`${folder}/a.csv`, crossingPoints());
    const options = { out: `${folder}/out`, to: "csv" };
    const [{ written: [{ path }] }] = await traceFiles([`${folder}/a.csv`], options);
    const nodes = await readCoordinates(path);
    assertEquals(nodes.map(({ fiber }) => fiber), [1, 1, 2, 2]);
    assert(distance(nodes[0], nodes[1]) > 780 && distance(nodes[2], nodes[3]) > 780);
  });
});

Deno.test("a mask image becomes fibers with their width", async () => {
  await withFolder(async (folder) => {
    const data = Uint8Array.from({ length: 200 * 200 }, (_, i) => {
      return Math.abs(Math.floor(i / 200) - 60) <= 4 && i % 200 >= 20 && i % 200 < 180 ? 255 : 0;
    });
    const png = encode({ width: 200, height: 200, data, channels: 1 });
    await Deno.writeFile(`${folder}/a.png`, png);
    const options = { out: `${folder}/out`, to: "csv" };
    const [{ written: [{ name, path }] }] = await traceFiles([`${folder}/a.png`], options);
    const nodes = await readCoordinates(path);
    assertEquals([name, nodes.length], ["a", 2]);
    assert(nodes.every(({ y }) => Math.abs(y - 60) < 1));
    assertAlmostEquals(Math.abs(nodes[1].x - nodes[0].x), 150, 3);
    assertAlmostEquals(nodes[0].diameter!, 9.5, 0.5);
  });
});

Deno.test("candidates bring their micrograph's size and pixel size; a threshold leaves points out", async () => {
  await withFolder(async (folder) => {
    const row = (y: number, score: number) =>
      Array.from({ length: 40 }, (_, i) => ({ x: 100 + 20 * i, y, score }));
    const image = { micrograph: "a.mrc", width: 2048, height: 2048, pixelSizeA: 2 };
    const candidates = [...row(500, 0.8), ...row(900, 0.4)];
    await writeCandidates(`${folder}/a.json`, { version: 1, ...image, threshold: 0.2, candidates });
    const fibersAt = async (threshold?: number) => {
      const options = { out: `${folder}/out`, riseA: 40, ...(threshold && { threshold }) };
      const [{ written: [{ fibers }] }] = await traceFiles([`${folder}/a.json`], options);
      return fibers;
    };
    assertEquals([await fibersAt(), await fibersAt(0.5), await fibersAt(0.9)], [2, 1, undefined]);
  });
});

Deno.test("a rise in Å without a pixel size is told, an impossible rise refused", async () => {
  await withFolder(async (folder) => {
    await writeCoordinates(`${folder}/a.csv`, crossingPoints());
    const out = `${folder}/out`;
    const [{ error, written }] = await traceFiles([`${folder}/a.csv`], { out, riseA: 27 });
    assertEquals(written, []);
    assert(error?.includes("no pixel size"), error);
    for (const options of [{ rise: 0 }, { riseA: -1 }, { reach: NaN }, { width: 0 }]) {
      const tracing = () => traceFiles([`${folder}/a.csv`], { out, ...options });
      await assertRejects(tracing, EPickerError, "above 0");
    }
  });
});
