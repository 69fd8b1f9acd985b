import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { Backend } from "../../lib/backend/mod.ts";
import { openCrewDetector } from "../../lib/centernet/mod.ts";
import { EPickerError } from "../../lib/core/mod.ts";
import {
  openPicker,
  Picker,
  pickFiles,
  type PickOptions,
  type PickResult,
  type PickSummary,
  type PreparedMicrograph,
} from "../../lib/picking/mod.ts";
import { VIEW_VERSIONS } from "../../lib/preprocess/mod.ts";
import { noiseFolder, resultsIn } from "./_batch.ts";
import { freshModel } from "./_model.ts";

/** A summary without what differs from run to run. */
function timeless({ seconds: _, files, ...rest }: PickSummary) {
  return { ...rest, files: files.map(({ seconds: _, ...file }) => file) };
}

/** WASM computes on the thread that calls it; the same in the role of a device has one network. */
const ROLES: Backend[] = [
  { name: "wasm", title: "WASM" },
  { name: "webgpu", title: "WASM in the role of a device" },
];

for (const role of ROLES) {
  Deno.test(`the number of workers does not change the results (${role.title})`, async () => {
    using picker = new Picker(freshModel(), role, openCrewDetector(freshModel()));
    const folder = await noiseFolder(5);
    const inputs = [join(folder, "micrographs")];
    await Deno.writeTextFile(join(folder, "micrographs", "bad.mrc"), "not a micrograph");
    const runs = [];
    for (const workers of [1, 2, 4]) {
      const out = join(folder, `out${workers}`);
      const seen = new Map<string, PickResult>();
      const summary = await pickFiles(picker, inputs, {
        out,
        workers,
        formats: ["star", "box"],
        onResult: (name, result) => void seen.set(name, result),
      });
      assertEquals([...seen.keys()].sort(), ["m0", "m1", "m2", "m3", "m4"]);
      const results = [...seen].sort().map(([, { seconds: _, ...result }]) => result);
      assert(results.every(({ image, picks }) => image.pixels.some(Boolean) && picks.length > 0));
      runs.push({ files: await resultsIn(out), summary: timeless(summary), results });
    }
    assertEquals(runs[0].files.size, 15);
    assertEquals(runs[1], runs[0]);
    assertEquals(runs[2], runs[0]);
    await Deno.remove(folder, { recursive: true });
  });
}

/** A picker in the role of a device that begins when it is told to. */
class SlowDevice extends Picker {
  constructor(readonly wait: Promise<unknown>) {
    super(freshModel(), ROLES[1], openCrewDetector(freshModel()));
  }

  override async pickPrepared(
    micrograph: PreparedMicrograph,
    options?: PickOptions,
  ): Promise<PickResult> {
    await this.wait;
    return await super.pickPrepared(micrograph, options);
  }
}

Deno.test("while a device is at one micrograph, the next is read", async () => {
  const folder = await noiseFolder(3);
  await Deno.writeTextFile(join(folder, "micrographs", "m1.mrc"), "not a micrograph");
  const order: string[] = [];
  const secondIsRead = Promise.withResolvers<void>();
  using picker = new SlowDevice(secondIsRead.promise); // would wait for ever without overlap
  const { files } = await pickFiles(picker, [join(folder, "micrographs")], {
    out: join(folder, "out"),
    onProgress: ({ note = "" }) => {
      order.push(note);
      if (note === "m1") secondIsRead.resolve();
    },
  });
  assertEquals(order, ["m1", "m0", "m2"]);
  assertEquals(files.map(({ error }) => error === undefined), [true, false, true]);
  assertStringIncludes(files[1].error!, "m1.mrc");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a signal stops a batch after the micrographs in work; the next run does the rest", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const folder = await noiseFolder(8);
  const [inputs, out] = [[join(folder, "micrographs")], join(folder, "out")];
  for (const workers of [1, 2]) {
    const stop = new AbortController();
    const options = { out, workers, overwrite: true, signal: stop.signal };
    const stopped = await pickFiles(picker, inputs, { ...options, onProgress: () => stop.abort() });
    assertEquals([stopped.total, stopped.files.length], [8, workers]);
    assertStringIncludes(await Deno.readTextFile(join(out, "summary.txt")), `${8 - workers} left`);
  }
  const { files } = await pickFiles(picker, inputs, { out });
  assertEquals(files.length, 8);
  assertEquals(files.filter(({ skipped }) => skipped).length, 2);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a result that cannot be written stops all workers", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  const folder = await noiseFolder(6);
  const out = join(folder, "out");
  await Deno.mkdir(out);
  await Deno.writeTextFile(join(out, "candidates"), "a file where the folder should be");
  for (const workers of [1, 2]) {
    const run = () => pickFiles(picker, [join(folder, "micrographs")], { out, workers });
    await assertRejects(run, EPickerError, "candidates");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a number of workers that is none is refused", async () => {
  using picker = await openPicker(freshModel(), "wasm");
  for (const workers of [0, -1, 1.5, NaN]) {
    const run = () => pickFiles(picker, ["a.mrc"], { out: "out", workers });
    await assertRejects(run, EPickerError, "workers: found");
  }
});

Deno.test("vesicles and fibers are seen at their own size, here and in workers", async () => {
  const folder = await noiseFolder(2);
  for (const [mode, size] of [["vesicle", 48], ["fiber", 24]] as const) {
    const model = freshModel({ mode, preprocess: VIEW_VERSIONS.particle });
    using picker = await openPicker(model, "wasm");
    for (const workers of [1, 2]) {
      const scales: number[] = [];
      await pickFiles(picker, [join(folder, "micrographs")], {
        ...{ out: join(folder, `${mode}${workers}`), workers, diameterPx: 12 },
        onResult: (_, { image }) => void scales.push(image.scale),
      });
      assertEquals(scales, [12 / size, 12 / size], `${mode}, ${workers} workers`);
    }
  }
  await Deno.remove(folder, { recursive: true });
});
