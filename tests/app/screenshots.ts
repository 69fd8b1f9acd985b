/**
 * Makes the screenshots of docs/app.md, of simulated micrographs and the shipped model:
 * `deno run -A tests/app/screenshots.ts docs/app`.
 *
 * @module
 */
import { join } from "@std/path";
// deno-lint-ignore no-import-prefix -- see _browser.ts
import type { Browser, Page } from "npm:puppeteer-core@25.16.0";
import { openView, writeSite } from "../../lib/app/mod.ts";
import { epicker } from "../tasks/_epicker.ts";
import { findChromium, openPage, startBrowser } from "./_browser.ts";
import { drawn } from "./_hand.ts";
import { serveFolder } from "./_serve.ts";

/** Heights of windows by their widths. */
const HEIGHTS = { 1400: 900, 800: 1000 };

type Window = `${"light" | "dark"}-${keyof typeof HEIGHTS}`;

const [out] = Deno.args;
const chromium = await findChromium();
if (out === undefined || chromium === undefined) {
  console.log("Usage: deno run -A tests/app/screenshots.ts DIR; Chromium must be installed");
  Deno.exit(2);
}
const folder = await Deno.makeTempDir({ prefix: "epicker_screenshots_" });
const browser = await startBrowser(chromium);
try {
  await view(browser);
  await site(browser);
} finally {
  await browser.close();
  await Deno.remove(folder, { recursive: true });
}

/** The page of `epicker view`. */
async function view(browser: Browser): Promise<void> {
  const [data, picks] = [join(folder, "data"), join(folder, "Picks")];
  await run("simulate", "--preset", "demo", "--only", "ribosome-80s", "--out", data);
  const micrographs = join(data, "ribosome-80s", "micrographs");
  await run("pick", micrographs, "--out", picks, "--diameter-a", "290");
  await using server = await openView([micrographs], { picks });
  const { page } = await openPage(browser, server.address);
  await drawn(page);
  await shoot(page, "view", ["light-1400", "dark-1400", "light-800", "dark-800"]);
  await page.close();
}

/** The static page for class. */
async function site(browser: Browser): Promise<void> {
  await writeSite(join(folder, "site"));
  const server = serveFolder(join(folder, "site"));
  const { page } = await openPage(browser, `http://127.0.0.1:${server.addr.port}/class.html`);
  await page.waitForSelector("#best", { timeout: 120_000 });
  await shoot(page, "class", ["light-1400", "dark-800"]);
  await page.close();
  await server.shutdown();
}

/** In some windows. */
async function shoot(page: Page, name: string, windows: Window[]): Promise<void> {
  for (const window of windows) {
    const [scheme, width] = window.split("-");
    await page.setViewport({ width: +width, height: HEIGHTS[+width as keyof typeof HEIGHTS] });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.evaluate("new Promise((done) => setTimeout(done, 500))"); // thumbnails come
    const path = join(out, `${name}-${window}.jpg`) as `${string}.jpg`;
    await page.screenshot({ path, type: "jpeg", quality: 65 });
  }
}

async function run(...args: string[]): Promise<void> {
  const { code, err } = await epicker(args);
  if (code !== 0) throw new Error(`epicker ${args[0]}: ${err}`);
}
