import { join } from "@std/path";
import { random } from "../../lib/core/mod.ts";
import { writeCoordinates, writeMrc } from "../../lib/io/mod.ts";

/** A dataset folder of two small micrographs with labels, split into train and test. */
export async function smallDataset(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const stream = random(2);
  for (const name of ["one", "two"]) {
    const pixels = Float32Array.from({ length: 128 * 128 }, () => stream.normal());
    const image = { width: 128, height: 128, pixels, pixelSizeA: 5 };
    await Deno.mkdir(join(folder, "micrographs"), { recursive: true });
    await writeMrc(join(folder, "micrographs", `${name}.mrc`), image);
    await writeCoordinates(join(folder, "coordinates", `${name}.star`), [{ x: 40, y: 60 }]);
  }
  const info = { diameterA: 100, split: { train: ["one"], test: ["two"] } };
  await Deno.writeTextFile(join(folder, "dataset.json"), JSON.stringify(info));
  return folder;
}
