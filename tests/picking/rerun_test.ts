import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { Model } from "../../lib/centernet/mod.ts";
import { openPicker, pickFiles, type PickFilesOptions } from "../../lib/picking/mod.ts";
import { noiseFolder, resultsIn, writeNoise } from "./_batch.ts";
import { freshModel } from "./_model.ts";

/**
 * Picks `micrographs/` of a folder and tells what became of each: "picked", "taken" from candidates,
 * "done" or an error.
 */
async function outcomes(
  folder: string,
  options: Partial<PickFilesOptions> = {},
  model: Model = freshModel(),
): Promise<string[]> {
  using picker = await openPicker(model, "wasm");
  const { files } = await pickFiles(picker, [join(folder, "micrographs")], {
    out: join(folder, "out"),
    workers: 1,
    ...options,
  });
  return files.map(({ error, skipped, from }) =>
    error ?? (skipped ? "done" : from ? "taken" : "picked")
  );
}

/** A test in a folder of two micrographs that are picked already. */
function afterARun(name: string, test: (folder: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await noiseFolder(2);
    assertEquals(await outcomes(folder), ["picked", "picked"]);
    await test(folder);
    await Deno.remove(folder, { recursive: true });
  });
}

afterARun("a second run finds all done and changes nothing", async (folder) => {
  const before = await resultsIn(join(folder, "out"));
  const calls: string[] = [];
  assertEquals(
    await outcomes(folder, { onResult: (name) => void calls.push(name) }),
    ["done", "done"],
  );
  assertEquals(await resultsIn(join(folder, "out")), before);
  assertEquals(calls, []);
});

afterARun("the summary of a second run counts what the first one found", async (folder) => {
  const summary = async () => JSON.parse(await Deno.readTextFile(join(folder, "out/summary.json")));
  const counts = ({ files }: { files: Record<string, unknown>[] }) =>
    files.map(({ name, picks, candidates }) => ({ name, picks, candidates }));
  const first = counts(await summary());
  await outcomes(folder);
  assertEquals(counts(await summary()), first);
  const text = await Deno.readTextFile(join(folder, "out", "summary.txt"));
  assertStringIncludes(text, "2 micrographs: 0 picked, 2 already done, 0 failed, 0 left.");
  assertStringIncludes(text, join(folder, "micrographs", "m1.mrc"));
});

afterARun(
  "a micrograph with another content is picked again, a renamed or touched one by name",
  async (folder) => {
    const path = (name: string) => join(folder, "micrographs", name);
    await writeNoise(path("m0.mrc"), 99);
    await Deno.utime(path("m1.mrc"), new Date(), new Date());
    assertEquals(await outcomes(folder), ["picked", "done"]);
    await Deno.rename(path("m1.mrc"), path("m2.mrc"));
    assertEquals(await outcomes(folder), ["done", "picked"]);
  },
);

afterARun("a moved folder is done: the content counts, not the path", async (folder) => {
  await Deno.mkdir(join(folder, "elsewhere"));
  await Deno.rename(join(folder, "micrographs"), join(folder, "elsewhere", "micrographs"));
  assertEquals(
    await outcomes(join(folder, "elsewhere"), { out: join(folder, "out") }),
    ["done", "done"],
  );
});

afterARun(
  "another model or diameter picks again, another threshold or format does not",
  async (folder) => {
    const weights = freshModel().weights;
    const parameters = weights.parameters.with(7, 1);
    const changed = freshModel({ weights: { ...weights, parameters } });
    const changes: ["picked" | "taken", Partial<PickFilesOptions>, Model?][] = [
      ["picked", {}, changed],
      ["picked", {}, freshModel({ diameter: 33 })],
      ["picked", {}],
      ["taken", {}, freshModel({ threshold: 0.2 })],
      ["taken", { threshold: 0.3 }],
      ["picked", { diameterA: 60 }],
      ["taken", { diameterA: 60, threshold: 0.3 }],
      ["picked", {}],
      ["taken", { formats: ["star", "csv"] }],
    ];
    for (const [outcome, options, model] of changes) {
      assertEquals(await outcomes(folder, options, model), [outcome, outcome]);
      assertEquals(await outcomes(folder, options, model), ["done", "done"]);
    }
    assertEquals(await outcomes(folder, { formats: ["csv"] }), ["done", "done"]);
    const renamed = freshModel({ notes: { name: "the same by another name" } });
    assertEquals(await outcomes(folder, {}, renamed), ["done", "done"]);
  },
);

afterARun(
  "coordinates of an earlier threshold do not pass for those of a later one",
  async (folder) => {
    await outcomes(folder, { formats: ["star", "box"] });
    await Deno.rename(join(folder, "out", "m0.box"), join(folder, "m0.box"));
    await outcomes(folder, { threshold: 0.9 });
    await Deno.rename(join(folder, "m0.box"), join(folder, "out", "m0.box"));
    const options = { formats: ["star", "box"], threshold: 0.9 };
    assertEquals(await outcomes(folder, options), ["taken", "done"]);
    assertEquals(await Deno.readTextFile(join(folder, "out", "m0.box")), "");
  },
);

