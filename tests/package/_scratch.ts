import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { phantomNamed, simulateMicrograph } from "../../lib/simulation/mod.ts";
import { readMicrograph, writeMrc } from "../../lib/io/mod.ts";
import { loadPicker } from "../../lib/picking/mod.ts";

/** The checkout. */
export const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** A folder outside the checkout, with a micrograph `in.mrc`. */
export async function scratchFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const specimen = { kind: "particles", species: [{ phantom: "apoferritin" }], count: 6 } as const;
  const pixelSizeA = phantomNamed("apoferritin").diameterA / 30;
  const { micrograph } = simulateMicrograph({ specimen, pixelSizeA, seed: 1, size: 256 });
  await writeMrc(join(folder, "in.mrc"), micrograph);
  return folder;
}

/** A program that picks `in.mrc` with the shipped model, writes `out.star` and says what it found. */
export function picking(from: string): string {
  return `
import { loadPicker, readMicrograph } from "${from}";
import { readCoordinates, writeCoordinates } from "${from}/io";
const picker = await loadPicker({ backend: "wasm" });
const { picks } = await picker.pick(await readMicrograph("in.mrc"));
await writeCoordinates("out.star", picks);
console.log(picks.length, (await readCoordinates("out.star")).length);
`;
}

/** How many particles the checkout itself picks, as the programs say it. */
export async function expected(folder: string): Promise<string> {
  using picker = await loadPicker({ backend: "wasm" });
  const { picks } = await picker.pick(await readMicrograph(join(folder, "in.mrc")));
  assert(picks.length > 0);
  return `${picks.length} ${picks.length}`;
}

/** Runs a program in a folder and gives what it prints; fails with its errors. */
export async function output(cwd: string, ...command: string[]): Promise<string> {
  const { code, out, err } = await run(cwd, {}, ...command);
  assertEquals(code, 0, err);
  return out;
}

/** Runs a program in a folder. */
export async function run(cwd: string, env: Record<string, string>, ...[name, ...args]: string[]) {
  const program = name === "deno" ? Deno.execPath() : name;
  const command = new Deno.Command(program, { args, cwd, env: { NO_COLOR: "1", ...env } });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout).trim(), err: text(stderr) };
}
