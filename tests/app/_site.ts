import { join } from "@std/path";
import { writeSite } from "../../lib/app/mod.ts";
import { browserTest, openPage } from "./_browser.ts";
import { serveFolder } from "./_serve.ts";

/** What a test of the static pages is given. */
export interface SiteInTest {
  /** A folder of its own, in which the site lies as `site`. */
  folder: string;
  /** Opens a page of the site in Chromium, by default the first. */
  open(page?: string): ReturnType<typeof openPage>;
}

/** A test of the static pages: written, served and closed for it; left out without Chromium. */
export function siteTest(name: string, test: (site: SiteInTest) => Promise<void>): void {
  browserTest(name, async (browser) => {
    const folder = await Deno.makeTempDir();
    await writeSite(join(folder, "site"));
    const server = serveFolder(join(folder, "site"));
    const open = (page = "") => openPage(browser, `http://127.0.0.1:${server.addr.port}/${page}`);
    try {
      await test({ folder, open });
    } finally {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    }
  });
}
