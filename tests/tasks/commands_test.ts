import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { basename, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { COMMANDS } from "../../tasks/_commands.ts";
import { writeModel } from "../../lib/centernet/mod.ts";
import { readCandidates, readCoordinates, writeCoordinates, writeMrc } from "../../lib/io/mod.ts";
import { encodeOnnx } from "../../lib/onnx/mod.ts";
import { readMemory, writeMemory } from "../../lib/continual/mod.ts";
import { freshModel } from "../picking/_model.ts";
import { tinyParticles } from "../training/_tiny.ts";
import { smallDataset } from "./_small_dataset.ts";

/** Runs a task with the permissions that `deno.json` gives it, and no others. */
async function task(name: keyof typeof config.tasks, ...args: string[]) {
  const [, run, ...words] = config.tasks[name].split(" ");
  const command = new Deno.Command(Deno.execPath(), {
    args: [run, "--quiet", ...words, ...args],
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Tasks that may do everything; docs/design.md says why. */
const ALL = [
  ...[
    "notebooks",
    "benchmark",
    "gpu",
    "test",
    "mutants",
    "fuzz",
    "kernels",
    "offline",
    "pack",
    "ok",
  ],
];

Deno.test("tasks have no more permissions than they need", async () => {
  const flags = (task: string) => task.split(" ").filter((word) => word.startsWith("-"));
  const known = ["--no-prompt", "--allow-read", "--allow-write", "--allow-env=XDG_RUNTIME_DIR"];
  const documented = await Deno.readTextFile("docs/design.md");
  for (const [name, task] of Object.entries(config.tasks)) {
    if (ALL.includes(name)) {
      assertMatch(documented, new RegExp(`with \`-A\`.*\`${name}\``, "s"));
    } else if (name === "pick-onnx" || name === "slurm") {
      assert(!/-A|--allow-(all|net|sys|import)|--allow-(env|run)( |$)/.test(task));
    } else if (name === "view" || name === "pick-page") { // serves this machine alone; bundles its page by Deno; trains
      const variables = "XDG_RUNTIME_DIR,XDG_CACHE_HOME,LOCALAPPDATA,HOME";
      const more = ["--allow-net=127.0.0.1", `--allow-env=${variables}`, "--allow-run=deno"];
      const allowed = [...known, ...more, "--page"];
      assertEquals(flags(task).filter((flag) => !allowed.includes(flag)), []);
    } else if (name === "site" || name === "experiment") {
      const allowed = [...known, "--allow-run=deno"]; // bundles its page by Deno; shares work
      assertEquals(flags(task).filter((flag) => !allowed.includes(flag)), []);
    } else if (name !== "docs") {
      assertEquals(flags(task).filter((flag) => !known.includes(flag)), [], name);
    }
  }
});

Deno.test("the WASM kernels that ship are those of their source", async () => {
  assertEquals((await task("kernels", "--check")).code, 0);
});

Deno.test("every command explains itself with examples", async () => {
  for (const name of Object.keys(COMMANDS) as (keyof typeof config.tasks)[]) {
    const { code, out } = await task(name, "--help");
    assertEquals(code, 0);
    assertMatch(out, new RegExp(`Usage: epicker ${name}`));
    assertMatch(out, new RegExp(`Examples:\n  epicker ${name}`));
    assertStringIncludes(out, COMMANDS[name]);
  }
  assertStringIncludes((await task("tables", "--help")).out, "Usage: deno task tables");
});

Deno.test("pick then evaluate: coordinates, a table and JSON, and an exit code for a bad file", async () => {
  const folder = await smallDataset();
  const model = join(folder, "fresh.safetensors");
  await writeModel(model, freshModel());
  const micrographs = join(folder, "micrographs");
  const out = join(folder, "picks");
  const options = ["--out", out, "--model", model, "--backend", "wasm", "--format", "star,box"];
  const good = await task("pick", micrographs, ...options);
  assertEquals([good.code, good.err], [0, ""]);
  assertStringIncludes(good.out, "2 of 2 micrographs on WASM");
  const json = join(folder, "scores.json");
  const scores = await task("evaluate", "--picks", out, "--data", folder, "--json", json);
  assertEquals(scores.code, 0);
  assertMatch(scores.out, /EPicker +\| +1 of 1 +\| +1 /);
  assertEquals(JSON.parse(await Deno.readTextFile(json))[0].overall.truth, 1);
  const [to, csv] = [["--to", "csv", "--out"], join(folder, "csv")];
  const converted = await task("convert", join(out, "one.star"), ...to, csv);
  assertEquals([converted.code, converted.err], [0, ""]);
  const count = async (path: string) => (await readCoordinates(path)).length;
  assertEquals(await count(join(csv, "one.csv")), await count(join(out, "one.star")));
  await Deno.writeFile(join(micrographs, "cut.mrc"), new Uint8Array(100));
  const bad = await task("pick", micrographs, ...options, "--json");
  assertEquals(bad.code, 1);
  assertEquals(JSON.parse(bad.out).files.length, 3);
  assertMatch(bad.err, /^skipped .*cut\.mrc: .*100 bytes/m);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("threshold rewrites what pick wrote, and says what it cannot do", async () => {
  const folder = await smallDataset();
  const [model, out] = [join(folder, "fresh.safetensors"), join(folder, "picks")];
  await writeModel(model, freshModel());
  const options = ["--out", out, "--model", model, "--backend", "wasm", "--threshold", "0"];
  assertEquals((await task("pick", join(folder, "micrographs"), ...options)).code, 0);
  const count = async (name: string) => (await readCoordinates(join(out, name))).length;
  const { candidates } = await readCandidates(join(out, "candidates", "one.json"));
  assertEquals(await count("one.star"), candidates.length);
  const middle = candidates[candidates.length >> 1].score;
  const expected = candidates.filter(({ score }) => score >= middle).length;
  const good = await task("threshold", out, String(middle), "--format", "csv");
  assertEquals([good.code, good.err], [0, ""]);
  assertMatch(good.out, new RegExp(`one +\\| +${expected} +\\|`));
  assertStringIncludes(good.out, "2 of 2 micrographs on WASM");
  assertEquals([await count("one.star"), await count("one.csv")], [expected, expected]);
  const bad: [string[], string][] = [
    [[out, "5"], "expected a score between 0 and 1"],
    [[out, "high"], "expected a score between 0 and 1"],
    [[out], "expected a folder that pick has written and a threshold"],
    [[], "expected a folder that pick has written and a threshold"],
    [[out, "0.4", "0.5"], "expected a folder that pick has written and a threshold"],
    [[join(folder, "nothing"), "0.4"], "found no candidates"],
    [[join(folder, "micrographs"), "0.4"], "found no candidates"],
    [[out, "0.4", "--format", "xyz"], 'found "xyz"'],
  ];
  for (const [args, message] of bad) {
    const { code, err } = await task("threshold", ...args);
    assertEquals([code, err.trim().split("\n").length], [2, 1], err);
    assertStringIncludes(err, message);
  }
  assertEquals([await count("one.star"), await count("one.csv")], [expected, expected]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("names with commands to a terminal are printed without them", async () => {
  const folder = await smallDataset();
  const model = join(folder, "fresh.safetensors");
  await writeModel(model, freshModel());
  const micrographs = join(folder, "micrographs");
  await Deno.rename(join(micrographs, "one.mrc"), join(micrographs, "one\u001b[31m\u009b2J.mrc"));
  await Deno.writeFile(join(micrographs, "cut\u001b]0;x\u0007.mrc"), new Uint8Array(100));
  const out = join(folder, "picks");
  const options = ["--out", out, "--model", model, "--backend", "wasm", "--workers", "1"];
  const { code, out: printed, err } = await task("pick", micrographs, ...options);
  assertEquals(code, 1);
  assertStringIncludes(printed, "one [31m 2J");
  const text = await Deno.readTextFile(join(out, "summary.txt"));
  // deno-lint-ignore no-control-regex -- they are what is looked for
  for (const told of [printed, err, text]) assertEquals(told.match(/[\u001b\u009b\u0007]/), null);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("trace then evaluate fibers: a table with lengths and pieces", async () => {
  const folder = await smallDataset();
  const row = Array.from({ length: 25 }, (_, i) => ({ x: 4 + 5 * i, y: 64 }));
  await writeCoordinates(join(folder, "points", "two.csv"), row);
  const ends = [{ x: 4, y: 64, fiber: 1 }, { x: 124, y: 64, fiber: 1 }];
  await Deno.remove(join(folder, "coordinates", "two.star"));
  await writeCoordinates(join(folder, "coordinates", "two.csv"), ends);
  const out = join(folder, "fibers");
  const options = ["--micrographs", join(folder, "micrographs"), "--rise-a", "20", "--width", "20"];
  const traced = await task("trace", join(folder, "points"), "--out", out, ...options);
  assertEquals([traced.code, traced.err], [0, ""]);
  assertMatch(traced.out, /two +\| +1 \| +30 \|/);
  const json = join(folder, "scores.json");
  const data = ["--data", folder, "--mode", "fiber", "--json", json, "--micrographs"];
  const scores = await task("evaluate", "--picks", out, ...data);
  assertEquals([scores.code, scores.err], [0, ""]);
  assertMatch(scores.out, /EPicker +\| +1 of 1 +\| +1 /);
  const [{ overall }] = JSON.parse(await Deno.readTextFile(json));
  assertEquals([overall.found, overall.false, overall.pieces], [1, 0, 1]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a model is exported to ONNX and picks in ONNX Runtime", async () => {
  const folder = await smallDataset();
  const model = join(folder, "fresh.safetensors");
  await writeModel(model, freshModel());
  const onnx = join(folder, "fresh.onnx");
  const exported = await task("export", model, "--onnx", onnx);
  assertEquals([exported.code, exported.err], [0, ""]);
  assertStringIncludes(exported.out, "peaks, offset, size");
  assertEquals(await Deno.readFile(onnx), Uint8Array.from(encodeOnnx(freshModel())));
  const options = ["--out", join(folder, "picks"), "--model", model, "--threads", "2"];
  const refused = await task("pick", join(folder, "micrographs"), ...options, "--backend", "onnx");
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.err, "Run `deno task pick-onnx`");
  const picked = await task("pick-onnx", join(folder, "micrographs"), ...options);
  assertEquals([picked.code, picked.err], [0, ""]);
  assertStringIncludes(picked.out, "2 of 2 micrographs on ONNX Runtime");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a model is written half as large, in place of itself too", async () => {
  const folder = await Deno.makeTempDir();
  const [model, expected] = [join(folder, "fresh.safetensors"), join(folder, "half.safetensors")];
  await writeModel(model, freshModel());
  await writeModel(expected, freshModel(), { half: true });
  const { size } = await Deno.stat(model);
  const { code, out, err } = await task("export", model, "--half", model);
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "filters rounded to float16");
  assertLess((await Deno.stat(model)).size, 0.6 * size);
  assertEquals(await Deno.readFile(model), await Deno.readFile(expected));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("benchmark writes what it would measure, and what it measured", async () => {
  const folder = await Deno.makeTempDir();
  const [shapes, json] = [join(folder, "work.json"), join(folder, "figures.json")];
  const small = ["--quick", "--size", "32"];
  assertEquals((await task("benchmark", ...small, "--shapes", shapes)).code, 0);
  const run = ["--backend", "wasm", "--only", "forward", "--json", json];
  const { code, out } = await task("benchmark", ...small, ...run);
  assertEquals(code, 0);
  assertMatch(out, /^\| light +\| 32 × 32 +\|/m);
  const [work, report] = [shapes, json].map((path) => JSON.parse(Deno.readTextFileSync(path)));
  assertEquals(report.shapes, work.shapes);
  const threads = [...new Set([1, navigator.hardwareConcurrency])];
  assertEquals(report.forward.map((one: { threads: number }) => one.threads), threads);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("simulate writes datasets that evaluate scores, and a sheet", async () => {
  const folder = await Deno.makeTempDir();
  const sheet = join(folder, "sheet.png");
  const { code, out, err } = await task(
    "simulate",
    ...["--preset", "demo", "--only", "apoferritin", "cng-channel", "--out", folder],
    ...["--micrographs", "2", "--size", "64", "--snr", "easy", "--sheet", sheet],
    ...["--beside", join(folder, "apoferritin")],
  );
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /cng-channel +\| +2 \|/);
  assert((await Deno.stat(sheet)).size > 1000);
  const data = ["apoferritin", "cng-channel"].map((name) => join(folder, name));
  const picks = join(folder, "picks");
  for (const path of data) {
    for await (const { name } of Deno.readDir(join(path, "coordinates"))) {
      await Deno.mkdir(picks, { recursive: true });
      await Deno.copyFile(join(path, "coordinates", name), join(picks, name));
    }
  }
  const scores = await task("evaluate", "--picks", picks, "--data", ...data);
  assertEquals(scores.code, 0);
  assertMatch(scores.out, /mean +\| +EPicker +\| +\| +– +\| +1 \|/);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("train on some vesicles, pick and evaluate: sizes count without being told", async () => {
  const folder = await Deno.makeTempDir();
  const size = ["--micrographs", "2", "--size", "256"];
  await task("simulate", "--preset", "liposomes", "--out", folder, ...size);
  const [data, out] = [join(folder, "liposomes"), join(folder, "run")];
  const labels = ["--mode", "vesicle", "--sparse", "--keep-labels", "0.5"];
  const small = ["--width", "0.125", "--steps", "1", "--workers", "1", "--backend", "wasm"];
  const seen = [...labels, "--view", "paper"];
  const trained = await task("train", "--data", data, "--out", out, ...seen, ...small);
  assertEquals([trained.code, trained.err], [0, ""]);
  const model = join(out, "model.safetensors");
  const picks = join(folder, "picks");
  const run = ["--model", model, "--out", picks, "--backend", "wasm", "--workers", "1"];
  const wrong = await task("pick", join(data, "micrographs"), ...run, "--mode", "particle");
  assertEquals(wrong.code, 2);
  assertMatch(wrong.err, /trained for the mode "vesicle"/);
  const picked = await task("pick", join(data, "micrographs"), ...run, "--format", "thi");
  assertEquals(picked.code, 0);
  const json = join(folder, "scores.json");
  const scores = await task("evaluate", "--picks", picks, "--data", data, "--json", json);
  assertEquals(scores.code, 0);
  assertEquals(JSON.parse(await Deno.readTextFile(json))[0].mode, "vesicle");
  await Deno.remove(folder, { recursive: true });
});

const LIGHT_MODEL = "models/light/model.safetensors";

Deno.test("mistakes give one line, no stack trace, and exit code 2", async () => {
  const folder = await Deno.makeTempDir();
  const cases: [Parameters<typeof task>[0], string[], string][] = [
    ["pick", [], "no inputs"],
    ["pick", ["missing.mrc", "--out", folder], "missing.mrc"],
    ["pick", ["a.mrc", "--out", folder, "--threshhold", "1"], "Did you mean --threshold?"],
    ["pick", ["a.mrc", "--out", folder, "--threshold", "high"], "a number"],
    [
      "pick",
      ["a.mrc", "--out", folder, "--mode", "fiber", "--model", LIGHT_MODEL],
      'the mode "particle"',
    ],
    ["train", ["--data", "a", "--out", folder, "--mode", "disc"], "particle, vesicle, fiber"],
    ["train", ["--data", "a", "--out", folder, "--view", "side"], "paper, particle"],
    [
      "train",
      ["--data", "a", "--out", folder, "--view", "particle", "--from", LIGHT_MODEL],
      'train: --view: found "particle"',
    ],
    ["train", ["--data", "a", "--out", folder, "--calibration", "deno.json"], "no calibration"],
    ["experiment", ["--out", folder, "--preset", "unseen", "--gpu"], "experiment: --gpu: found"],
    ["experiment", ["--out", folder, "--preset", "few", "--sources", "real"], "--sources: found"],
    ["experiment", ["--out", folder, "--preset", "few", "--kinds", "x"], "--kinds"],
    ["experiment", ["--out", folder, "--kinds", "bgal"], "experiment: --kinds: found"],
    ["experiment", ["--out", folder, "--plan", "deno.json"], "deno.json: found no plan"],
    ["experiment", ["--out", folder, "--preset", "real", "--orders", "5"], "at most 4"],
    ["experiment", ["--out", folder, "--strategies", "epicker+ewc"], "+unsure, +average"],
    ["pick", ["a.mrc", "--out", folder, "--backend", "cuda"], "auto, webgpu, wasm, cpu"],
    ["pick", ["a.mrc", "--out", folder, "--model", "deno.json"], "safetensors"],
    ["view", [folder, "--picks", folder], "micrographs"],
    ["train", ["--data", folder, "--out", folder], "micrographs"],
    ["convert", ["a.box", "--out", folder], "no --to"],
    ["convert", ["a.box", "--to", "xyz", "--out", folder], "star"],
    ["export", [], "found no file to write; expected --onnx FILE, --half FILE"],
    ["export", ["--half", ""], "found no file to write"],
    ["export", ["missing.safetensors", "--onnx", join(folder, "a.onnx")], "missing.safetensors"],
    ["benchmark", ["--only", "everything"], "convolutions"],
    ["benchmark", ["--size", "100", "--shapes", join(folder, "work.json")], "multiple of 32"],
    ["evaluate", ["--picks", folder, "--data", folder, "--split", "x"], "train, test, all"],
    ["simulate", ["--preset", "paper11", "--out", folder], "paper10, proteasome26s"],
    ["simulate", ["--preset", "demo", "--out", folder, "--snr", "low"], "easy, medium"],
    ["simulate", ["--preset", "demo", "--out", folder, "--only", "x"], "apoferritin"],
  ];
  for (const [name, args, message] of cases) {
    const { code, err } = await task(name, ...args);
    assertEquals(code, 2);
    assertStringIncludes(err, message);
    assertEquals(err.trimEnd().split("\n").length, 1);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("learn teaches a folder to a model with its store, shows old and new scores, and goes on", async () => {
  const folder = await smallDataset();
  const before = join(folder, "before");
  const model = { ...freshModel(), preprocess: "particle-1" };
  await writeModel(join(before, "model.safetensors"), model);
  const exemplars = [1, 2, 3, 4].map((i) => tinyParticles(i, "known"));
  const view = "particle" as const;
  await writeMemory(join(before, "exemplars.safetensors"), { exemplars, vectors: {}, view });
  const options = ["--from", join(before, "model.safetensors"), "--backend", "wasm"];
  const more = ["--steps", "1", "--crop", "64", "--workers", "1"];
  const { code, out, err } = await task("learn", folder, ...options, ...more);
  assertEquals(code, 0, err);
  assertMatch(out, /\| known +\| +[\d.]+ \|/);
  const name = basename(folder);
  const { exemplars: kept } = await readMemory(join(folder, "learned", "exemplars.safetensors"));
  const datasets = kept.map(({ dataset }) => dataset);
  assertEquals(datasets.slice(0, 4), ["known", "known", "known", "known"]);
  assertEquals(datasets[4], name);
  const next = ["--from", join(folder, "learned", "model.safetensors"), ...more];
  const again = await task("learn", folder, ...next);
  assertEquals(again.code, 2);
  assertStringIncludes(again.err, `${name}: found a dataset of this name`);
  const nothing = await task("learn");
  assertEquals([nothing.code, nothing.err.includes("DIR…: dataset folders")], [2, true]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("experiment follows a plan by two processes and writes tables, CSV and a page", async () => {
  const folder = await Deno.makeTempDir();
  const config = { width: 0.125, headWidth: 8, size: true };
  const plan = {
    ...{ base: ["apoferritin"], added: ["ms2"], steps: { base: 1, added: 1, joint: 1 } },
    recipe: { config, cropSize: 64, shardSize: 2, shards: 1 },
    simulation: { preset: "paper10", micrographs: 3 },
    strategies: ["fine-tune", "replay+average"],
  };
  const path = join(folder, "tiny.json");
  await Deno.writeTextFile(path, JSON.stringify(plan));
  const out = join(folder, "out");
  const options = ["--plan", path, "--out", out, "--backend", "wasm", "--jobs", "2", "--select"];
  const { code, out: printed, err } = await task("experiment", ...options);
  assertEquals(code, 0, err);
  assertMatch(printed, /replay\+average +\| +1 \|/);
  const report = await Deno.readTextFile(join(out, "experiment.md"));
  assertStringIncludes(report, "to choose by, not to report");
  assertStringIncludes(await Deno.readTextFile(join(out, "index.html")), "replay+average");
  const lines = (await Deno.readTextFile(join(out, "experiment.csv"))).trimEnd().split("\n");
  assertEquals(lines.length, 1 + 2 * 2 * 2);
  const { plan: done, runs } = JSON.parse(await Deno.readTextFile(join(out, "experiment.json")));
  const seeds = runs.map(({ seed }: { seed: number }) => seed);
  assertEquals([done.scoredOn, seeds], ["validation", [11, 11]]); // none that is reported
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an option out of its range is refused before anything is read or written", async () => {
  const folder = await Deno.makeTempDir();
  const out = ["--out", join(folder, "out")];
  const data = ["--data", "no/such"];
  const cases: [keyof typeof config.tasks, string[], string][] = [
    ["pick", ["a.mrc", ...out, "--threshold", "5"], "pick: --threshold: found 5"],
    ["pick", ["a.mrc", ...out, "--rise", "5"], "a rise for the mode"],
    ["pick", ["a.mrc", ...out, "--workers", "0"], '--workers: found "0"'],
    ["pick", ["a.mrc", ...out, "--diameter-px", "9", "--diameter-a", "9"], "9 Å and 9 pixels"],
    ["pick", ["a.mrc", ...out, "--pixel-size-a", "0"], "--pixel-size-a: found 0"],
    ["pick", out, "no inputs"],
    ["train", [...data, ...out, "--steps", "-5"], "train: --steps: found -5"],
    ["train", [...data, ...out, "--width", "9"], "train: --width: found 9"],
    ["train", [...data, ...out, "--workers", "0"], '--workers: found "0"'],
    ["train", [...data, ...out, "--rate", "-1"], "train: --rate: found -1"],
    ["train", [...data, ...out, "--crop", "100"], "train: --crop: found 100"],
    ["train", [...data, ...out, "--epochs", "0"], "train: --epochs: found 0"],
    ["train", [...data, ...out, "--keep-labels", "2"], "found 2"],
    ["train", [...data, ...out, "--strategy", "epicker"], "a model to go on from (--from)"],
    ["train", [...data, ...out, "--strategy", "ewc2"], 'train: --strategy: found "ewc2"'],
    ["experiment", [...out, "--preset", "all"], 'experiment: --preset: found "all"'],
    ["benchmark", ["--only", "all"], 'benchmark: --only: found "all"'],
    ["experiment", [...out, "--orders", "0"], '--orders: found "0"'],
    ["experiment", [...out, "--seeds", "1.5"], '--seeds: found "1.5"'],
    ["experiment", [...out, "--workers", "0"], '--workers: found "0"'],
    ["biased", [...out, "--seeds", "0"], '--seeds: found "0"'],
    ["exemplars", ["build", ...data, ...out, "--particles", "0"], '--particles: found "0"'],
    ["exemplars", ["build", ...data, ...out, "--policy", "best"], "first, random, coverage"],
    ["trace", ["a.csv", ...out, "--rise", "5", "--rise-a", "9"], "5 pixels and 9 Å"],
    [
      "convert",
      ["a.csv", ...out, "--to", "box", "--box-size", "-5"],
      "convert: --box-size: found -5",
    ],
    ["simulate", [...out, "--preset", "demo", "--micrographs", "0"], '--micrographs: found "0"'],
    ["simulate", [...out, "--preset", "demo", "--sheet", "a.gif"], ".png or .jpg"],
  ];
  for (const [name, args, message] of cases) {
    const { code, err } = await task(name, ...args);
    assertEquals([code, err.trimEnd().split("\n").length], [2, 1], `${name} ${args}: ${err}`);
    assertStringIncludes(err, message);
  }
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("evaluate says what is odd in a dataset, and fails where nothing matches", async () => {
  const folder = await smallDataset();
  const info = { spilt: {}, diameterA: 100 };
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(info));
  await writeCoordinates(join(folder, "picks", "one.star"), [{ x: 120, y: 10, score: 1 }]);
  const options = ["--data", folder, "--split", "all"];
  const wrong = await task("evaluate", "--picks", join(folder, "picks"), ...options);
  assertEquals(wrong.code, 1);
  assertStringIncludes(wrong.err, 'did you mean "split"?');
  assertStringIncludes(wrong.err, "1 micrograph(s) without picks are not scored: two");
  assertStringIncludes(wrong.err, "nothing that was picked lies on a label");
  const right = await task("evaluate", "--picks", join(folder, "coordinates"), ...options);
  assertEquals(right.code, 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("of many mistakes in a file, the first and their number are told", async () => {
  const folder = await Deno.makeTempDir();
  const candidates = Array.from({ length: 100 }, () => ({ x: 1, y: 2 }));
  const file = { version: 1, micrograph: "a", width: 9, height: 9, threshold: 0, candidates };
  await Deno.writeTextFile(join(folder, "a.json"), JSON.stringify(file));
  const { code, err } = await task("convert", folder, "--to", "csv", "--out", join(folder, "out"));
  assertEquals([code, err.trimEnd().split("\n").length], [1, 1]);
  assertStringIncludes(err, "candidates.0.score");
  assertStringIncludes(err, "(and 99 more that do not fit)");
  const points = join(folder, "points.csv");
  await Deno.writeTextFile(points, "x,y\n" + "1,2\n".repeat(100));
  await writeMrc(join(folder, "points.mrc"), { width: 9, height: 9, pixels: new Float32Array(81) });
  const options = ["--to", "json", "--micrographs", folder, "--out", join(folder, "out")];
  const unscored = await task("convert", points, ...options);
  assertEquals([unscored.code, unscored.err.match(/candidates\.\d+/g)?.length], [1, 1]);
  await Deno.remove(folder, { recursive: true });
});
