/**
 * Measures the speed of this machine: `epicker benchmark`.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { benchmark, benchmarkTables } from "../mod.ts";
import {
  BENCHMARK_PARTS,
  type BenchmarkPart,
  type BenchmarkReport,
  benchmarkSettings,
  benchmarkTitle,
  benchmarkWork,
  limitsLine,
  measureOnnxPeers,
  measureStockPeer,
  type Peers,
} from "../lib/benchmark/mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import { command, progressBar } from "./_cli.ts";
import { count, on, text, texts } from "./_flags.ts";
import { runJob } from "./_run.ts";
import { FLAG } from "./_shared_flags.ts";

/** Parts that other programs do as well. */
const SHARED_PARTS = ["forward", "training"] as const;

/** Seconds that PyTorch may take. */
const TORCH_SECONDS = 600;

export default command({
  flags: {
    backend: FLAG.anyBackend,
    quick: on("--quick", "measure less, in under a minute on two cores"),
    parts: texts("--only PART…", `some of ${BENCHMARK_PARTS.join(", ")}`),
    model: text("--model FILE", "model that picks (default: the shipped one, and full at random)"),
    edge: count("--size N", "edge of the images for networks and kernels (default: 1024)"),
    json: FLAG.jsonFile,
    shapes: text("--shapes FILE", "write what would be measured as JSON and stop"),
  },
  examples: [
    "--quick",
    "--backend webgpu --json benchmark.json",
    "--only picking throughput --model run/model.safetensors",
  ],
  async main({ json, shapes, parts, edge, ...options }) {
    const sized = edge === undefined ? {} : { edge };
    if (shapes !== undefined) {
      const work = benchmarkWork({ ...benchmarkSettings(options.quick, true), ...sized });
      return await writeFileAtomic(shapes, JSON.stringify(work, null, 2) + "\n");
    }
    const bar = progressBar();
    const report = await benchmark({
      ...options,
      ...sized,
      parts: parts.length > 0 ? parts as BenchmarkPart[] : undefined,
      onProgress: bar.onProgress,
    });
    bar.stop();
    if (report.backend.name === "wasm") report.peers = await peersOf(report, options.quick);
    console.log(benchmarkTables(report));
    console.log(`\n${benchmarkTitle(report)}\n${limitsLine(report)}`.trimEnd());
    for (const problem of report.peers?.problems ?? []) console.error(problem);
    if (json !== undefined) await writeFileAtomic(json, JSON.stringify(report, null, 2) + "\n");
  },
});

/** Other programs at what was measured, where they are installed. */
async function peersOf(report: BenchmarkReport, quick: boolean): Promise<Peers | undefined> {
  const parts = SHARED_PARTS.filter((part) => report[part].length > 0);
  if (parts.length === 0) return undefined;
  const settings = benchmarkSettings(quick, false);
  const others = parts.includes("forward")
    ? {
      ...await measureOnnxPeers(report, settings),
      tfjs: await measureStockPeer(report, settings),
    }
    : { onnx: [], problems: [] };
  const has = await runJob({ program: "python3", args: ["-c", "import torch"] }, 90);
  if (has.code !== 0) {
    return { ...others, problems: [...others.problems, "PyTorch is not installed"] };
  }
  const folder = await Deno.makeTempDir({ prefix: "epicker-benchmark-" });
  try {
    const [work, json] = [join(folder, "work.json"), join(folder, "torch.json")];
    await Deno.writeTextFile(work, JSON.stringify(report));
    const program = fromFileUrl(new URL("benchmark_torch.py", import.meta.url));
    const { repeats, budget } = settings;
    const bounds = ["--repeats", String(repeats), "--budget", String(budget), "--only", ...parts];
    const args = [program, "--shapes", work, "--json", json, "--device", "cpu", ...bounds];
    const { code, text } = await runJob({ program: "python3", args }, TORCH_SECONDS);
    if (code !== 0) return { ...others, problems: [...others.problems, `PyTorch: ${text}`] };
    return { ...others, torch: JSON.parse(await Deno.readTextFile(json)) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
