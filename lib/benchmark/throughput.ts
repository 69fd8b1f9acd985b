import { basename, join } from "@std/path";
import {
  loadPicker,
  type Picker,
  type PickerOptions,
  pickFiles,
  type PickFilesOptions,
  type PickingBackend,
} from "../picking/mod.ts";
import { secondsOf } from "./timing.ts";

/** The speed of picking a folder. */
export interface Throughput {
  /** The network. */
  network: string;
  /** The micrograph that the folder holds copies of. */
  file: string;
  /** How many. */
  copies: number;
  /** Workers that share the folder. */
  workers: number;
  /** Seconds from the first file read to the last one written. */
  seconds: number;
  /** Micrographs per minute. */
  perMinute: number;
}

/** Numbers of workers to compare: where every worker picks by itself, one and all cores. */
export function workerCounts({ name }: PickingBackend): number[] {
  return name === "wasm" ? [...new Set([1, navigator.hardwareConcurrency])] : [1];
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
  { copies: most, budget, workers }: { copies: number; budget: number; workers: number },
): Promise<Throughput> {
  using picker = await loadPicker(options);
  const out = join(folder, "picks");
  const pick = (input: string) => pickAll(picker, input, { out, workers, overwrite: true });
  await pick(path);
  const one = await secondsOf(() => pick(path));
  const copies = Math.min(most, 2 * Math.max(1, Math.ceil(2 * budget / one)));
  const inputs = join(folder, "micrographs");
  await copyTimes(path, inputs, copies);
  const seconds = await secondsOf(() => pick(inputs));
  const perMinute = 60 * copies / seconds;
  return { network, file: basename(path), copies, workers, seconds, perMinute };
}

async function pickAll(picker: Picker, input: string, options: PickFilesOptions): Promise<void> {
  const { files } = await pickFiles(picker, [input], options);
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
