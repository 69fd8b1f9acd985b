/**
 * Measures the speed of this machine: `epicker benchmark`.
 *
 * @module
 */
import { benchmark, benchmarkTables } from "../mod.ts";
import {
  BENCHMARK_PARTS,
  type BenchmarkPart,
  benchmarkSettings,
  benchmarkTitle,
  benchmarkWork,
} from "../lib/benchmark/mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import { command, progressBar } from "./_cli.ts";
import { count, on, text, texts } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

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
    console.log(benchmarkTables(report));
    console.log(`\n${benchmarkTitle(report)}`);
    if (json !== undefined) await writeFileAtomic(json, JSON.stringify(report, null, 2) + "\n");
  },
});
