/// <reference lib="dom" />
/**
 * Measures the pages in headless Chromium: `deno run -A tests/app/measure.ts`.
 *
 * Time until a picture of many micrographs is there, frames per second while panning, memory of server
 * and browser while pictures are leafed through, and the static page's time for a large micrograph. On
 * Linux alone, where /proc tells.
 *
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
// deno-lint-ignore no-import-prefix -- see _browser.ts
import type { Browser, Page } from "npm:puppeteer-core@25.16.0";
import { random } from "../../lib/core/mod.ts";
import { writeSite } from "../../lib/app/mod.ts";
import { writeCandidates, writeMrc } from "../../lib/io/mod.ts";
import { presetNamed, recipeOf, simulateMicrograph } from "../../lib/simulation/mod.ts";
import { LAUNCHER } from "../tasks/_epicker.ts";
import { findChromium, openPage, startBrowser } from "./_browser.ts";
import { Hand, textOf } from "./_hand.ts";
import { serveFolder } from "./_serve.ts";

const HELP = `Measures the pages in headless Chromium.

Usage: deno run -A tests/app/measure.ts [opening] [frames] [memory] [site]
                                        [--pictures N] [--size PX] [--circles N]

  --pictures N  pictures to leaf through (default: 1000)
  --size PX     edge of the micrographs (default: 4096; a quarter of it where one leafs)
  --circles N   picks on the one that is panned over (default: 5000)`;

const args = parseArgs(Deno.args, { string: ["pictures", "size", "circles"], boolean: ["help"] });
const [pictures, size, circles] = [
  ...[Number(args.pictures ?? 1000), Number(args.size ?? 4096), Number(args.circles ?? 5000)],
];
const chromium = await findChromium();
if (args.help || chromium === undefined) {
  console.log(args.help ? HELP : "no Chromium is installed");
  Deno.exit(args.help ? 0 : 2);
}

/** Micrographs in the list that is opened. */
const MANY = 10_000;

/** Clock ticks of /proc/PID/stat in a second: 100 on all Linux. */
const TICKS = 100;

/** Files among which one leafs: more than the server keeps pictures of. */
const FILES = 8;

const folder = await Deno.makeTempDir({ prefix: "epicker_measure_" });
const browser = await startBrowser(chromium);
try {
  const parts = { opening, frames: panning, memory: leafing, site };
  for (const [name, measure] of Object.entries(parts)) {
    if (args._.length === 0 || args._.includes(name)) await measure(browser);
  }
} finally {
  await browser.close();
  await Deno.remove(folder, { recursive: true });
}

/** Seconds from the address to the first picture, and to the facts of all. */
async function opening(browser: Browser): Promise<void> {
  const [file, micrographs] = [join(folder, "large.mrc"), join(folder, "list")];
  await writeNoise(file, size, 1);
  await Deno.mkdir(micrographs);
  for (let i = 0; i < MANY; i++) {
    await Deno.symlink(file, join(micrographs, `m${String(i).padStart(5, "0")}.mrc`));
  }
  await withServer(micrographs, join(folder, "unpicked"), async ({ address }) => {
    const start = performance.now();
    const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
    const { page } = await openPage(browser, address);
    await Hand.on(page, { width: size, height: size });
    console.log(`${MANY} micrographs of ${size}²: first picture after ${seconds()} s`);
    await page.waitForFunction(`/ in ${MANY} micrographs/.test(document.body.textContent)`);
    console.log(`all facts after ${seconds()} s`);
    await page.close();
  });
}

/** Frames per second while the picture is dragged to and fro. */
async function panning(browser: Browser): Promise<void> {
  const [micrographs, picks] = [join(folder, "one"), join(folder, "picks")];
  await writeNoise(join(micrographs, "one.mrc"), size, 1);
  const stream = random(2);
  const candidates = Array.from({ length: circles }, () => ({
    ...{ x: size * stream.uniform(), y: size * stream.uniform() },
    ...{ score: 0.9, diameter: size / 60 },
  }));
  const image = { micrograph: "one", width: size, height: size };
  const record = { version: 1 as const, ...image, threshold: 0.4, candidates };
  await writeCandidates(join(picks, "candidates", "one.json"), record);
  await withServer(micrographs, picks, async ({ address }) => {
    const { page } = await openPage(browser, address);
    const hand = await Hand.on(page, { width: size, height: size });
    const middle = hand.at({ x: size / 2, y: size / 2 });
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down({ button: "right" });
    const before = await browserSeconds(browser);
    const counting = page.evaluate(countFrames, 5000) as Promise<number>;
    let isDone = false;
    counting.finally(() => isDone = true);
    for (let i = 0; !isDone; i++) {
      await page.mouse.move(middle.x + 100 * Math.sin(i / 5), middle.y + 60 * Math.cos(i / 7));
    }
    const frames = await counting;
    const each = 1000 * (await browserSeconds(browser) - before) / frames;
    console.log(
      `${circles} circles on ${size}²: ${(frames / 5).toFixed(1)} frames a second, ` +
        `${each.toFixed(0)} processor ms each`,
    );
    await page.mouse.up({ button: "right" });
    await page.close();
  });
}