afterARun("missing coordinates and a damaged or missing record are made again", async (folder) => {
  const before = await resultsIn(join(folder, "out"));
  const paths = ["m0.star", "candidates/m1.json"].map((path) => join(folder, "out", path));
  for (const path of paths) await Deno.remove(path);
  assertEquals(await outcomes(folder), ["taken", "picked"]);
  await Deno.writeTextFile(paths[1], "{");
  assertEquals(await outcomes(folder), ["done", "picked"]);
  assertEquals(await resultsIn(join(folder, "out")), before);
});

afterARun("what failed is tried again, and overwrite picks all", async (folder) => {
  const path = join(folder, "micrographs", "m0.mrc");
  const bytes = await Deno.readFile(path);
  await Deno.writeFile(path, bytes.slice(0, 500));
  const [failed, done] = await outcomes(folder);
  assertStringIncludes(failed, "500 bytes");
  assertEquals(done, "done");
  await Deno.writeFile(path, bytes);
  assertEquals(await outcomes(folder, { overwrite: true }), ["picked", "picked"]);
});

afterARun(
  "another micrograph of the same name does not replace results unasked",
  async (folder) => {
    const before = await resultsIn(join(folder, "out"));
    await Deno.mkdir(join(folder, "day2", "micrographs"), { recursive: true });
    await writeNoise(join(folder, "day2", "micrographs", "m0.mrc"), 50);
    const day2 = (overwrite: boolean) => {
      return outcomes(join(folder, "day2"), { out: join(folder, "out"), overwrite });
    };
    const [refused] = await day2(false);
    assertStringIncludes(refused, `found results of ${join(folder, "micrographs", "m0.mrc")}`);
    assertEquals(await resultsIn(join(folder, "out")), before);
    assertEquals(await day2(true), ["picked"]);
  },
);

afterARun(
  "other sizes given by hand are picked again, and stand in the results",
  async (folder) => {
    const given = { diameterPx: 20, pixelSizeA: 2.5 };
    assertEquals(await outcomes(folder, { diameterPx: 20 }), ["picked", "picked"]);
    assertEquals(await outcomes(folder, given), ["picked", "picked"]);
    assertEquals(await outcomes(folder, given), ["done", "done"]);
    const record = JSON.parse(await Deno.readTextFile(join(folder, "out/candidates/m0.json")));
    assertEquals(record.pixelSizeA, 2.5);
    assertEquals(record.candidates[0].diameter, 20);
    assertEquals(await outcomes(folder), ["picked", "picked"]);
  },
);
afterARun("coordinates that were emptied or cut off are made again", async (folder) => {
  const before = await resultsIn(join(folder, "out"));
  await Deno.writeTextFile(join(folder, "out", "m0.star"), "");
  await Deno.truncate(join(folder, "out", "m1.star"), 40);
  assertEquals(await outcomes(folder), ["taken", "taken"]);
  assertEquals(await resultsIn(join(folder, "out")), before);
});

afterARun("a micrograph that fails leaves no coordinates of an earlier run", async (folder) => {
  await outcomes(folder, { formats: ["star", "box"] });
  await Deno.truncate(join(folder, "micrographs", "m0.mrc"), 500);
  await outcomes(folder, { formats: ["star"] });
  const left = [...(await resultsIn(join(folder, "out"))).keys()];
  assertEquals(left, ["candidates/m1.json", "m1.box", "m1.star"]);
});

Deno.test("names as long as the file system takes, and a pipe, fail alone or not at all", async () => {
  const folder = await noiseFolder(1);
  const path = (name: string) => join(folder, "micrographs", `${name}.mrc`);
  const [fits, tooLong] = ["f".repeat(250), "t".repeat(251)];
  await writeNoise(path(fits), 1);
  await writeNoise(path(tooLong), 2);
  assertEquals((await new Deno.Command("mkfifo", { args: [path("pipe")] }).output()).success, true);
  const formats = ["box", "star"];
  const [good, plain, piped, refused] = await outcomes(folder, { formats });
  assertEquals([good, plain], ["picked", "picked"]);
  assertStringIncludes(piped, "no regular file");
  assertStringIncludes(refused, "a file name of 256 bytes");
  const left = [...(await resultsIn(join(folder, "out"))).keys()];
  assertEquals(left.filter((name) => name.includes(tooLong)), []);
  assertEquals(left.filter((name) => name.includes(fits)).length, 3);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a micrograph called summary does not take the place of the summary", async () => {
  const folder = await noiseFolder(1);
  await writeNoise(join(folder, "micrographs", "Summary.mrc"), 1);
  for (const [formats, outcome] of [[["json"], "picked"], [["star", "topaz"], "taken"]] as const) {
    const [refused, other] = await outcomes(folder, { formats: [...formats] });
    assertStringIncludes(refused, "like the summary");
    assertEquals(other, outcome);
    const { files } = JSON.parse(await Deno.readTextFile(join(folder, "out", "summary.json")));
    assertEquals(files.length, 2);
  }
  assertEquals(await outcomes(folder, { formats: ["star"] }), ["picked", "done"]);
  await Deno.remove(folder, { recursive: true });
});
