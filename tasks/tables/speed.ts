import {
  type BenchmarkReport,
  benchmarkTables,
  pickingCostFigure,
} from "../../lib/benchmark/mod.ts";
import { readJson, type Tables } from "./_read.ts";

/** What `epicker benchmark --json` wrote. */
const readReport = () => readJson<BenchmarkReport>("models/benchmarks/cpu.json");

/** All its tables. */
export async function speedTables(): Promise<Tables> {
  return { speed: benchmarkTables(await readReport()) };
}

/** The figure beside them, as an SVG. */
export async function speedFigure(): Promise<string> {
  return pickingCostFigure(await readReport()).svg;
}
