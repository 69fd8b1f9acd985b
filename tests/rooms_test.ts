import { assert, assertEquals } from "@std/assert";
import { basename, dirname, fromFileUrl, join, normalize } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { readNotebook, sourceOf } from "../tasks/_notebook.ts";
import { ABOUT_FILES, BROWSER } from "./_browser_rooms.ts";

/** The rooms in the order of import: each may import those before it. */
const ROOMS = [
  "std",
  "core",
  "io",
  "preprocess",
  "backend",
  "centernet",
  "onnx",
  "tracing",
  "simulation",
  "evaluation",
  "picking",
  "training",
  "continual",
  "experiments",
  "plots",
  "app",
  "benchmark",
  "pipelines",
];

/** Rooms that import fewer than those before them. */
const NARROW: Record<string, string[]> = {
  preprocess: ["core"],
  backend: ["core"],
  centernet: ["core", "backend"],
  onnx: ["core", "preprocess", "backend", "centernet"],
  evaluation: ["core", "io", "tracing"],
  tracing: ["core", "io"],
  simulation: ["core", "io"],
  pipelines: ["core", "io", "picking"],
};

const ROOT = fromFileUrl(new URL("../", import.meta.url));

interface SourceFile {
  path: string;
  imports: string[];
}

async function sourcesIn(folder: string): Promise<SourceFile[]> {
  const sources: SourceFile[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = join(folder, name);
    if (isDirectory) sources.push(...await sourcesIn(path));
    else if (/\.tsx?$/.test(name)) sources.push({ path, imports: await importsOf(path) });
  }
  return sources;
}

/** Relative imports and exports of a file, of types too, as paths from the root. */
async function importsOf(path: string): Promise<string[]> {
  const text = await Deno.readTextFile(join(ROOT, path));
  const statements = text.matchAll(/^(?:import|export)\s[^;]*?from\s+"(\.[^"]+)"/gms);
  return [...statements].map(([, to]) => normalize(join(dirname(path), to)));
}

function roomOf(path: string): string {
  return path.split("/")[1];
}

Deno.test("every room of lib imports only the rooms that it may", async () => {
  for (const { path, imports } of await sourcesIn("lib")) {
    const room = roomOf(path);
    assert(ROOMS.includes(room), `${path} lies in no known room`);
    const allowed = NARROW[room] ?? ROOMS.slice(0, ROOMS.indexOf(room));
    for (const to of imports.filter((to) => roomOf(to) !== room)) {
      assert(allowed.includes(roomOf(to)), `${path} may not import ${to}`);
      assert(to.endsWith("/mod.ts"), `${path} must import ${roomOf(to)}/mod.ts, not ${to}`);
    }
  }
});

Deno.test("rooms that run in a browser do not know Deno, but for the files that are about files", async () => {
  for (
    const { path } of (await sourcesIn("lib")).filter(({ path }) => BROWSER.includes(roomOf(path)))
  ) {
    if (ABOUT_FILES.includes(path)) continue;
    const code = (await Deno.readTextFile(join(ROOT, path)))
      .replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
    assert(!/\bDeno\.|typeof Deno|"node:/.test(code), `${path} knows Deno`);
  }
});

Deno.test("no file of lib imports itself through others", async () => {
  const graph = new Map((await sourcesIn("lib")).map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const visit = (path: string, trail: string[]) => {
    assert(!trail.includes(path), `cycle: ${[...trail, path].join(" → ")}`);
    if (done.has(path)) return;
    for (const to of graph.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
});

Deno.test("tasks see the library through mod.ts and those of the rooms, notebooks through mod.ts", async () => {
  const doors = ["mod.ts", "deno.json", ...ROOMS.map((room) => `lib/${room}/mod.ts`)];
  for (const { path, imports } of await sourcesIn("tasks")) {
    for (const to of imports) {
      assert(doors.includes(to) || to.startsWith("tasks/"), `${path} may not import ${to}`);
    }
  }
  for await (const { name } of Deno.readDir(join(ROOT, "notebooks"))) {
    if (!name.endsWith(".ipynb")) continue;
    const { cells } = await readNotebook(join(ROOT, "notebooks", name));
    const code = cells.filter((cell) => cell.cell_type === "code").map(sourceOf).join("\n");
    const imports = [...code.matchAll(/\bimport\b[^;]*?["']([^"']+)["']/g)].map(([, to]) => to);
    const ours = imports.filter((to) => /^[./]|^file:|^@epicker/.test(to));
    assertEquals(new Set(ours), new Set(["../mod.ts"]), `${name} may import ../mod.ts alone`);
  }
});

Deno.test("every room has a mod.ts that begins with a module comment, and a subpath", async () => {
  const rooms = ROOMS.filter((room) => room !== "std");
  const subpaths = rooms.map((room) => [`./${room}`, `./lib/${room}/mod.ts`]);
  assertEquals(config.exports, { ".": "./mod.ts", ...Object.fromEntries(subpaths) });
  for (const room of rooms) {
    const text = await Deno.readTextFile(join(ROOT, "lib", room, "mod.ts"));
    assert(text.startsWith("/**") && text.includes("@module"), `lib/${room}/mod.ts`);
  }
});

Deno.test("of the top level, git sees what the design says and nothing else", async () => {
  const known = [
    ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "docs", "epicker"],
    ...["deno.json", "deno.lock", "mod.ts", "lib", "models", "notebooks", "tasks", "tests"],
    ...[".ci", ".gitignore"],
  ];
  const lines = (await Deno.readTextFile(join(ROOT, ".gitignore"))).split("\n");
  assert(lines.includes("/*"), "work folders, of whatever name, are not the project's");
  const seen = lines.filter((line) => line.startsWith("!")).map((line) => basename(line.slice(1)));
  assertEquals(seen.sort(), known.sort());
});
