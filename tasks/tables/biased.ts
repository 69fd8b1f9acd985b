import { formatTable } from "../../mod.ts";
import { biasedLines, type BiasedResult } from "../../lib/experiments/mod.ts";
import { readJson, type Tables } from "./_read.ts";

/** Recall of the species of a mixture. */
export async function biasedTables(): Promise<Tables> {
  const result = await readJson<BiasedResult>("models/experiments/biased/biased.json");
  const biased = formatTable(biasedLines(result), [
    "model",
    { key: "cp", title: "no cap", digits: 1 },
    { key: "cp-1rp", title: "one cap", digits: 1 },
    { key: "cp-2rp", title: "two caps", digits: 1 },
    { key: "precision", digits: 1 },
  ]);
  return { biased };
}
