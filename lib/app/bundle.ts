import { fromFileUrl, join } from "@std/path";
import { cacheFolder, EPickerError, hashOf, writeFileAtomic } from "../core/mod.ts";

/** Says which libraries the page has, and their versions. */
const PROJECT = new URL("../../deno.json", import.meta.url);

/**
 * The page's program as one script, made by `deno bundle` where it is not in the user's cache.
 *
 * @throws {EPickerError} `write-failed` where it cannot be made.
 */
export async function pageScript(): Promise<string> {
  const folders = ["page/", "../core/"].map((folder) => new URL(folder, import.meta.url));
  const sources = (await Promise.all(folders.map(sourcesIn))).flat();
  const key = await hashOf([await Deno.readTextFile(PROJECT), Deno.version.deno, ...sources]);
  const path = join(cacheFolder(), "pages", `${key}.js`);
  return await Deno.readTextFile(path).catch(async () => {
    const script = await bundled(fromFileUrl(new URL("page/main.tsx", import.meta.url)));
    await writeFileAtomic(path, script).catch(() => {}); // then it is made again next time
    return script;
  });
}

async function sourcesIn(folder: URL): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  const scripts = names.filter((name) => /\.tsx?$/.test(name));
  return await Promise.all(scripts.map((name) => Deno.readTextFile(new URL(name, folder))));
}

/**
 * A program and all that it imports as one script for browsers.
 *
 * @param entry Path of its first module.
 * @param instead Addresses of modules that take the place of packages, by the names of these.
 * @throws {EPickerError} `write-failed` where it cannot be made.
 */
export async function bundled(
  entry: string,
  instead: Record<string, string> = {},
): Promise<string> {
  const project: { imports: Record<string, string> } = JSON.parse(await Deno.readTextFile(PROJECT));
  const imports = Object.entries({ ...project.imports, ...instead })
    .map(([name, address]) => [name, new URL(address, PROJECT).href]);
  const map = encodeURIComponent(JSON.stringify({ imports: Object.fromEntries(imports) }));
  const options = [
    ...["--quiet", "--platform", "browser", "--minify"],
    ...["--config", fromFileUrl(PROJECT), "--import-map", `data:application/json,${map}`],
  ];
  const { success, stdout, stderr } = await new Deno.Command("deno", {
    args: ["bundle", ...options, entry],
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (success && stdout.length > 0) return text(stdout);
  throw new EPickerError("write-failed", {
    file: entry,
    found: `that the page cannot be bundled (${text(stderr).trim().split("\n")[0]})`,
    expected: "Deno 2.4 or later, and the npm registry on the first run",
    remedy: "Run once with a connection.",
  });
}
