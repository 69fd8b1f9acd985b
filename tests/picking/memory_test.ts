import { assertEquals, assertLess } from "@std/assert";
import { join } from "@std/path";
import { openPicker, pickFiles } from "../../lib/picking/mod.ts";
import { writeNoise } from "./_batch.ts";
import { freshModel } from "./_model.ts";

/** Sizes of micrographs that give network images of different shapes. */
const SIZES = [[128, 6], [100, 10], [6, 64], [90, 20]];

/** Megabytes that a process may take more after `WARM` micrographs: garbage, not growth. */
const SLACK = 150;

/** Micrographs in all. */
const COUNT = 250;

/** Micrographs until memory is what it stays. */
const WARM = 60;

/** A folder of many micrographs, links to a few files. */
async function manyMicrographs(count: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "micrographs"));
  for (const [i, [width, height]] of SIZES.entries()) {
    await writeNoise(join(folder, `${i}.mrc`), i, { width, height });
  }
  for (let i = 0; i < count; i++) {
    const name = `m${String(i).padStart(4, "0")}.mrc`;
    await Deno.symlink(join(folder, `${i % SIZES.length}.mrc`), join(folder, "micrographs", name));
  }
  return folder;
}

const residentMegabytes = () => Deno.memoryUsage().rss / 2 ** 20;

Deno.test("memory stays flat over hundreds of micrographs", async () => {
  const folder = await manyMicrographs(COUNT);
  using picker = await openPicker(freshModel(), "wasm");
  let megabytes = 0;
  const { files } = await pickFiles(picker, [join(folder, "micrographs")], {
    out: join(folder, "out"),
    workers: 1,
    onProgress: ({ done }) => {
      if (done === WARM) megabytes = residentMegabytes();
    },
  });
  assertEquals(files.filter(({ picks }) => picks !== undefined).length, COUNT);
  assertLess(residentMegabytes() - megabytes, SLACK);
  await Deno.remove(folder, { recursive: true });
});
