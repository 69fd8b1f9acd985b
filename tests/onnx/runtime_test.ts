import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { EPickerError } from "../../lib/core/mod.ts";
import config from "../../lib/onnx/runtime.json" with { type: "json" };
import { loadOnnxRuntime } from "../../lib/onnx/runtime.ts";

/** Name and version, which is the name of the folder too. */
const PACKAGE = config.imports["onnxruntime-node"].replace("npm:", "");

/** Runs a test with other environment variables. */
async function withEnvironment(
  changes: Record<string, string>,
  test: () => Promise<void>,
): Promise<void> {
  const before = Object.keys(changes).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(changes)) Deno.env.set(name, value);
  try {
    await test();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

async function assertRefused(found: string, remedy: string): Promise<void> {
  const error = await assertRejects(loadOnnxRuntime, EPickerError);
  assertEquals(error.code, "no-backend");
  assert(error.message.includes(found), error.message);
  assert(error.message.endsWith(remedy), error.message);
  assertEquals(error.message.split("\n").length, 1);
}

Deno.test("the runtime is installed on the first call and found by the next", async () => {
  const cache = await Deno.makeTempDir();
  await withEnvironment({ XDG_CACHE_HOME: cache }, async () => {
    const { env } = await loadOnnxRuntime();
    assertEquals(PACKAGE, `onnxruntime-node@${env.versions.node}`);
    const installed = join(cache, "epicker", PACKAGE, "installed");
    const { mtime } = await Deno.stat(installed);
    await loadOnnxRuntime();
    assertEquals((await Deno.stat(installed)).mtime, mtime);
  });
  await Deno.remove(cache, { recursive: true });
});

Deno.test("without the npm registry, the runtime is refused with the way out", async () => {
  const cache = await Deno.makeTempDir();
  const offline = {
    XDG_CACHE_HOME: cache,
    DENO_DIR: join(cache, "deno"),
    NPM_CONFIG_REGISTRY: "http://127.0.0.1:9",
  };
  await withEnvironment(offline, () => assertRefused("onnxruntime-node", "`backend` wasm."));
  await Deno.remove(cache, { recursive: true });
});

Deno.test("an installation that was damaged is refused with the folder to delete", async () => {
  const cache = await Deno.makeTempDir();
  const folder = join(cache, "epicker", PACKAGE);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "installed"), "");
  await withEnvironment(
    { XDG_CACHE_HOME: cache },
    () =>
      assertRefused("cannot be loaded", `Delete ${folder} and run again, or use \`backend\` wasm.`),
  );
  await Deno.remove(cache, { recursive: true });
});

Deno.test("no other command downloads the runtime: the lock file does not hold it", async () => {
  const lock = await Deno.readTextFile(new URL("../../deno.lock", import.meta.url));
  assert(!lock.includes("onnxruntime"));
});
