/**
 * Makes a folder that runs everything on a bare Linux x64 machine without network:
 * `deno task offline --out DIR`.
 *
 * In it: Deno, the project, its packages and models, and the programs `epicker` (any command, the
 * GPU benchmark among them) and `test`. What the packages bring and nothing here loads is left out.
 *
 * @module
 */
import { basename, dirname, fromFileUrl, join } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { cacheFolder } from "../lib/core/mod.ts";

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** What Deno never loads of the packages: other bundles of TensorFlow.js, maps, tests, sources. */
const NOT_LOADED = [
  /\.(map|md|markdown|html|flow|min\.js|m?c?ts\.map)$/i,
  /(^|\/)@tensorflow\/[^/]+\/[^/]+\/(src|benchmark|scripts|wasm-out)\//,
  /(^|\/)@tensorflow\/[^/]+\/[^/]+\/dist\/(?!.*(\.node\.js|\.d\.ts|\.wasm)$)/,
  /(^|\/)(core-js)\/[^/]+\/(?!package\.json)/,
];

/** Tests that install something: ONNX Runtime, a compiler; or want Jupyter. */
const INSTALLING = ["ONNX Runtime", "WASM kernels that ship", "^notebooks "];

/** Programs of the folder, by name; each stands at its top. */
const PROGRAMS = {
  epicker: 'exec "$here/project/epicker" "$@"',
  test: 'cd "$here/project" && exec deno test -A --no-check --cached-only ' +
    "--frozen --trace-leaks " +
    "--ignore=tests/package,tests/onnx/detector_test.ts,tests/onnx/runtime_test.ts " +
    `--filter '/^(?!.*(${INSTALLING.join("|")}))/' ` + '"${@:-tests/}"',
};

const [flag, out = "", onnx = "", ...more] = Deno.args;
if (flag !== "--out" || out === "" || !["", "--onnx"].includes(onnx) || more.length > 0) {
  const isAsked = flag === "--help";
  (isAsked ? console.log : console.error)(
    "offline: expected --out DIR, where the folder is made, and --onnx to bring the ONNX Runtime " +
      "that is installed here",
  );
  Deno.exit(isAsked ? 0 : 2);
}

await cachePackages();
const cache = await npmCache();
if (onnx !== "") await copyOnnxRuntime();
for (const name of await projectFiles()) {
  await copyTree(join(ROOT, name), join(out, "project", name));
}
for (const [name, versions] of lockedPackages()) await copyPackage(name, versions);
await copyVulkanLoader();
await Deno.mkdir(join(out, "bin"), { recursive: true });
await Deno.copyFile(Deno.execPath(), join(out, "bin", "deno"));
for (const [name, line] of Object.entries(PROGRAMS)) await writeProgram(name, line);
const archive = basename(out);
console.log(`${out}: pack it with \`tar -cJf ${archive}.tar.xz -C ${dirname(out)} ${archive}\``);

/** Brings all packages that modules, commands and tests load into Deno's cache. */
async function cachePackages(): Promise<void> {
  const modules = ["mod.ts", ...await modulesIn("tasks"), ...await modulesIn("tests")];
  const args = ["cache", "--quiet", "--frozen", ...modules];
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
  if (code !== 0) Deno.exit(code);
}

