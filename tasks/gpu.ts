/**
 * Checks and times everything on a GPU, in one go: `epicker gpu`.
 *
 * Every part is a process of its own with a limit of time, and what it found is written at once: a
 * part that fails takes nothing with it.
 *
 * @module
 */
import { join } from "@std/path";
import { isSoftwareAdapter } from "../lib/backend/mod.ts";
import {
  addFinding,
  benchmarkTables,
  benchmarkTitle,
  benchmarkWork,
  emptyGpuReport,
  type Finding,
  GPU_PARTS,
  type GpuReport,
  gpuSettings,
  gpuTable,
} from "../lib/benchmark/mod.ts";
import { EPickerError, writeFileAtomic } from "../lib/core/mod.ts";
import { command } from "./_cli.ts";
import { text } from "./_flags.ts";
import { findAdapter } from "./gpu/_adapter.ts";
import { MOST_SECONDS, type Part, partsOf, stateOf } from "./gpu/_parts.ts";
import { runJob } from "./_run.ts";

/** How much longer all may take on a software GPU, which does far less. */
const PATIENCE = 10;

export default command({
  inputs: "[MICROGRAPH…]",
  flags: {
    json: text("--json FILE", "where all is written, part by part (default: gpu.json)"),
    part: text("--part NAME", "what the command calls: one part, its findings as lines of JSON"),
  },
  examples: ["", "micrograph.mrc --json card.json"],
  async main({ json = "gpu.json", part }, micrographs) {
    if (part !== undefined) return await runPart(part, micrographs);
    const folder = await Deno.makeTempDir({ prefix: "epicker-gpu-" });
    try {
      const report = await runAll(json, micrographs, folder);
      console.log(`${benchmarkTables(report)}\n\n${gpuTable(report)}\n\n${benchmarkTitle(report)}`);
      console.log(`All figures, checks and problems are in ${json}.`);
      return report.gpu.checks.every(({ passed }) => passed) &&
        report.gpu.parts.every(({ state }) => state === "done" || state === "left out");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** One part in this process. */
async function runPart(name: string, micrographs: string[]): Promise<void> {
  if (!Object.hasOwn(GPU_PARTS, name)) throw unknownPart(name);
  const folder = await Deno.makeTempDir({ prefix: "epicker-gpu-" });
  try {
    await GPU_PARTS[name]({
      ...{ backend: "webgpu", micrographs, folder },
      settings: gpuSettings(await isSoftwareAdapter()),
      emit: (finding) => console.log(JSON.stringify(finding)),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All parts; the report is written after each. */
async function runAll(json: string, micrographs: string[], folder: string): Promise<GpuReport> {
  const start = performance.now();
  const adapters = await findAdapter();
  const { env, adapter } = adapters.at(-1)!;
  const small = adapter === undefined || await isSoftwareAdapter(adapter);
  const settings = gpuSettings(small);
  const report = emptyGpuReport(settings, { adapters, small, cards: await cards() });
  const write = () => writeFileAtomic(json, JSON.stringify(report, null, 1) + "\n");
  const work = join(folder, "work.json");
  await Deno.writeTextFile(work, JSON.stringify(benchmarkWork(settings)));
  const factor = small ? PATIENCE : 1;
  console.error(benchmarkTitle(report));
  for (const part of await partsOf({ env, micrographs, work, folder })) {
    const left = factor * MOST_SECONDS - (performance.now() - start) / 1000;
    await addPart(report, part, Math.min(factor * part.limit, left));
    await write();
  }
  return report;
}

/** Runs a part, and adds what it found and how it went. */
async function addPart(report: GpuReport, part: Part, limit: number): Promise<void> {
  const { name, job, findingOf, after } = part;
  const { parts, problems } = report.gpu;
  if (job === undefined || limit < 5) {
    parts.push({ part: name, seconds: 0, limit, state: "left out" });
    return console.error(`${name}: left out`);
  }
  const add = (finding: Finding | undefined) => finding && addFinding(report, finding);
  const run = await runJob(job, limit, (line) => add(findingOf(line)));
  (await after?.(run))?.forEach(add);
  const state = stateOf(run);
  parts.push({ part: name, seconds: run.seconds, limit, state });
  if (state === "failed") {
    problems.push({ part: name, what: "the process", error: run.text });
  }
  console.error(`${name}: ${state}, ${run.seconds.toFixed(0)} s`);
}

/** What `nvidia-smi` says of cards and driver. */
async function cards(): Promise<string[]> {
  const args = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"];
  const lines: string[] = [];
  await runJob({ program: "nvidia-smi", args }, 20, (line) => lines.push(line));
  return lines;
}

function unknownPart(name: string): EPickerError {
  return new EPickerError("bad-option", {
    file: "part",
    found: JSON.stringify(name),
    expected: Object.keys(GPU_PARTS).join(", "),
  });
}
