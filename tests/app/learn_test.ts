/// <reference lib="dom" />
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { dividedExemplars, heldOut, labelsOf } from "../../lib/app/lesson.ts";
import { openView } from "../../lib/app/mod.ts";
import type { Learning, NewPicks, Progress } from "../../lib/app/wire.ts";
import { readModel, writeModel } from "../../lib/centernet/mod.ts";
import { chooseExemplars, readMemory, writeMemory } from "../../lib/continual/mod.ts";
import type { Edits } from "../../lib/core/mod.ts";
import { readCandidates } from "../../lib/io/mod.ts";
import { labelledImage } from "../../lib/training/mod.ts";
import { freshModel } from "../picking/_model.ts";
import { browserTest, openPage } from "./_browser.ts";
import { Hand, textOf } from "./_hand.ts";
import { CANDIDATES, viewFolder } from "./_view.ts";

const options = { mode: "particle", threshold: 0.6, diameter: 25 } as const;
const marks = { candidates: CANDIDATES, fibers: [], diameter: 30 };

Deno.test("of a micrograph that is done all picks are labels, of another only what was added", () => {
  const edits: Edits = {
    a: { kind: "pick", x: 100, y: 100, diameter: 40 },
    b: { kind: "rejected", x: 60, y: 60 },
    c: { kind: "ignore", x: 20, y: 180, diameter: 30 },
  };
  const places = (edits: Edits) => labelsOf({ ...marks, edits }, options)?.labels;
  assertEquals(places(edits), [{ x: 100, y: 100, diameter: 40 }]);
  const done = labelsOf({ ...marks, edits: { ...edits, d: { kind: "done" } } }, options);
  assertEquals(done, {
    labels: [{ x: 150, y: 60, diameter: 30 }, { x: 100, y: 100, diameter: 40 }],
    ignored: [{ x: 20, y: 180, diameter: 30 }],
    sparse: false,
    diameter: 35,
  });
  assertEquals(places({ b: edits.b }), undefined); // that one place is empty tells too little
  const empty = labelsOf({ candidates: [], fibers: [], edits: { d: { kind: "done" } } }, options);
  assertEquals(empty, { labels: [], ignored: [], sparse: false, diameter: 25 });
});

Deno.test("fibers that were drawn are labels of fibers, and picks of particles are none", () => {
  const line = [{ x: 10, y: 10 }, { x: 90, y: 10 }];
  const traced = [{ line: [{ x: 5, y: 50 }, { x: 95, y: 50 }], score: 0.9 }];
  const edits: Edits = { a: { kind: "fiber", line }, b: { kind: "pick", x: 1, y: 1 } };
  const asked = { ...options, mode: "fiber" as const };
  const part = labelsOf({ ...marks, fibers: traced, edits }, asked)!;
  assertEquals(part.labels.map(({ x, y, fiber }) => [x, y, fiber]), [[10, 10, 1], [90, 10, 1]]);
  const done = labelsOf(
    { ...marks, fibers: traced, edits: { ...edits, d: { kind: "done" } } },
    asked,
  )!;
  assertEquals(done.labels.map(({ fiber }) => fiber), [1, 1, 2, 2]);
  assertEquals(labelsOf({ ...marks, edits: { a: edits.a } }, options), undefined);
});

Deno.test("what is held out is done if possible, and is not learned", () => {
  const all = [true, false, true, false].map((sparse, name) => ({ name, sparse }));
  const { learn, score } = heldOut(all);
  assertEquals(score.map(({ name }) => name), [3]);
  assertEquals(learn.map(({ name }) => name), [0, 1, 2]);
  assertEquals(heldOut(all.slice(0, 1)).score, []);
  const exemplars = [..."aaaaaabbc"].map((dataset, id) => ({ dataset, id }));
  const divided = dividedExemplars(exemplars);
  assertEquals(divided.score.map(({ id }) => id), [1, 5, 7]); // of `c` there is only one
  assertEquals(divided.learn.length, 6);
});

/** A folder to learn in: two micrographs done, a third in part; a small model and its exemplars. */
async function lessonFolder() {
  const folder = await viewFolder();
  const model = join(folder.folder, "small", "model.safetensors");
  await writeModel(model, freshModel());
  const pixels = Float32Array.from({ length: 300 * 300 }, (_, i) => Math.sin(i));
  const images = ["old one", "old two"].flatMap((dataset) =>
    ["a", "b"].map((name) =>
      labelledImage({ name, width: 300, height: 300, pixels }, {
        dataset,
        labels: [{ x: 90, y: 90 }, { x: 200, y: 150 }],
        diameter: 30,
      }, { view: "paper", mode: "particle" })
    )
  );
  const exemplars = join(folder.folder, "exemplars.safetensors");
  await writeMemory(exemplars, {
    exemplars: chooseExemplars(images, freshModel()),
    vectors: {},
  });
  return { ...folder, model, exemplars };
}

async function post(address: string, what: string, body: unknown): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return await fetch(address + what, { method: "POST", headers, body: JSON.stringify(body) });
}

