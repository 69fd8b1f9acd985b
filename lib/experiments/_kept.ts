import { join } from "@std/path";
import { type Model, readModel, writeModel } from "../centernet/mod.ts";
import { type Memory, readMemory, writeMemory } from "../continual/mod.ts";
import { EPickerError, readFile, writeFileAtomic } from "../core/mod.ts";

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
  return stage;
}

/** A stage that was finished before, as {@linkcode kept} takes it; undefined where it was not. */
export async function keptBefore<R extends object>(
  folder: string,
  key: string,
): Promise<Stage<R> | undefined> {
  const [json, network, exemplars] = filesOf(folder);
  if (!await Deno.stat(json).then(() => true, () => false)) return undefined;
  const { key: found, ...result } = JSON.parse(new TextDecoder().decode(await readFile(json)));
  if (found !== key) throw otherKey(json, found, key);
  const { model } = await readModel(network);
  return { model, memory: await readMemory(exemplars), result };
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
