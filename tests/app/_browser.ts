// deno-lint-ignore no-import-prefix -- in deno.json every command would download it
import puppeteer, { type Browser, type Page } from "npm:puppeteer-core@25.16.0";

/** Where Debian and others have Chromium. */
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Chromium's program; nothing where there is none. */
export async function findChromium(): Promise<string | undefined> {
  for (const path of PLACES) {
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  if (Deno.env.has("EPICKER_REQUIRE_CHROMIUM")) throw new Error("no Chromium in " + PLACES);
}

const chromium = await findChromium();

/** Starts Chromium without a window; WebGL and WebGPU run in software. */
export async function startBrowser(executablePath: string): Promise<Browser> {
  return await puppeteer.launch({
    executablePath,
    protocolTimeout: 0, // what is waited for has a limit of its own
    args: [
      ...["--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader"],
      ...["--enable-unsafe-swiftshader", "--enable-unsafe-webgpu"],
      "--use-webgpu-adapter=swiftshader",
    ],
  });
}

/** A test in a browser, which is closed after it; left out where there is no Chromium. */
export function browserTest(name: string, test: (browser: Browser) => Promise<void>): void {
  Deno.test({
    name,
    ignore: chromium === undefined,
    sanitizeOps: false, // of the browser's socket
    sanitizeResources: false,
    async fn() {
      const browser = await startBrowser(chromium!);
      await test(browser).finally(() => browser.close());
    },
  });
}

/** Opens an address and notes what goes wrong in the page. */
export async function openPage(
  browser: Browser,
  address: string,
  { width = 1400, height = 900 } = {},
): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.goto(address);
  return { page, problems };
}
