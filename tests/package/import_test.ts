/** The library in a folder of its own: by a link, an import map, a URL. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { extname, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { expected, output, picking, ROOT, run, scratchFolder } from "./_scratch.ts";

Deno.test("a folder whose deno.json links the checkout imports it by name", async () => {
  const folder = await scratchFolder();
  await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ links: [ROOT] }));
  await Deno.writeTextFile(join(folder, "pick.ts"), picking("@epicker/epicker"));
  assertEquals(await output(folder, "deno", "run", "-A", "pick.ts"), await expected(folder));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an import map of one's own has the library's names beside its own", async () => {
  const folder = await scratchFolder();
  const imports = {
    "@epicker/epicker": `${ROOT}mod.ts`,
    "@epicker/epicker/io": `${ROOT}lib/io/mod.ts`,
  };
  const own = Object.entries(config.imports)
    .map(([name, to]) => [name, to.replace(/^\.\//, ROOT)]);
  const map = { imports, scopes: { [ROOT]: Object.fromEntries(own) } };
  await Deno.writeTextFile(join(folder, "map.json"), JSON.stringify(map));
  await Deno.writeTextFile(join(folder, "pick.ts"), picking("@epicker/epicker"));
  const args = ["run", "-A", "--no-lock", "--import-map=map.json", "pick.ts"];
  assertEquals(await output(folder, "deno", ...args), await expected(folder));
  await Deno.remove(folder, { recursive: true });
});

/** Serves the checkout as a web server does that knows TypeScript. */
function serveCheckout() {
  const types: Record<string, string> = {
    ".ts": "application/typescript",
    ".json": "application/json",
  };
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url }) => {
    const path = join(ROOT, new URL(url).pathname);
    const file = await Deno.open(path).catch(() => null);
    if (file === null) return new Response("not found", { status: 404 });
    const type = types[extname(path)] ?? "application/octet-stream";
    return new Response(file.readable, { headers: { "content-type": type } });
  });
}

/** An empty cache of modules that shares the npm packages. */
async function cacheBeside(folder: string): Promise<string> {
  const { npmCache } = JSON.parse(await output(folder, "deno", "info", "--json"));
  const cache = join(folder, "cache");
  await Deno.mkdir(cache);
  await Deno.symlink(npmCache, join(cache, "npm"));
  return cache;
}

Deno.test("the library works from a URL, and its model is fetched", async () => {
  const folder = await scratchFolder();
  await using server = serveCheckout();
  const address = `http://127.0.0.1:${server.addr.port}`;
  const env = { DENO_DIR: await cacheBeside(folder) };
  const map = `--import-map=${address}/deno.json`;
  const program = picking(`${address}/mod.ts`).replace(`mod.ts/io`, "lib/io/mod.ts");
  await Deno.writeTextFile(join(folder, "pick.ts"), program);
  const allowed = ["--allow-read", "--allow-write", "--allow-env", "--allow-import"];
  const args = ["run", "--quiet", "--no-prompt", "--no-lock", map, ...allowed];
  const refused = await run(folder, env, "deno", ...args, "pick.ts");
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.err, `${address}/models/general/model.safetensors: found`);
  assertStringIncludes(refused.err, "(--allow-net)");
  const { out, err } = await run(folder, env, "deno", ...args, "--allow-net", "pick.ts");
  assertEquals(out, await expected(folder), err);
  await Deno.remove(folder, { recursive: true });
});
