import { type GpuReport, gpuTable } from "../../lib/benchmark/mod.ts";
import { readJsonIfThere, type Tables } from "./_read.ts";

/** What `epicker gpu` found on a card; where none was at hand, a table that says so. */
export async function gpuTables(): Promise<Tables> {
  return { gpu: gpuTable(await readJsonIfThere<GpuReport>("models/benchmarks/gpu.json")) };
}
