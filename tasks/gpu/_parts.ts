import { fromFileUrl, join } from "@std/path";
import { type Finding, GPU_PARTS, type GpuReport, type TestsRun } from "../../lib/benchmark/mod.ts";
import { type Job, type JobRun, runJob } from "../_run.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** A part of the command: a process, and how it says what it found. */
export interface Part {
  /** Its name. */
  name: string;
  /** Seconds that it may take on a card. */
  limit: number;
  /** The process; none where this machine lacks what it needs. */
  job?: Job;
  /** What a line that it wrote has found. */
  findingOf(line: string): Finding | undefined;
  /** What is found once it has ended. */
  after?(run: JobRun): Promise<Finding[]>;
}

/** Seconds of each part, in their order; all together stay below {@linkcode MOST_SECONDS}. */
const LIMITS: Record<string, number> = {
  ...{ kernels: 100, steps: 40, picks: 30, networks: 50, picking: 80, torch: 160, onnx: 30 },
  ...{ convolutions: 45, tests: 60 },
};

/** Seconds for all parts on a card. */
export const MOST_SECONDS = 440;

/** Tests of whatever runs on a GPU. */
const TESTS = ["tests/backend", "tests/centernet/network_test.ts", "tests/centernet/loss_test.ts"];

/** What the processes of the parts are given. */
export interface PartsContext {
  /** Variables by which WebGPU finds its GPU. */
  env: Record<string, string>;
  /** Micrographs to pick. */
  micrographs: string[];
  /** A file with the work that PyTorch does as well. */
  work: string;
  /** A folder for what PyTorch writes. */
  folder: string;
}

/** All parts, in the order in which they run. */
export async function partsOf(context: PartsContext): Promise<Part[]> {
  const own = Object.keys(GPU_PARTS).map((name): Part => ({
    ...{ name, limit: LIMITS[name], findingOf: parsed },
    job: partJob(name, context.micrographs, context.env),
  }));
  const all = [...own, await torchPart(context), testsPart(context)];
  return Object.keys(LIMITS).map((name) => all.find((part) => part.name === name)!);
}

/** The process that does one part of ours. */
function partJob(name: string, micrographs: string[], env: Record<string, string>): Job {
  const run = ["run", "-A", "--quiet", "--v8-flags=--expose-gc", Deno.mainModule];
  return { program: Deno.execPath(), args: [...run, "gpu", ...micrographs, "--part", name], env };
}

function parsed(line: string): Finding | undefined {
  try {
    const found: Partial<Finding> | null = JSON.parse(line);
    return found?.list === undefined ? undefined : found as Finding;
  } catch {
    return undefined;
  }
}

/** PyTorch on the same work, where `python3` has it. */
async function torchPart({ work, folder }: PartsContext): Promise<Part> {
  const limit = LIMITS.torch;
  const json = join(folder, "torch.json");
  const args = [join(ROOT, "tasks", "benchmark_torch.py"), "--shapes", work, "--json", json];
  const bounds = ["--only", "forward", "training", "--seconds", String(limit - 10)];
  const job = { program: "python3", args: [...args, ...bounds] };
  const has = await runJob({ program: "python3", args: ["-c", "import torch"] }, 90);
  return {
    ...{ name: "torch", limit, findingOf: () => undefined },
    ...(has.code === 0 ? { job } : {}),
    after: async () => {
      const text = await Deno.readTextFile(json).catch(() => undefined);
      return text === undefined ? [] : [{ list: "torch", value: JSON.parse(text) }];
    },
  };
}

/** The project's tests of what runs on a GPU. */
function testsPart({ env }: PartsContext): Part {
  const lines: string[] = [];
  const args = ["test", "-A", "--no-check", "--quiet", ...TESTS];
  return {
    ...{ name: "tests", limit: LIMITS.tests },
    job: {
      ...{ program: Deno.execPath(), args, cwd: ROOT },
      env: { ...env, NO_COLOR: "1", EPICKER_REQUIRE_WEBGPU: "1" },
    },
    findingOf(line) {
      lines.push(line);
      return undefined;
    },
    after: () => Promise.resolve([{ list: "tests", value: testsIn(lines) }]),
  };
}

/** What the lines of `deno test` say, whether or not it came to its end. */
export function testsIn(lines: string[]): TestsRun {
  const count = (end: RegExp) => lines.filter((line) => end.test(line)).length;
  const failed = count(/ \.\.\. FAILED( |$)/);
  const passed = count(/ \.\.\. ok( |$)/);
  return { passed, failed, text: failed > 0 ? lines.join("\n").slice(-6000) : "" };
}

/** How a part went, by its process. */
export function stateOf({ late, code }: JobRun): GpuReport["gpu"]["parts"][number]["state"] {
  if (late) return "out of time";
  return code === 0 ? "done" : "failed";
}
