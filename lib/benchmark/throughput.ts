import { basename, join } from "@std/path";
import { type Picker, pickFiles } from "../picking/mod.ts";

/** The speed of picking a folder. */
export interface Throughput {
  /** The network. */
  network: string;
  /** The micrograph that the folder holds copies of. */
  file: string;
  /** How many. */
  copies: number;
  /** Seconds from the first file read to the last one written. */
  seconds: number;
  /** Micrographs per minute. */
  perMinute: number;
}

/**
 * Times `pickFiles` on a folder of copies of one micrograph.
 *
 * @param picker One that is warm.
 * @param folder Where copies and picks go; made here.
 */
export async function measureThroughput(
  network: string,
  picker: Picker,
  path: string,
  folder: string,
  copies: number,
): Promise<Throughput> {
  const inputs = join(folder, "micrographs");
  await copyTimes(path, inputs, copies);
  const start = performance.now();
  const { files } = await pickFiles(picker, [inputs], { out: join(folder, "picks") });
  const seconds = (performance.now() - start) / 1000;
  const failed = files.find(({ error }) => error !== undefined);
  if (failed) throw new Error(`${failed.path}: ${failed.error}`);
  return { network, file: basename(path), copies, seconds, perMinute: 60 * copies / seconds };
}

/** Fills a folder with copies of a file: links where the file system has them. */
async function copyTimes(path: string, folder: string, count: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 1; i <= count; i++) {
    const copy = join(folder, `copy${i}.mrc`);
    await Deno.link(path, copy).catch(() => Deno.copyFile(path, copy));
  }
}
