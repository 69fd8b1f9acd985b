import { assertEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { join } from "@std/path";
import { startBackend } from "../../lib/backend/mod.ts";
import { Picker, pickFiles } from "../../lib/picking/mod.ts";
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

/** What must not grow: tensors, their bytes and WASM's heap. */
function held() {
  const { numTensors, numBytes } = tf.memory();
  const { wasm } = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  return { numTensors, numBytes, heap: wasm.HEAPU8.buffer.byteLength };
}

const residentMegabytes = () => Deno.memoryUsage().rss / 2 ** 20;

Deno.test("memory stays flat over hundreds of micrographs", async () => {
  const folder = await manyMicrographs(COUNT);
  using picker = new Picker(freshModel(), await startBackend("wasm"));
  let [warm, megabytes] = [held(), 0];
  const { files } = await pickFiles(picker, [join(folder, "micrographs")], {
    out: join(folder, "out"),
    workers: 1,
    onProgress: ({ done }) => {
      if (done === WARM) [warm, megabytes] = [held(), residentMegabytes()];
    },
  });
  assertEquals(files.filter(({ picks }) => picks !== undefined).length, COUNT);
  assertEquals(held(), warm);
  assertLess(residentMegabytes() - megabytes, SLACK);
  await Deno.remove(folder, { recursive: true });
});
