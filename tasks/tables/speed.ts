import { formatTable } from "../../mod.ts";
import { readJson, type Tables } from "./_read.ts";

/** Figures that were read off runs of `epicker benchmark`. */
interface Speeds {
  /** Each figure: what, how long, PyTorch's there, the command where it is not the plain one. */
  figures: { what: string; ours: string; pytorch?: string; command?: string }[];
}

/** Speed, and PyTorch's on the same machine. */
export async function speedTables(): Promise<Tables> {
  const { figures } = await readJson<Speeds>("models/benchmarks/cpu.json");
  const speed = formatTable(figures, [
    "what",
    { key: "ours", title: "time", align: "right" },
    { key: "pytorch", title: "PyTorch 2.13 there", align: "right" },
    "command",
  ]);
  return { speed };
}
