import { join, relative } from "@std/path";
import { random } from "../../lib/core/mod.ts";
import { writeMrc } from "../../lib/io/mod.ts";

/** Writes a small noisy micrograph; flat ones (96 × 6) cost the network little. */
export async function writeNoise(
  path: string,
  seed: number,
  { width = 96, height = 6 } = {},
): Promise<void> {
  const stream = random(seed);
  const pixels = Float32Array.from({ length: width * height }, () => stream.normal());
  await writeMrc(path, { width, height, pixels, pixelSizeA: 3 });
}

/** A new folder with `micrographs/m0.mrc` and so on. */
export async function noiseFolder(count: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "micrographs"));
  for (let i = 0; i < count; i++) {
    await writeNoise(join(folder, "micrographs", `m${i}.mrc`), i, { width: 90 + i % 7 });
  }
  return folder;
}

/** Results in a folder as text by path, hidden files and the summaries left out. */
export async function resultsIn(folder: string): Promise<Map<string, string>> {
  const results = new Map<string, string>();
  async function walk(at: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(at)) {
      const path = join(at, name);
      if (isDirectory) await walk(path);
      else if (!name.startsWith(".") && !name.startsWith("summary.")) {
        results.set(relative(folder, path), await Deno.readTextFile(path));
      }
    }
  }
  await walk(folder);
  return new Map([...results].sort(([a], [b]) => a < b ? -1 : 1));
}
