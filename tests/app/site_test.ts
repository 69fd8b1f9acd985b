import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { decode } from "fast-png";
// deno-lint-ignore no-import-prefix -- see _browser.ts
import type { Page } from "npm:puppeteer-core@25.16.0";
import { writeSite } from "../../lib/app/mod.ts";
import { bestF1, precisionRecall } from "../../lib/evaluation/mod.ts";
import { readModel, writeModel } from "../../lib/centernet/mod.ts";
import type { Micrograph, Pick, Point } from "../../lib/core/mod.ts";
import { readCoordinates, readMicrograph, writeMrc } from "../../lib/io/mod.ts";
import { loadPicker } from "../../lib/picking/mod.ts";
import { demoMicrographs } from "../../lib/simulation/mod.ts";
import { freshModel } from "../picking/_model.ts";
import { Hand, textOf } from "./_hand.ts";
import { siteTest } from "./_site.ts";

async function gzipped(path: string): Promise<number> {
  const stream = (await Deno.open(path)).readable.pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

siteTest(
  "a file dropped on the static page gives the picks of the command line, within 6 MB",
  async ({ folder, open }) => {
    const site = join(folder, "site");
    let size = 0;
    for await (const { name } of Deno.readDir(site)) size += await gzipped(join(site, name));
    assert(size < 6e6, `${size} bytes`);
    const path = join(folder, "ribosome.mrc");
    await writeMrc(path, demoMicrographs()[1].micrograph);
    const model = join(site, "model.safetensors");
    await writeModel(model, (await readModel(model)).model, { half: true }); // as models may be
    using picker = await loadPicker({ model, backend: "wasm" });
    const { picks } = await picker.pick(await readMicrograph(path));
    const { page, problems } = await open();
    await (await page.$("input#file"))!.uploadFile(path);
    await page.waitForSelector("#time", { timeout: 60_000 });
    assert((await textOf(page, "#time")).includes("WASM"));
    assertEquals(await textOf(page, "#count"), String(picks.length));
    assertSame(await downloaded(page, folder, "ribosome.csv"), picks);
    const sure = picks.filter(({ score }) => score > 0.5);
    assert(sure.length > 10);
    assertEquals(await hotAmong(page, sure), 0);
    await page.click("#heat");
    await page.waitForSelector("#heat[aria-pressed=true]", { timeout: 60_000 });
    assert(await hotAmong(page, sure) > 0.9 * sure.length);
    const beside = sure.map(({ x, y, diameter }) => ({ x: x + diameter / 2 - 4, y }));
    assert(await hotAmong(page, beside) < sure.length / 10);
    await page.click("#heat");
    assertEquals(await hotAmong(page, sure), 0);
    const [simulate] = await page.$$("xpath/.//button[text()='apoferritin']");
    await simulate.click();
    await page.waitForSelector("#scores", { timeout: 60_000 });
    const scores = (await textOf(page, "#scores")).match(/\d+(?= %)/g)!.map(Number);
    assert(scores.every((score) => score > 80), String(scores));
    await Deno.writeTextFile(join(folder, "no.mrc"), "no micrograph");
    await (await page.$("input#file"))!.uploadFile(join(folder, "no.mrc"));
    await page.waitForFunction("document.querySelector('[role=alert]').textContent !== ''");
    assert((await textOf(page, "[role=alert]")).startsWith("no.mrc: found"));
    assertEquals(problems, []);
  },
);

siteTest("by WebGPU the static page gives the same picks", async ({ folder, open }) => {
  const path = join(folder, "small.mrc");
  await writeMrc(path, cutOut(demoMicrographs()[1].micrograph, 320));
  using picker = await loadPicker({ backend: "wasm" });
  const { picks } = await picker.pick(await readMicrograph(path));
  assert(picks.length > 2);
  const { page, problems } = await open("?backend=webgpu");
  if (!await page.evaluate("navigator.gpu?.requestAdapter()")) {
    assert(!Deno.env.has("EPICKER_REQUIRE_WEBGPU"), "this Chromium has no WebGPU");
    return console.log("skipped: this Chromium has no WebGPU");
  }
  await (await page.$("input#file"))!.uploadFile(path);
  await page.waitForSelector("#time", { timeout: 600_000 });
  assert((await textOf(page, "#time")).includes("WebGPU (google swiftshader)"));
  assertSame(await downloaded(page, folder, "small.csv"), picks);
  assertEquals(problems, []);
});

siteTest(
  "the page for class counts as evaluation does, at every threshold, and shows what it counts",
  async ({ open }) => {
    const { micrograph, truth } = demoMicrographs()[2];
    using picker = await loadPicker({ backend: "wasm" });
    const { candidates } = await picker.pick(micrograph);
    const image = { name: "a", truth, diameter: truth[0].diameter! };
    const best = bestF1([{ ...image, picks: candidates }]);
    const { page, problems } = await open("class.html");
    await page.waitForSelector("#best", { timeout: 120_000 });
    const [shown, at] = (await textOf(page, "#best")).match(/[\d.]+(?= %|$)/g)!.map(Number);
    assertAlmostEquals(shown, 100 * best.f1, 1);
    await page.click("#best");
    const picks = candidates.filter(({ score }) => score >= at);
    const { precision, recall } = precisionRecall([{ ...image, picks }]).at(-1)!;
    const right = Math.round(precision * picks.length);
    const counts = [right, picks.length - right, truth.length - right];
    assertEquals((await textOf(page, "#counts")).match(/\d+/g)!.map(Number), counts);
    const scores = (await textOf(page, "#scores")).match(/\d+(?= %)/g)!.map(Number);
    assertAlmostEquals(scores[0], 100 * precision, 0.51);
    assertAlmostEquals(scores[1], 100 * recall, 0.51);
    const sure = candidates.filter(({ score }) => score > 0.5);
    for (const layer of ["micrograph", "right", "wrong"]) await page.click(`#layer-${layer}`);
    assertEquals(await hotAmong(page, sure), 0); // nothing is left to see
    await page.click("#layer-heat");
    assert(await hotAmong(page, sure) > 0.9 * sure.length);
    await page.setViewport({ width: 800, height: 900 });
    for (const part of [".picture", ".panel"]) { // one below the other, over the whole width
      const { width } = await (await page.$(part))!.boundingBox() ?? { width: 0 };
      assertEquals(width, 800);
    }
    await page.click("#another");
    await page.waitForFunction(
      `!document.querySelector("#counts").textContent.startsWith("${counts[0]} ")`,
      { timeout: 120_000 },
    );
    assertEquals(problems, []);
  },
);

Deno.test("a site carries the model that it is given", async () => {
  const folder = await Deno.makeTempDir();
  const model = join(folder, "fresh.safetensors");
  await writeModel(model, freshModel());
  await writeSite(join(folder, "site"), model);
  assertEquals(
    await Deno.readFile(join(folder, "site", "model.safetensors")),
    await Deno.readFile(model),
  );
  await Deno.remove(folder, { recursive: true });
});

/** How many of some places of a picture of 1024² pixels are as red and yellow as heat maps are. */
async function hotAmong(page: Page, places: Point[]): Promise<number> {
  await page.evaluate("new Promise(requestAnimationFrame)");
  const hand = await Hand.on(page, { width: 1024, height: 1024 });
  const { width, channels, data } = decode(await page.screenshot());
  return places.filter((place) => {
    const { x, y } = hand.at(place);
    const at = (Math.round(y) * width + Math.round(x)) * channels;
    const [r, g, b] = data.slice(at, at + 3);
    return r > b + 30 && r > g;
  }).length;
}

/** The left upper corner of a micrograph. */
function cutOut({ width, pixels, ...rest }: Micrograph, edge: number): Micrograph {
  const cut = Float32Array.from({ length: edge * edge }, (_, i) => {
    return pixels[Math.floor(i / edge) * width + i % edge];
  });
  return { ...rest, width: edge, height: edge, pixels: cut };
}

function assertSame(found: readonly Pick[], expected: readonly Pick[]): void {
  assertEquals(found.length, expected.length);
  for (const [i, { x, y, score = NaN }] of found.entries()) {
    assertAlmostEquals(x, expected[i].x, 0.05);
    assertAlmostEquals(y, expected[i].y, 0.05);
    assertAlmostEquals(score, expected[i].score ?? NaN, 0.001);
  }
}

/** Coordinates that the page gives as a file. */
async function downloaded(page: Page, folder: string, file: string): Promise<Pick[]> {
  const downloads = await page.createCDPSession();
  await downloads.send("Browser.setDownloadBehavior", {
    ...{ behavior: "allow", downloadPath: folder },
  });
  const [csv] = await page.$$("xpath/.//button[text()='csv']");
  await csv.click();
  const path = join(folder, file);
  for (let i = 0; i < 100; i++) {
    const picks = await readCoordinates(path).catch(() => []);
    if (picks.length > 0) return picks;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${path} did not arrive`);
}