async function label(address: string): Promise<void> {
  const pick = (x: number) => ({ kind: "pick", x, y: 90, diameter: 30 });
  const edits: [string, unknown][] = [
    ["one", { d: { kind: "done" } }],
    ["two", { d: { kind: "done" }, a: pick(50), b: pick(120) }],
    ["three", { a: pick(50) }],
  ];
  for (const [name, changes] of edits) {
    await (await post(address, `edits/${name}`, { by: "x", changes })).body?.cancel();
  }
}

/** Tries until it works. */
async function until<T>(work: () => Promise<T>): Promise<T> {
  for (let i = 0; i < 300; i++) {
    const value = await work().catch(() => undefined);
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return await work();
}

/** Waits until a run stands so. */
async function learnedTo(
  address: string,
  fits: (learning: Learning) => boolean,
): Promise<Learning> {
  for (let i = 0; i < 1200; i++) {
    const { learning }: Progress = await (await fetch(`${address}progress`)).json();
    assert(learning?.state !== "failed", learning?.note);
    if (learning && fits(learning)) return learning;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it takes too long");
}

Deno.test({
  name:
    "a run that was stopped goes on, also after the server has ended, and adds to what is known",
  sanitizeOps: false, // workers that are ended
  sanitizeResources: false,
  async fn() {
    const { folder, micrographs, picks, model, exemplars } = await lessonFolder();
    const lesson = { kind: "add", steps: 6, rule: { threshold: 0.4 }, diameter: 30 };
    {
      await using view = await openView([micrographs], { picks, model, exemplars });
      const { address } = view;
      const refused = await post(address, "learn", lesson);
      assertEquals(refused.status, 422);
      assertStringIncludes((await refused.json()).error, "no labelled micrograph");
      await label(address);
      assertEquals((await post(address, "learn", { ...lesson, steps: 0 })).status, 400);
      assertEquals((await post(address, "learn", lesson)).status, 200);
      assertEquals((await post(address, "learn", lesson)).status, 422); // one at a time
      await learnedTo(address, ({ step }) => step > 0);
      await post(address, "stop", {});
      const { step, micrographs: count, sparse } = await learnedTo(
        address,
        ({ state }) => state === "stopped",
      );
      assert(step < 6, String(step));
      assertEquals([count, sparse], [3, 1]);
    }
    await using view = await openView([micrographs], { picks, model, exemplars });
    const { address } = view;
    await label(address);
    assertEquals((await post(address, "resume", {})).status, 200);
    const learned = await learnedTo(address, ({ state }) => state === "finished");
    assertEquals(learned.losses.map(([step]) => step), [1, 2, 3, 4, 5, 6]);
    assertEquals(learned.validation.at(-1)?.[0], 6);
    const names = learned.scores.map(({ name }) => name).sort();
    assertEquals(names, ["old one", "old two", "page 1"]);
    assert(learned.scores.every(({ before, after }) => before >= 0 && after! >= 0));
    const run = join(picks, "training", "1");
    const { exemplars: known } = await readMemory(join(run, "exemplars.safetensors"));
    const before = (await readMemory(exemplars)).exemplars.length;
    assert(known.length > before, "those that were held out are kept, and new ones added");
    assertEquals(new Set(known.map(({ dataset }) => dataset)).size, 3);
    const beside: NewPicks = await (await fetch(`${address}new/three`)).json();
    const record = await readCandidates(join(run, "picks", "candidates", "three.json"));
    assertEquals(beside.candidates, record.candidates);
    assertEquals(record.model, "page 1");
    assertEquals(
      (await readModel(join(run, "model.safetensors"))).model.notes.labels,
      "4 on 2 micrographs, sparse",
    );
    await Deno.remove(folder, { recursive: true });
  },
});

browserTest(
  "ten steps of training in the page: the curve grows, and the new picks lie beside",
  async (browser) => {
    const { folder, micrographs, picks, model } = await lessonFolder();
    {
      await using view = await openView([micrographs], { picks, model });
      await label(view.address);
      const { page, problems } = await openPage(browser, view.address);
      await Hand.on(page);
      assertEquals(
        await page.$eval("#add", (button) => (button as HTMLButtonElement).disabled),
        true,
      );
      await page.$eval("#steps", (field) => {
        (field as HTMLInputElement).value = "10";
        field.dispatchEvent(new Event("change", { bubbles: true }));
      });
      await page.click("#train");
      const points = () =>
        page.$eval("#losses polyline", (line) => line.getAttribute("points")!.split(" ").length);
      await page.waitForSelector("#losses polyline[points*=',']", { timeout: 120_000 });
      const early = await points();
      await page.click("#done"); // the page is alive meanwhile
      await page.waitForSelector("#new", { timeout: 120_000 });
      assertEquals(await points(), 10);
      assert(early < 10, String(early));
      assertStringIncludes(await textOf(page, "#learning"), "step 10 of 10");
      assertStringIncludes(await textOf(page, "#scores"), "page 1");
      await page.click("#new");
      await page.waitForSelector("#beside", { timeout: 60_000 });
      assertStringIncludes(await textOf(page, "#beside"), "3 of the old");
      await page.click("#pick-all");
      const { model: by } = await until(
        () => readCandidates(join(picks, "candidates", "two.json")),
      );
      assertEquals(by, "page 1");
      assertEquals(problems, []);
    }
    await Deno.remove(folder, { recursive: true });
  },
);
