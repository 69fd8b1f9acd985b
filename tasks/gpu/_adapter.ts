import { fromFileUrl } from "@std/path";
import { isSoftwareAdapter } from "../../lib/backend/mod.ts";
import type { AdapterTry } from "../../lib/benchmark/mod.ts";
import { type Job, runJob } from "../_run.ts";

/** A file for Vulkan's loader that names NVIDIA's driver by its part that needs no X11. */
const HEADLESS = fromFileUrl(new URL("nvidia_headless.json", import.meta.url));

/** Where containers have NVIDIA's own file. */
const CONTAINER = "/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json";

/** Ways to a GPU, tried in turn: as it is, by files that the loader does not find itself, by OpenGL. */
const WAYS: Record<string, string>[] = [
  { DENO_WEBGPU_BACKEND: "vulkan" },
  { DENO_WEBGPU_BACKEND: "vulkan", VK_DRIVER_FILES: CONTAINER, VK_ICD_FILENAMES: CONTAINER },
  { DENO_WEBGPU_BACKEND: "vulkan", VK_DRIVER_FILES: HEADLESS, VK_ICD_FILENAMES: HEADLESS },
  {},
];

/** Seconds for a way. */
const LIMIT = 60;

/** The process that prints its adapter. */
const PROBE: Job = {
  program: Deno.execPath(),
  args: ["run", "-A", "--quiet", "--no-config", besides("probe")],
};

/** A module in this folder, which is JavaScript in the npm package. */
function besides(name: string): string {
  return import.meta.url.replace(/_adapter(?=\.\w+$)/, name);
}

/**
 * Looks for a real GPU in several ways, each in a process of its own, since a driver is loaded once.
 *
 * @param probe A process that prints the adapter as JSON, or nothing.
 * @returns The ways that were tried, the one to take last; without a real GPU, a software one.
 */
export async function findAdapter(ways = WAYS, probe = PROBE): Promise<AdapterTry[]> {
  const tries: AdapterTry[] = [];
  for (const env of ways) {
    const found = await tryWay(probe, env);
    tries.push(found);
    if (found.adapter !== undefined && !await isSoftwareAdapter(found.adapter)) return tries;
  }
  const best = tries.find(({ adapter }) => adapter !== undefined);
  return best === undefined ? tries : [...tries.filter((one) => one !== best), best];
}

async function tryWay(probe: Job, env: Record<string, string>): Promise<AdapterTry> {
  const lines: string[] = [];
  const folder = Deno.env.get("XDG_RUNTIME_DIR") ?? "/tmp"; // which Mesa asks for
  const verbose = { ...env, VK_LOADER_DEBUG: "error", XDG_RUNTIME_DIR: folder };
  const run = await runJob({ ...probe, env: verbose }, LIMIT, (line) => lines.push(line));
  const adapter = lines.map(parsed).find((one) => one !== undefined);
  if (adapter !== undefined) return { env, adapter };
  const why = run.late ? `nothing in ${LIMIT} s` : "no adapter";
  return { env, error: [why, run.text].filter((text) => text !== "").join(": ") };
}

function parsed(line: string): AdapterTry["adapter"] {
  try {
    return JSON.parse(line) ?? undefined;
  } catch {
    return undefined;
  }
}
