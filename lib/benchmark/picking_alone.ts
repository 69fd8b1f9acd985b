import { fromFileUrl } from "@std/path";
import type { WithPeak } from "./memory.ts";
import type { measurePicking, PickingSpeed } from "./picking_speed.ts";

/**
 * Times picking in a process of its own, so that memory and first call are those of this micrograph
 * alone. Arguments as of {@linkcode measurePicking}; a model is a path.
 *
 * @throws {Error} What the process says where it fails.
 */
export async function measurePickingAlone(
  ...measured: Parameters<typeof measurePicking>
): Promise<WithPeak<PickingSpeed>> {
  const [config, program] = ["../../deno.json", "picking_process.ts"]
    .map((path) => fromFileUrl(new URL(path, import.meta.url)));
  const how = ["run", "-A", "--quiet", "--v8-flags=--expose-gc", "--config", config];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...how, program, JSON.stringify(measured)],
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr).trim());
  return JSON.parse(text.decode(stdout));
}
