import { assert, assertEquals } from "@std/assert";
import { type Display, liveProgress, liveTraining, progressText } from "../../lib/plots/mod.ts";
import { train } from "../../lib/training/mod.ts";
import { tinyOptions, tinySet } from "../training/_tiny.ts";

type Shown = Parameters<Display>;

/** A notebook's display that takes its time, as a kernel does. */
function slowDisplay() {
  const shown: Shown[] = [];
  const display: Display = async (...call) => {
    await new Promise((resolve) => setTimeout(resolve));
    shown.push(call);
  };
  return { shown, display };
}

Deno.test("a training is shown while it runs, in one output, and as a figure at the end", async () => {
  const out = await Deno.makeTempDir();
  const { shown, display } = slowDisplay();
  const live = liveTraining(display, { every: 0 });
  let during = 0;
  const { losses, history } = await train(tinySet(), {
    ...tinyOptions(out),
    ...live,
    onProgress: (event) => {
      live.onProgress(event);
      during = shown.length;
    },
  });
  await live.done();
  assert(during > 0, "nothing was shown before the last step");
  assertEquals(shown.length, losses.length + 1);
  assertEquals(new Set(shown.map(([, { display_id }]) => display_id)).size, 1);
  assertEquals(shown.map(([, { update }]) => update), shown.map((_, i) => i > 0));
  const [first] = shown[0];
  assert(String(first["text/plain"]).includes(`1 of ${losses.length}`));
  assert(!("application/vnd.plotly.v1+json" in first)); // too much for every step
  const last = shown.at(-1)![0]["application/vnd.plotly.v1+json"];
  assert(typeof last === "object");
  assertEquals(last.data.find(({ name }) => name === "AP")?.y, history.map(({ ap }) => ap));
  await Deno.remove(out, { recursive: true });
});

Deno.test("pictures that come too soon are left out, the end is always shown", async () => {
  const { shown, display } = slowDisplay();
  const { onProgress, done } = liveProgress(display, { every: 3600 });
  for (let i = 1; i <= 50; i++) onProgress({ stage: "pick", done: i, total: 50 });
  await done();
  const texts = shown.map(([bundle]) => String(bundle["text/plain"]));
  assertEquals(texts.map((text) => text.match(/\d+ of \d+/)?.[0]), ["1 of 50", "50 of 50"]);
});

Deno.test("a line of progress has a bar, the rest of the time and the note", () => {
  const event = { stage: "train", done: 25, total: 100, note: "heat 0.5" };
  assertEquals(
    progressText(event, 10),
    "train █████░░░░░░░░░░░░░░░ 25 of 100, 30 s left, heat 0.5",
  );
  assertEquals(progressText({ ...event, total: 0 }).includes("NaN"), false);
  assertEquals(
    progressText({ stage: "read", done: 0, total: 3 }, 5),
    "read ░░░░░░░░░░░░░░░░░░░░ 0 of 3",
  );
});

Deno.test("a display that fails makes done fail, and nothing before", async () => {
  const live = liveProgress(() => Promise.reject(new Error("no kernel")));
  live.onProgress({ stage: "pick", done: 1, total: 2 });
  const message = await live.done().catch(({ message }) => message);
  assertEquals(message, "no kernel");
});
