import { type BenchmarkReport, benchmarkTables } from "../../lib/benchmark/mod.ts";
import { readJson, type Tables } from "./_read.ts";

/** What `epicker benchmark --json` wrote. */
export async function speedTables(): Promise<Tables> {
  const report = await readJson<BenchmarkReport>("models/benchmarks/cpu.json");
  return { speed: benchmarkTables(report) };
}
