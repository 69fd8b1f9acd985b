/**
 * Measures the speed of this machine: `deno task benchmark`.
 *
 * @module
 */
import { BACKEND_NAMES, benchmark, benchmarkTables } from "../mod.ts";
import {
  BENCHMARK_PARTS,
  type BenchmarkPart,
  benchmarkSettings,
  benchmarkSummary,
  benchmarkTitle,
  benchmarkWork,
} from "../lib/benchmark/mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import { progressBar, run } from "./_cli.ts";

await run({
  name: "benchmark",
  summary:
    "Measures picking, networks, training steps, simulation, kernels (medians, the first call apart).",
  options: {
    backend: { value: "NAME", help: "auto, webgpu, wasm, cpu or onnx (default: auto)" },
    quick: { help: "measure less, in under a minute on two cores" },
    only: { value: "PART…", help: `some of ${BENCHMARK_PARTS.join(", ")}` },
    model: {
      value: "FILE",
      help: "model that picks (default: the shipped one, and full at random)",
    },
    size: { value: "N", help: "edge of the images for networks and kernels (default: 1024)" },
    json: { value: "FILE", help: "write all figures as JSON" },
    shapes: { value: "FILE", help: "write what would be measured as JSON and stop" },
    markdown: { help: "print one short table" },
  },
  examples: [
    "deno task benchmark --quick",
    "deno task benchmark --backend webgpu --json benchmark.json",
    "deno task benchmark --only picking throughput --model run/model.safetensors",
    "python3 tasks/benchmark_torch.py --ours benchmark.json",
  ],
}, async (args) => {
  const quick = args.on("quick");
  const [edge, model, parts] = [args.count("size"), args.text("model"), args.texts("only")];
  const given = { ...(edge !== undefined && { edge }) };
  const [json, shapes] = [args.text("json"), args.text("shapes")];
  if (shapes !== undefined) {
    const work = benchmarkWork({ ...benchmarkSettings(quick, true), ...given });
    return await writeFileAtomic(shapes, JSON.stringify(work, null, 2) + "\n");
  }
  const bar = progressBar();
  const report = await benchmark({
    ...given,
    ...(model !== undefined && { model }),
    ...(parts.length > 0 && { parts: parts as BenchmarkPart[] }),
    backend: args.choice("backend", [...BACKEND_NAMES, "onnx"]) ?? "auto",
    quick,
    onProgress: bar.onProgress,
  });
  bar.stop();
  console.log(args.on("markdown") ? benchmarkSummary(report) : benchmarkTables(report));
  console.log(`\n${benchmarkTitle(report)}`);
  if (json !== undefined) await writeFileAtomic(json, JSON.stringify(report, null, 2) + "\n");
});
