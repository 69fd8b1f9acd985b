import { join } from "@std/path";
import { median } from "../core/mod.ts";
import { readMicrograph, writeCandidates, writeCoordinates } from "../io/mod.ts";
import { loadPicker, type Picker, type PickerOptions, type PickOptions } from "../picking/mod.ts";
import type { MicrographSize } from "./micrographs.ts";
import type { TimingOptions } from "./timing.ts";

/** The parts of picking one micrograph, in order, and all of it. */
export const STAGES = ["read", "preprocess", "network", "decode", "write", "total"] as const;

/** Seconds of every stage. */
export type StageSeconds = Record<typeof STAGES[number], number>;

/** The speed of picking one micrograph, from file to files. */
export interface PickingSpeed extends MicrographSize {
  /** The network. */
  network: string;
  /** Name of the model. */
  model: string;
  /** Candidates found: what decoding and writing depend on. */
  candidates: number;
  /** Runs after the warm-up. */
  runs: number;
  /** Medians of the runs. */
  seconds: StageSeconds;
  /** The first run. */
  warmUp: StageSeconds;
}

/**
 * Times picking, file by file: float32 MRC from the cache of the operating system to a STAR file
 * and the list of candidates. The look at the folder that models of any particle take is not in it.
 */
export async function measurePicking(
  network: string,
  options: PickerOptions,
  path: string,
  out: string,
  { repeats, budget }: TimingOptions,
): Promise<PickingSpeed> {
  using picker = await loadPicker(options);
  const look = picker.view === "paper"
    ? {}
    : { look: await picker.look([await readMicrograph(path)]) };
  const { seconds: warmUp, ...found } = await pickOnce(picker, path, out, look);
  const runs: StageSeconds[] = [];
  for (let spent = 0; runs.length < repeats && spent <= budget; spent += runs.at(-1)!.total) {
    runs.push((await pickOnce(picker, path, out, look)).seconds);
  }
  const seconds = Object.fromEntries(
    STAGES.map((stage) => [stage, median(runs.map((run) => run[stage]))]),
  ) as StageSeconds;
  const model = picker.model.notes.name ?? "";
  return { network, model, ...found, runs: runs.length, seconds, warmUp };
}

async function pickOnce(picker: Picker, path: string, out: string, options: PickOptions) {
  const start = performance.now();
  const micrograph = await readMicrograph(path);
  const read = performance.now();
  const { candidates, picks, threshold, seconds } = await picker.pick(micrograph, options);
  const picked = performance.now();
  const { name, width, height } = micrograph;
  await writeCandidates(join(out, `${name}.json`), {
    ...{ version: 1, micrograph: name, width, height, threshold, candidates },
    model: picker.model.notes.name ?? "",
    backend: picker.backend.name,
  });
  await writeCoordinates(join(out, `${name}.star`), picks);
  const end = performance.now();
  return {
    width,
    height,
    candidates: candidates.length,
    seconds: {
      read: (read - start) / 1000,
      ...seconds,
      write: (end - picked) / 1000,
      total: (end - start) / 1000,
    },
  };
}
