import { basename, join } from "@std/path";
import { loadPicker, type Picker, type PickerOptions, pickFiles } from "../picking/mod.ts";
import type { BenchmarkSettings } from "./settings.ts";
import { secondsOf } from "./timing.ts";

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
 * Times `pickFiles` on a folder of copies of one micrograph, after a warm-up on that one.
 *
 * @param folder Where copies and picks go; made here.
 * @param most Copies; fewer, and an even number, where one takes long.
 */
export async function measureThroughput(
  network: string,
  options: PickerOptions,
  path: string,
  folder: string,
  { copies: most, budget }: Pick<BenchmarkSettings, "copies" | "budget">,
): Promise<Throughput> {
  using picker = await loadPicker(options);
  const out = join(folder, "picks");
  await pickFiles(picker, [path], { out });
  const one = await secondsOf(() => pickFiles(picker, [path], { out }));
  const copies = Math.min(most, 2 * Math.max(1, Math.ceil(2 * budget / one)));
  const inputs = join(folder, "micrographs");
  await copyTimes(path, inputs, copies);
  const seconds = await secondsOf(() => pickFolder(picker, inputs, out));
  return { network, file: basename(path), copies, seconds, perMinute: 60 * copies / seconds };
}

async function pickFolder(picker: Picker, folder: string, out: string): Promise<void> {
  const { files } = await pickFiles(picker, [folder], { out });
  for (const { path, error } of files) if (error) throw new Error(`${path}: ${error}`);
}

/** Fills a folder with copies of a file: links where the file system has them. */
async function copyTimes(path: string, folder: string, count: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (let i = 1; i <= count; i++) {
    const copy = join(folder, `copy${i}.mrc`);
    await Deno.link(path, copy).catch(() => Deno.copyFile(path, copy));
  }
}
