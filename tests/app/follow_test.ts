import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { readCandidates, writeCandidates } from "../../lib/io/mod.ts";
import type { WatchState } from "../../lib/pipelines/mod.ts";
import { browserTest, openPage } from "./_browser.ts";
import { Hand, textOf } from "./_hand.ts";
import { withView } from "./_view.ts";

browserTest(
  "what is picked while the page is open is seen there, with new micrographs, and nothing jumps",
  async (browser) => {
    await withView(async (view, { picks, micrographs }) => {
      const { page, problems } = await openPage(browser, view.address);
      await Hand.on(page);
      assertEquals((await page.$$(".row")).length, 3);
      await page.keyboard.press("]"); // the threshold that was chosen here, 0.41
      const record = await readCandidates(join(picks, "candidates", "one.json"));
      await Deno.copyFile(join(micrographs, "one.mrc"), join(micrographs, "four.mrc"));
      for (const name of ["one", "four"]) {
        const candidates = record.candidates.slice(0, name === "one" ? 1 : 2);
        const path = join(picks, "candidates", `${name}.json`);
        await writeCandidates(path, { ...record, micrograph: name, candidates });
      }
      const now = new Date().toISOString();
      const state: WatchState = {
        ...{ state: "watching", started: now, updated: now, last: "four" },
        ...{ seen: 5, picked: 2, failed: 1, lastHour: 2, waiting: ["a", "b"] },
      };
      await Deno.writeTextFile(join(picks, "watch.json"), JSON.stringify(state));
      await page.waitForSelector("#watching", { timeout: 20_000 });
      const told = "watched: 2 of 5 picked, 2 in the last hour, 1 failed, 2 waitinglast: four";
      assertEquals(await textOf(page, "#watching"), told);
      assertEquals((await page.$$(".row")).length, 4);
      assertStringIncludes(await textOf(page, ".rows"), "four2 picks");
      assertEquals(await textOf(page, "#count"), "1");
      assertEquals(await textOf(page, "#threshold-value"), "0.410");
      await page.click("#last");
      await page.waitForFunction("document.querySelector('h1').textContent === 'four'");
      assertEquals(problems, []);
    });
  },
);
