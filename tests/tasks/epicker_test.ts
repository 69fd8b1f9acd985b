import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { existsSync } from "node:fs";
import { basename, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { writeModel } from "../../lib/centernet/mod.ts";
import { COMMANDS, GROUPS } from "../../tasks/_commands.ts";
import { freshModel } from "../picking/_model.ts";
import { epicker, LAUNCHER } from "./_epicker.ts";
import { smallDataset } from "./_small_dataset.ts";

Deno.test("epicker lists its commands in groups, and every command has a task", async () => {
  const { code, out, err } = await epicker(["--help"]);
  assertEquals([code, err], [0, ""]);
  assertEquals(Object.keys(GROUPS), ["pick", "train", "measure", "explain"]);
  for (const group of Object.keys(GROUPS)) assertMatch(out, new RegExp(`^${group}:$`, "m"));
  const listed = [...out.matchAll(/^ {2}(\w+) {2,}\S.*\.$/gm)].map(([, name]) => name);
  const entry = /tasks\/epicker\.ts (\w+)$/;
  const tasks = Object.values(config.tasks).flatMap((task) => entry.exec(task)?.[1] ?? []);
  assertEquals(listed.sort(), tasks.sort());
  assertEquals((await epicker([])).out, out);
});

Deno.test("the list of commands loads nothing of the library", async () => {
  const args = ["info", "--json", "tasks/epicker.ts"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { specifier: string }[];
  };
  assertEquals(modules.filter(({ specifier }) => specifier.includes("/lib/")), []);
  assertEquals(modules.filter(({ specifier }) => specifier.includes("tensorflow")), []);
});

Deno.test("a command or option that is nearly right is named", async () => {
  const cases: [string[], string][] = [
    [["pikc", "a.mrc"], 'epicker: found "pikc"; expected a command. Did you mean pick?'],
    [["evalaute"], "Did you mean evaluate?"],
    [["constructor"], "See epicker --help."],
    [["a|b'\u001b[31m"], "See epicker --help."],
    [["pick", "--treshold", "1"], 'pick: found "--treshold". Did you mean --threshold?'],
    [["convert", "--boxsize=9"], "Did you mean --box-size?"],
    [["train", "--qqqqqqqqqq"], "expected --data, --out"],
    [["export", "--threshold", "1"], "expected --onnx"],
  ];
  for (const [args, message] of cases) {
    const { code, err } = await epicker(args);
    assertEquals([code, err.trimEnd().split("\n").length], [2, 1], err);
    assertStringIncludes(err, message);
    assert(!err.includes("\u001b"));
  }
});

Deno.test("epicker works in the folder where one stands, and picks beside the micrographs", async () => {
  const cwd = await smallDataset();
  await writeModel(join(cwd, "fresh.safetensors"), freshModel());
  await Deno.mkdir(join(cwd, "elsewhere"));
  const link = join(cwd, "elsewhere", "data");
  await Deno.symlink(join("..", "micrographs"), link);
  const options = ["--model", "fresh.safetensors", "--backend", "wasm", "--format", "STAR,Box"];
  const run = async (...args: string[]) => {
    const { code, out, err } = await epicker(args, { cwd });
    assertEquals([code, err], [0, ""]);
    return out;
  };
  const first = await run("pick", "micrographs/", ...options);
  assertStringIncludes(first, "Results in Picks;");
  assertMatch(first, /one .*\| +\d+\.\d\d \| too dense \|$/m);
  const files = [...Deno.readDirSync(join(cwd, "Picks"))].map(({ name }) => name).sort();
  const expected = ["candidates", "one.box", "one.star", "summary.json", "summary.txt"];
  assertEquals(files, [...expected, "two.box", "two.star"]);
  const again = await run("pick", "micrographs", ...options);
  assertMatch(again, /one .*\| +– \| too dense \|$/m, "done already, so that it took no time");
  assertStringIncludes(again, "Done already: 2");
  const pattern = await run("pick", "micrographs/*.mrc", ...options);
  assertStringIncludes(pattern, `Results in ${join("micrographs", "Picks")};`);
  await run("pick", "micrographs/one.mrc", ...options);
  await Deno.rename(join(cwd, "micrographs"), join(cwd, "day[1]"));
  const brackets = await run("pick", "day[1]/one.mrc", ...options);
  assertStringIncludes(brackets, `Results in ${join("day[1]", "Picks")};`);
  const deep = await run("pick", "day*/o*.mrc", ...options);
  assertStringIncludes(deep, "Results in Picks;");
  await Deno.rename(join(cwd, "day[1]"), join(cwd, "micrographs"));
  const apart = await epicker(["pick", "micrographs/one.mrc", "elsewhere", ...options], { cwd });
  assertEquals(apart.code, 2);
  assertStringIncludes(apart.err, "inputs in 2 folders and no --out");
  await run("convert", "Picks/one.star", "--to", "CSV", "--out", "csv");
  const scores = await run("evaluate", "--picks", "coordinates", "--data", ".", "--split", "all");
  assertMatch(scores, /\| 1\.000 at threshold \d/);
  await Deno.remove(cwd, { recursive: true });
});

/** Writes a program that prints its name and what it is told, a word on a line. */
async function writeEcho(path: string): Promise<void> {
  const script = `#!/bin/sh\nfor word in ${basename(path)} "$@"; do echo "$word"; done\n`;
  await Deno.writeTextFile(path, script, { mode: 0o755 });
}

/** A folder with a program that prints what it is told, and the few that the launcher needs. */
async function binWith(name: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  await writeEcho(join(folder, name));
  for (const tool of ["sh", "sed", "dirname", "readlink"]) {
    const bins = Deno.env.get("PATH")!.split(":").map((bin) => join(bin, tool));
    await Deno.symlink(bins.find((path) => existsSync(path))!, join(folder, tool));
  }
  return folder;
}

/** Asserts what Deno is told by a way of starting `epicker`, which prints a word on a line. */
async function assertPermissions(start: (args: string[]) => Promise<string>): Promise<void> {
  const flagsOf = async (...args: string[]) => {
    const words = (await start(args)).trimEnd().split("\n");
    const entry = words.findIndex((word) => word.endsWith("/tasks/epicker.ts"));
    assertEquals(words.slice(entry + 1), args);
    assertEquals(words.slice(0, 3), ["deno", "run", "--quiet"]);
    return words.slice(3, entry).join(" ");
  };
  const allowed = (task: keyof typeof config.tasks) => {
    const words = config.tasks[task].split(" ").slice(2);
    return words.slice(0, words.indexOf("tasks/epicker.ts")).join(" ");
  };
  for (const name of Object.keys(COMMANDS) as (keyof typeof config.tasks)[]) {
    assertEquals(await flagsOf(name, "a b", "*", "--help"), allowed(name));
  }
  assertEquals(await flagsOf("pick", "a.mrc", "--backend", "onnx"), allowed("pick-onnx"));
  assertEquals(await flagsOf("pick", "--backend=onnx", "a.mrc"), allowed("pick-onnx"));
  assertEquals(await flagsOf("pick", "--backend", "wasm", "onnx"), allowed("pick"));
  assertEquals(await flagsOf("pick", "a.mrc", "--page", "--watch"), allowed("pick-page"));
  assertEquals(await flagsOf("pick", "--page", "--backend", "onnx"), allowed("pick-onnx"));
  assertEquals(await flagsOf("page", "--page"), allowed("page"));
  assertEquals(await flagsOf("train", "--backend", "onnx"), allowed("train"));
  for (const name of ["--help", "ok", "test", "pick-onnx", ".*", "a|b", "p[i]ck", "constructor"]) {
    assertEquals(await flagsOf(name), "--no-prompt");
  }
  assertEquals(await flagsOf(), "--no-prompt");
}

Deno.test("the launcher gives a command the permissions of its task, and others none", async () => {
  const path = await binWith("deno");
  await assertPermissions(async (args) => (await epicker(args, { path })).out);
  await Deno.remove(path, { recursive: true });
});

Deno.test("so does the command of the npm package", async () => {
  const folder = await Deno.makeTempDir();
  const deno = join(folder, "node_modules", "deno");
  for (const made of [deno, join(folder, "tasks")]) await Deno.mkdir(made, { recursive: true });
  for (const path of ["deno.json", "tasks/npm_bin.ts"]) {
    await Deno.copyFile(path, join(folder, path));
  }
  await Deno.writeTextFile(join(deno, "package.json"), '{ "name": "deno" }');
  await writeEcho(join(deno, "deno"));
  const start = async (args: string[], PATH = "") => {
    const options = ["run", "-A", "--quiet", "--no-check", "--no-lock"];
    const bin = join(folder, "tasks", "npm_bin.ts");
    const command = { args: [...options, bin, ...args], env: { PATH } };
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), command).output();
    return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  };
  await assertPermissions(start);
  await Deno.rename(deno, join(folder, "deno"));
  assertMatch(await start(["pick"]), /^epicker: found no Deno \(.*ENOENT.*\); expected it/);
  const installed = await start(["pick"], `${join(folder, "deno")}:/bin:/usr/bin`);
  assertEquals(installed.split("\n").slice(0, 2), ["deno", "run"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("without Deno, the launcher asks npm for the version that the checks use", async () => {
  const path = await binWith("npx");
  const words = (await epicker(["pick"], { path })).out.split("\n");
  const [wanted] = /deno@\S+/.exec(await Deno.readTextFile(".ci/run")) ?? [];
  assertEquals(words.slice(0, 4), ["npx", "-y", wanted, "run"]);
  await Deno.remove(path, { recursive: true });
});

Deno.test("a link to the launcher and deno install -g open the same door", async () => {
  const folder = await Deno.makeTempDir();
  const link = join(folder, "link");
  await Deno.symlink(LAUNCHER, link);
  const install = ["install", "-g", "--quiet", "-A", "--name", "epicker"];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [...install, "--config", "deno.json", "tasks/epicker.ts"],
    env: { DENO_INSTALL_ROOT: folder },
    ...{ stdout: "null", stderr: "null" },
  }).output();
  assertEquals(code, 0);
  for (const program of [link, join(folder, "bin", "epicker")]) {
    const { out } = await epicker(["--version"], { cwd: folder, program });
    assertEquals(out, `epicker ${config.version}\n`);
  }
  await Deno.remove(folder, { recursive: true });
});