/** Runs in the page: frames within so many milliseconds. */
function countFrames(milliseconds: number): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now();
    let count = 0;
    const next = () => {
      if (performance.now() - start > milliseconds) return resolve(count);
      count++;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
}

/** Memory of server and browser as one picture after another is shown. */
async function leafing(browser: Browser): Promise<void> {
  const [files, micrographs] = [join(folder, "files"), join(folder, "many")];
  for (let i = 0; i < FILES; i++) await writeNoise(join(files, `${i}.mrc`), size / 4, i);
  await Deno.mkdir(micrographs);
  for (let i = 0; i < pictures; i++) {
    const name = `m${String(i).padStart(5, "0")}.mrc`;
    await Deno.symlink(join(files, `${i % FILES}.mrc`), join(micrographs, name));
  }
  await withServer(micrographs, join(folder, "none"), async ({ address, pid }) => {
    const { page } = await openPage(browser, address);
    await Hand.on(page, { width: size / 4, height: size / 4 });
    console.log("\npictures  server MiB  browser MiB  page's heap MiB");
    for (let shown = 1; shown <= pictures; shown++) {
      if (shown === 1 || shown % Math.ceil(pictures / 10) === 0) {
        const sizes = [await residentOf(pid), await browserMemory(browser), await heapOf(page)];
        const cells = sizes.map((mib) => mib.toFixed(0).padStart(12));
        console.log(String(shown).padStart(8) + cells.join(""));
      }
      if (shown === pictures) break;
      await page.keyboard.press("n");
      await page.waitForSelector(".wait", { hidden: true });
    }
    await page.close();
  });
}

/** Seconds of the static page for a micrograph, the first one and the next. */
async function site(browser: Browser): Promise<void> {
  const out = join(folder, "site");
  await writeSite(out);
  const server = serveFolder(out);
  const { page } = await openPage(browser, `http://127.0.0.1:${server.addr.port}/`);
  console.log("");
  const recipe = recipeOf(presetNamed("demo")[2], 0, { size });
  const { micrograph } = simulateMicrograph({ ...recipe, name: "simulated" });
  for (const name of ["first", "next"]) {
    const path = join(folder, `${name}.mrc`);
    await writeMrc(path, micrograph);
    const before = await browserSeconds(browser);
    await (await page.$("input#file"))!.uploadFile(path);
    await page.waitForFunction(
      `[...document.querySelectorAll("h2")].some((h) => h.textContent === "${name}")`,
      { timeout: 600_000 },
    );
    const [count, time] = [await textOf(page, "#count"), await textOf(page, "#time")];
    const seconds = (await browserSeconds(browser) - before).toFixed(1);
    console.log(`static page, ${name} micrograph: ${count} picks, ${time}, ${seconds} processor s`);
  }
  await page.close();
  await server.shutdown();
}

/** Serves a folder by `epicker view` while something is done. */
async function withServer(
  micrographs: string,
  picks: string,
  work: (server: { address: string; pid: number }) => Promise<void>,
): Promise<void> {
  const child = new Deno.Command(LAUNCHER, {
    args: ["view", micrographs, "--picks", picks],
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const [address] = new TextDecoder().decode(value).match(/http:\S+/)!;
  await work({ address, pid: child.pid }).finally(async () => {
    child.kill("SIGINT");
    await child.status;
    await reader.cancel();
  });
}

/** A micrograph of noise. */
async function writeNoise(path: string, edge: number, seed: number): Promise<void> {
  const stream = random(seed);
  const pixels = Float32Array.from({ length: edge * edge }, () => stream.uniform());
  await writeMrc(path, { width: edge, height: edge, pixels, pixelSizeA: 1 });
}

/** Resident memory of a process. */
async function residentOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(status.match(/^VmRSS:\s+(\d+) kB/m)![1]) / 1024;
}

/** Resident memory of the browser and its processes, what they share counted once for each. */
async function browserMemory(browser: Browser): Promise<number> {
  const sizes = (await processesOf(browser)).map((pid) => residentOf(pid).catch(() => 0));
  return (await Promise.all(sizes)).reduce((a, b) => a + b);
}

/** Processor seconds of the browser and its processes so far. */
async function browserSeconds(browser: Browser): Promise<number> {
  let ticks = 0;
  for (const pid of await processesOf(browser)) {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
    const cells = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(cells[11] ?? 0) + Number(cells[12] ?? 0);
  }
  return ticks / TICKS;
}

async function processesOf(browser: Browser): Promise<number[]> {
  const parents = new Map<number, number>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    if (stat !== "") parents.set(Number(name), Number(stat.split(") ").at(-1)!.split(" ")[1]));
  }
  const family = new Set([browser.process()!.pid!]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
  }
  return [...family];
}

async function heapOf(page: Page): Promise<number> {
  const { JSHeapUsedSize = 0 } = await page.metrics();
  return JSHeapUsedSize / 2 ** 20;
}
