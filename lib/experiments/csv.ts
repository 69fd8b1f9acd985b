// @ts-types="npm:@types/papaparse@^5.5.0"
import Papa from "papaparse";
import type { ExperimentResult } from "./types.ts";

/**
 * Every score of an experiment as CSV, a line for each dataset after each stage of each run: what
 * `pandas.read_csv` takes. Scores are 0…1; `state` is `old`, `new` or `later`.
 */
export function experimentCsv({ runs }: ExperimentResult): string {
  const lines = runs.flatMap(({ strategy, seed, order, stages }) =>
    stages.flatMap((stage, i) => {
      const { learned, scores, threshold, cpuSeconds, storedBytes } = stage;
      const known = stages.slice(0, i).flatMap((earlier) => earlier.learned);
      return Object.entries(scores).map(([dataset, { ap, ar, f1, recall, precision }]) => ({
        strategy,
        seed,
        order: [stages[0].learned, ...order].map((names) => names.join("+")).join(" "),
        stage: i,
        learned: learned.join("+"),
        dataset,
        state: known.includes(dataset) ? "old" : learned.includes(dataset) ? "new" : "later",
        ...{ ap, ar, f1, recall, precision, threshold, cpuSeconds, storedBytes },
      }));
    })
  );
  return Papa.unparse(lines, { newline: "\n" }) + "\n";
}
