import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { contentOf } from "../../lib/app/content.ts";
import { Pictures } from "../../lib/app/pictures.ts";
import { random } from "../../lib/core/mod.ts";
import { writeMrc } from "../../lib/io/mod.ts";

/** A micrograph of noise with one pixel in the middle that is another. */
async function writeNoise(path: string, middle = 0): Promise<void> {
  const stream = random(1);
  const pixels = Float32Array.from({ length: 200 * 200 }, () => stream.normal());
  pixels[pixels.length / 2] = middle;
  await writeMrc(path, { width: 200, height: 200, pixels });
}

async function filesIn(folder: string): Promise<number> {
  let count = 0;
  for await (const { isFile, name } of Deno.readDir(folder)) {
    count += isFile ? 1 : await filesIn(join(folder, name));
  }
  return count;
}

Deno.test("a micrograph that was moved or copied has its thumbnail already", async () => {
  const folder = await Deno.makeTempDir();
  const before = Deno.env.get("XDG_CACHE_HOME");
  Deno.env.set("XDG_CACHE_HOME", join(folder, "cache"));
  const [one, moved, other] = ["a/one.mrc", "b/moved.mrc", "a/other.mrc"]
    .map((name) => join(folder, name));
  try {
    using pictures = new Pictures();
    await writeNoise(one);
    const png = await pictures.thumbnail(one);
    assertEquals(await filesIn(join(folder, "cache")), 1);
    await Deno.mkdir(join(folder, "b"));
    await Deno.rename(one, moved);
    assertEquals(await pictures.thumbnail(moved), png);
    await Deno.copyFile(moved, one);
    assertEquals(await pictures.thumbnail(one), png);
    assertEquals(await filesIn(join(folder, "cache")), 1);
    await writeNoise(other, 1);
    await pictures.thumbnail(other);
    assertEquals(await filesIn(join(folder, "cache")), 2);
  } finally {
    if (before === undefined) Deno.env.delete("XDG_CACHE_HOME");
    else Deno.env.set("XDG_CACHE_HOME", before);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("content is told apart by size, begin, middle and end; short files too", async () => {
  const folder = await Deno.makeTempDir();
  const bytes = (length: number, at?: number) => {
    const all = new Uint8Array(length);
    if (at !== undefined) all[at] = 1;
    return all;
  };
  const large = 100_000;
  const contents = [
    ...[bytes(0), bytes(1), bytes(2), bytes(2, 0), bytes(20_000), bytes(20_000, 19_999)],
    ...[bytes(large), bytes(large, 0), bytes(large, large / 2), bytes(large, large - 1)],
  ];
  const keys = new Set<string>();
  for (const [i, content] of contents.entries()) {
    const path = join(folder, `${i}`);
    await Deno.writeFile(path, content);
    keys.add(await contentOf(path));
  }
  assertEquals(keys.size, contents.length);
  await Deno.remove(folder, { recursive: true });
});
