/**
 * What Node lacks: the functions of Deno that the library calls, workers, and newer JavaScript.
 *
 * `deno task pack` puts it before the modules of the npm package. In Deno it does nothing.
 *
 * @module
 */

/** Packages that only Node needs; by their literal names Deno would fetch them, too. */
const load = (name: string) => import(name);

/** Features of newer JavaScript by the global that has them: missing below Node 22, 24 or 25. */
const NEWER: [has: unknown, packages: string[]][] = [
  [Map.groupBy, ["core-js/actual/map/group-by.js", "core-js/actual/object/group-by.js"]],
  [Array.fromAsync, ["core-js/actual/array/from-async.js"]],
  [Promise.withResolvers, ["core-js/actual/promise/with-resolvers.js"]],
  [
    Uint8Array.fromBase64,
    ["from-base64", "to-base64", "to-hex"].map((name) => `core-js/actual/typed-array/${name}.js`),
  ],
];

/** Programs are run to install ONNX Runtime alone. */
class NoCommand {
  constructor() {
    throw new Error("only Deno installs it; in Node use WASM");
  }
}

async function denoForNode(): Promise<typeof Deno> {
  for (const [has, packages] of NEWER) {
    if (has === undefined) await Promise.all(packages.map(load));
  }
  const [major] = (await load("node:process")).versions.node.split(".");
  if (major < 22) (await load("node:v8")).setFlagsFromString("--experimental-wasm-relaxed-simd");
  const scope = globalThis as Record<string, unknown>;
  scope.Float16Array ??= (await load("@petamoriken/float16")).Float16Array;
  scope.Worker ??= (await load("web-worker")).default;
  scope.navigator ??= { hardwareConcurrency: (await load("node:os")).availableParallelism() };
  const { Deno: shim } = await load("@deno/shim-deno");
  Object.assign(shim.FsFile.prototype, await fileMethods());
  shim.FsFile.prototype[Symbol.dispose] ??= shim.FsFile.prototype.close;
  return { ...shim, Command: NoCommand, errors: { ...shim.errors, NotCapable: NoCommand } };
}

/** What the package `@deno/shim-deno` does not implement of an open file. */
async function fileMethods() {
  const { fsync, read } = await load("node:fs");
  const { promisify } = await load("node:util");
  const places = new WeakMap<File, number>();
  type File = { rid: number; stat(): Promise<{ size: number }> };
  return {
    async read(this: File, target: Uint8Array): Promise<number | null> {
      const place = places.get(this) ?? 0;
      const { bytesRead } = await promisify(read)(this.rid, target, 0, target.length, place);
      places.set(this, place + bytesRead);
      return bytesRead === 0 && target.length > 0 ? null : bytesRead;
    },
    async seek(this: File, offset: number, from: Deno.SeekMode): Promise<number> {
      const origin = [0, places.get(this) ?? 0, (await this.stat()).size][from];
      places.set(this, origin + offset);
      return origin + offset;
    },
    async sync(this: File): Promise<void> {
      await promisify(fsync)(this.rid);
    },
    lock: () => Promise.resolve(), // Node has no locks of files
    tryLock: () => Promise.resolve(false),
  };
}

const deno = "Deno" in globalThis ? Deno : await denoForNode();
export { deno as Deno };
