/**
 * Makes the npm package: `deno task pack`.
 *
 * JavaScript and declarations of every module, file by file, so that what finds its neighbours by
 * address (workers, strategies, the shipped model) finds them there as well. `--out DIR` says where
 * (default: out/npm).
 *
 * @module
 */
import { dirname, fromFileUrl, join, relative } from "@std/path";
import config from "../deno.json" with { type: "json" };

/** Not in `deno.json`, for Deno would download it before every command; its name is no literal, too. */
const TYPESCRIPT = "npm:typescript@5.9.3";

/** What the package needs in Node alone. */
const FOR_NODE = {
  "@deno/shim-deno": "^0.19.2",
  "@petamoriken/float16": "^3.9.3",
  "core-js": "^3.51.0",
  "web-worker": "^1.5.0",
};

/** The part of TypeScript's interface that is used here. */
interface TypeScript {
  transpileModule(text: string, options: object): { outputText: string };
  transpileDeclaration(text: string, options: object): { outputText: string };
}

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const SHIM = "tasks/pack/node.js";

/** The command of the package: it runs Deno, which npm installs with it. */
const COMMAND = "tasks/npm_bin.js";

/** What a user of the package has no use for, or finds in another package. */
const NOT_PACKED = /^lib\/std\/|^tasks\/(tables\/|(tables|kernels|pack|docs|ok)\.ts)/;
const STD = /"npm:(deno-std)@([\d.]+)(\/[^"]+)"/;

/** Packages that the modules import. */
const imported = new Set<string>();

const { default: ts }: { default: TypeScript } = await import(TYPESCRIPT);
const standard = await standardLibrary();
const out = Deno.args[0] === "--out" ? Deno.args[1] : join(ROOT, "out", "npm");

await Deno.remove(out, { recursive: true }).catch(() => {}); // nothing of an earlier one stays
for (const path of ["mod.ts", ...await modulesIn("lib"), ...await modulesIn("tasks")]) {
  if (!NOT_PACKED.test(path)) await pack(path);
}
const models = ["general", "vesicle", "fiber"].map((name) => `models/${name}/model.safetensors`);
for (const path of ["README.md", "LICENSE", ...models, "models/general/exemplars.safetensors"]) {
  await Deno.mkdir(dirname(join(out, path)), { recursive: true });
  await Deno.copyFile(join(ROOT, path), join(out, path));
}
await write("package.json", JSON.stringify(manifest(), null, 2) + "\n");
console.log(`${out}: now \`npm pack\` or \`npm publish\` there`);

/** Where the package `deno-std` has what `deno.json` maps `@std/…` to. */
async function standardLibrary(): Promise<Map<string, RegExpMatchArray>> {
  const mapped = Object.entries(config.imports).filter(([, to]) => to.startsWith("./"));
  const found = await Promise.all(mapped.map(async ([name, to]) => {
    const text = await Deno.readTextFile(join(ROOT, to));
    return [name, text.match(STD)!] as const;
  }));
  return new Map(found);
}

async function modulesIn(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await modulesIn(path));
    else if (name.endsWith(".ts") && !name.endsWith(".d.ts")) paths.push(path);
  }
  return paths;
}

async function pack(path: string): Promise<void> {
  const text = await withData(path, await Deno.readTextFile(join(ROOT, path)));
  const compilerOptions = { target: "ES2022", module: "ESNext", verbatimModuleSyntax: true };
  const { outputText: code } = ts.transpileModule(text, { compilerOptions });
  const types = ts.transpileDeclaration(text, {
    compilerOptions: { ...compilerOptions, declaration: true },
  });
  const shim = relative(dirname(path), SHIM);
  const first = path === "tasks/pack/node.ts" ? "" : shimFor(path, code, shim);
  await write(path.replace(/ts$/, "js"), first + linked(code));
  await write(path.replace(/ts$/, "d.ts"), linked(types.outputText));
}

/** The import of what Node lacks, where a program begins and where Deno is called. */
function shimFor(path: string, code: string, shim: string): string {
  const address = shim.startsWith(".") ? shim : `./${shim}`;
  if (/\bDeno\./.test(code)) return `import { Deno } from "${address}";\n`;
  return /(^|\/)(mod|worker)\.ts$/.test(path) ? `import "${address}";\n` : "";
}

/** Imported JSON as a constant: Node would warn of it. */
async function withData(path: string, text: string): Promise<string> {
  const statements = text.matchAll(/^import (\w+) from "(\.[^"]+\.json)" with .*;$/gm);
  for (const [statement, name, from] of statements) {
    const data = await Deno.readTextFile(join(ROOT, dirname(path), from));
    text = text.replace(statement, () => `const ${name} = ${data.trim()};`);
  }
  return text;
}

/** Addresses as Node knows them. */
function linked(code: string): string {
  return code
    .replace(
      /(\bfrom |\bimport[ (]|resolve\(|new URL\()(["`])([^"`]+)\2/g,
      (_, word, quote, to) => {
        const [, name, , path] = standard.get(to) ?? [];
        const own = to.startsWith(".") ? to.replace(/\.ts$/, ".js") : to;
        imported.add(to);
        const address = name === undefined
          ? own.replace(/^npm:(@?[^@]+)@[^/]+/, "$1")
          : `${name}${path}`;
        return `${word}${quote}${address}${quote}`;
      },
    );
}

function manifest(): object {
  const { name, version, license, exports } = config;
  const entries = Object.entries(exports).map(([subpath, path]) => {
    const base = path.replace(/\.ts$/, "");
    return [subpath, { types: `${base}.d.ts`, default: `${base}.js` }];
  });
  return {
    name,
    version,
    description: "Cryo-EM particle picking that learns new datasets without forgetting old ones",
    license,
    type: "module",
    engines: { node: ">=20.10" },
    bin: { epicker: COMMAND },
    exports: Object.fromEntries(entries),
    sideEffects: ["**/mod.js", "**/worker.js", SHIM],
    dependencies: { ...dependencies(), ...FOR_NODE },
    optionalDependencies: { deno: Deno.version.deno },
  };
}

/** What the library imports, by the versions of `deno.json`. */
function dependencies(): Record<string, string> {
  const [[, name, version]] = standard.values();
  const own = Object.entries(config.imports)
    .filter(([name, to]) => imported.has(name) && to.startsWith("npm:"))
    .map(([name, to]) => [name, to.slice(`npm:${name}@`.length)]);
  return Object.fromEntries([[name, version], ...own]);
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(join(out, path)), { recursive: true });
  await Deno.writeTextFile(join(out, path), text);
}
