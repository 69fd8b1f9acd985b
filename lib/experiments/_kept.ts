import { dirname, join } from "@std/path";
import { type Model, readModel, writeModel } from "../centernet/mod.ts";
import { type Memory, readMemory, writeMemory } from "../continual/mod.ts";
import { EPickerError, readFile, writeError, writeFileAtomic } from "../core/mod.ts";

/** A model that was taught, what was kept of its data, and what was found. */
export interface Stage<R extends object> {
  /** The model. */
  model: Model;
  /** What was kept of the data. */
  memory: Memory;
  /** What was found. */
  result: R;
}

/**
 * Takes a stage of an experiment from its folder, or does the work and keeps it there; `stage.json` is
 * written last, so that work that was cut off is done again.
 *
 * @param key What the stage depends on beside its folder's name, as JSON.
 * @throws {EPickerError} `bad-option` where the folder holds a stage of another key.
 */
export async function kept<R extends object>(
  folder: string,
  key: string,
  work: (folder: string) => Promise<Stage<R>>,
): Promise<Stage<R>> {
  const before = await keptBefore<R>(folder, key);
  if (before !== undefined) return before;
  const [json, network, exemplars] = filesOf(folder);
  const stage = await work(folder);
  await writeModel(network, stage.model);
  await writeMemory(exemplars, stage.memory);
  await writeFileAtomic(json, JSON.stringify({ key, ...stage.result }, null, 1) + "\n");
  await Deno.remove(join(folder, "checkpoint.safetensors")).catch(() => {}); // training is over
  return stage;
}

/**
 * Does work on a folder unless another process is at it, which a lock says that ends with its process.
 *
 * @returns Whether it was done.
 */
export async function unlessBusy(folder: string, work: () => Promise<unknown>): Promise<boolean> {
  using file = await openLock(join(folder, "lock"));
  const isFree = await file.tryLock(true).catch(() => true); // not every file system has locks
  if (isFree) await work();
  return isFree;
}

async function openLock(path: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    return await Deno.open(path, { write: true, create: true });
  } catch (error) {
    throw writeError(path, error);
  }
}

/** What was found in a stage that was finished before; undefined where it was not. */
export async function resultBefore<R extends object>(
  folder: string,
  key: string,
): Promise<R | undefined> {
  const [json] = filesOf(folder);
  if (!await Deno.stat(json).then(() => true, () => false)) return undefined;
  const { key: found, ...result } = JSON.parse(new TextDecoder().decode(await readFile(json)));
  if (found !== key) throw otherKey(json, found, key);
  return result;
}

/** A stage that was finished before, as {@linkcode kept} takes it; undefined where it was not. */
export async function keptBefore<R extends object>(
  folder: string,
  key: string,
): Promise<Stage<R> | undefined> {
  const result = await resultBefore<R>(folder, key);
  return result && { ...await taughtIn(folder), result };
}

/** The model and the memory of a finished stage. */
export async function taughtIn(folder: string): Promise<{ model: Model; memory: Memory }> {
  const [, network, exemplars] = filesOf(folder);
  return { model: (await readModel(network)).model, memory: await readMemory(exemplars) };
}

function filesOf(folder: string): string[] {
  return ["stage.json", "model.safetensors", "exemplars.safetensors"]
    .map((name) => join(folder, name));
}

function otherKey(file: string, key: string, expected: string): EPickerError {
  return new EPickerError("bad-option", {
    file,
    found: `a stage of another experiment: ${key}`,
    expected,
    remedy: "Give another `out` folder.",
  });
}