/** Where Deno keeps the packages of the registry. */
async function npmCache(): Promise<string> {
  const args = ["info", "--json"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  const { npmCache } = JSON.parse(new TextDecoder().decode(stdout)) as { npmCache: string };
  return join(npmCache, "registry.npmjs.org");
}

/** Vulkan's loader of this machine with its licence, for machines that have a driver and no loader. */
async function copyVulkanLoader(): Promise<void> {
  const { stdout } = await new Deno.Command("/sbin/ldconfig", { args: ["-p"] }).output()
    .catch(() => ({ stdout: new Uint8Array() }));
  const known = new TextDecoder().decode(stdout);
  const [, path] = /libvulkan\.so\.1 \(libc6,x86-64\S*\) => (\S+)/.exec(known) ?? [];
  if (path === undefined) return console.log("without libvulkan.so.1, which is not here");
  await Deno.mkdir(join(out, "lib"), { recursive: true });
  await Deno.copyFile(await Deno.realPath(path), join(out, "lib", "libvulkan.so.1"));
  const licence = "/usr/share/doc/libvulkan1/copyright";
  if (await isThere(licence)) {
    await Deno.copyFile(licence, join(out, "lib", "libvulkan1-copyright"));
  }
}

/** ONNX Runtime as `--backend onnx` has installed it, without what other systems need. */
async function copyOnnxRuntime(): Promise<void> {
  const config = await Deno.readTextFile(join(ROOT, "lib", "onnx", "runtime.json"));
  const { imports }: { imports: Record<string, string> } = JSON.parse(config);
  const [name] = Object.values(imports).map((one) => one.slice("npm:".length));
  const from = join(cacheFolder(), name);
  if (!await isThere(join(from, "installed"))) {
    console.error(`offline: ${from} is not there; run epicker pick --backend onnx once`);
    Deno.exit(2);
  }
  const to = join(out, "onnx", "epicker", name);
  for (const file of ["deno.json", "deno.lock"]) await copyTree(join(from, file), join(to, file));
  const packages = join(from, "node_modules", ".deno", "node_modules");
  const [node, common] = ["onnxruntime-node", "onnxruntime-common"];
  const modules = join(to, "node_modules");
  await copyTree(join(packages, common), join(modules, common));
  const inside = join(from, "node_modules", node);
  const binaries = join("bin", "napi-v6", "linux", "x64");
  for (const part of ["package.json", "dist", binaries]) {
    await copyTree(join(inside, part), join(modules, node, part));
  }
  await Deno.writeTextFile(join(to, "installed"), "");
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** What belongs to the project, as `.gitignore` lists it. */
async function projectFiles(): Promise<string[]> {
  const text = await Deno.readTextFile(join(ROOT, ".gitignore"));
  return [...text.matchAll(/^!\/([^/\n]+)\/?$/gm)].map(([, name]) => name);
}

/** The packages of the lock file and their versions. */
function lockedPackages(): Map<string, string[]> {
  const packages = new Map<string, string[]>();
  const lock: { npm: object } = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.lock")));
  for (const key of Object.keys(lock.npm)) {
    const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(key)!;
    packages.set(name, [...packages.get(name) ?? [], version]);
  }
  return packages;
}

/** The versions of a package that are used, and what the registry says of them. */
async function copyPackage(name: string, versions: string[]): Promise<void> {
  const [from, to] = [join(cache, name), cachePath(name)];
  for (const version of versions) await copyTree(join(from, version), join(to, version));
  const entry = JSON.parse(await Deno.readTextFile(join(from, "registry.json")));
  const kept = Object.entries(entry.versions).filter(([version]) => versions.includes(version));
  const tags = Object.entries(entry["dist-tags"] ?? {}).filter(([, version]) => {
    return versions.includes(String(version));
  });
  const registry = {
    ...entry,
    versions: Object.fromEntries(kept),
    "dist-tags": Object.fromEntries(tags),
    time: undefined,
  };
  await Deno.writeTextFile(join(to, "registry.json"), JSON.stringify(registry));
}

function cachePath(name: string): string {
  return join(out, "cache", "npm", "registry.npmjs.org", name);
}

async function copyTree(from: string, to: string): Promise<void> {
  if (NOT_LOADED.some((pattern) => pattern.test(from)) && from.startsWith(cache)) return;
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) {
    await Deno.mkdir(dirname(to), { recursive: true });
    return await Deno.copyFile(from, to);
  }
  for await (const { name } of Deno.readDir(from)) {
    if (name !== ".git") await copyTree(join(from, name), join(to, name));
  }
}

async function modulesIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await modulesIn(path));
    else if (name.endsWith(".ts") && path !== "tests/fixtures") paths.push(path);
  }
  return paths;
}

/** A program that runs with the folder's own Deno and packages, and writes nothing else. */
async function writeProgram(name: string, line: string): Promise<void> {
  const path = join(out, name);
  await Deno.writeTextFile(
    path,
    `#!/bin/sh
# EPicker ${config.version} for machines without network.
here=$(dirname "$(readlink -f "$0")")
export PATH="$here/bin:$PATH" DENO_DIR="$here/cache" DENO_NO_UPDATE_CHECK=1
# For a GPU: Vulkan's loader where the machine has none, and where containers keep NVIDIA's driver.
libraries=
[ -d /usr/local/nvidia/lib64 ] && libraries=/usr/local/nvidia/lib64
/sbin/ldconfig -p 2>/dev/null | grep -q libvulkan.so.1 || libraries="$libraries:$here/lib"
[ -d "$here/onnx" ] && export XDG_CACHE_HOME="$here/onnx" # with ONNX Runtime in it
[ -n "$libraries" ] && export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}\${libraries#:}"
${line}
`,
  );
  await Deno.chmod(path, 0o755);
}
