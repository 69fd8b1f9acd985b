/**
 * Writes the API's pages, by building block: `deno task docs`, or with `--out DIR`.
 *
 * `deno doc` groups what has a `@category`, of declaration files alone. Nothing in the library has
 * one: every room is one, by its title in `mod.ts`, and a copy of the sources is marked so.
 *
 * @module
 */
import { dirname, fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../", import.meta.url));
const out = Deno.args[0] === "--out" ? Deno.args[1] : join(ROOT, "out", "docs");

/** The rooms and their titles: `// Title: more`, above the names of each in `mod.ts`. */
const source = await Deno.readTextFile(join(ROOT, "mod.ts"));
const rooms = [...source.matchAll(/^\/\/ ([^:\n]+).*\nexport \{[^}]*\} from "\.\/(lib\/\w+)\//gm)];

const copy = await Deno.makeTempDir();
await copyMarked("lib/std");
for (const [, title, room] of rooms) await copyMarked(room, title);
const [comment] = source.split("\n\n");
const blocks = rooms.map(([, , room]) => `export * from "./${room}/mod.ts";\n`);
await Deno.writeTextFile(join(copy, "epicker.d.ts"), `${comment}\n${blocks.join("")}`);
await Deno.copyFile(join(ROOT, "deno.json"), join(copy, "deno.json"));
await Deno.mkdir(dirname(out), { recursive: true });
const args = [
  "doc",
  "--quiet",
  "--html",
  "--name=EPicker",
  `--output=${out}`,
  join(copy, "epicker.d.ts"),
];
const { success } = await new Deno.Command("deno", { args, cwd: copy }).spawn().status;
await Deno.remove(copy, { recursive: true });
if (!success) Deno.exit(1);

/** Copies a folder's modules; what they export gets the category. */
async function copyMarked(folder: string, category?: string): Promise<void> {
  await Deno.mkdir(join(copy, folder), { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = join(folder, name);
    if (isDirectory) await copyMarked(path, category);
    else await Deno.writeTextFile(join(copy, path), marked(await read(path), category));
  }
}

async function read(path: string): Promise<string> {
  return await Deno.readTextFile(join(ROOT, path));
}

function marked(text: string, category?: string): string {
  return text.replace(
    /\s*\*\/\n(?=export )/g,
    category ? `\n * @category ${category}\n */\n` : "$&",
  );
}
