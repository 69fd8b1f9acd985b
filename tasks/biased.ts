/**
 * Shows models one kind of particle and counts what they find of all: `epicker biased --out DIR`.
 *
 * @module
 */
import { join } from "@std/path";
import { formatTable } from "../mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import {
  BIASED,
  biasedColumns,
  biasedLines,
  biasedMarkdown,
  loadBiasedData,
  runBiased,
} from "../lib/experiments/mod.ts";
import { command, interruptSignal, printJson, progressBar, warn } from "./_cli.ts";
import { text } from "./_flags.ts";
import { FLAG } from "./_shared_flags.ts";

export default command({
  flags: {
    out: { ...FLAG.out, help: "folder for models, biased.json, biased.md" },
    data: text("--data DIR", "folder of the simulated datasets (default: OUT/data)"),
    seeds: FLAG.seeds,
    workers: FLAG.workers,
    backend: FLAG.backend,
    json: FLAG.json,
  },
  examples: ["--out out/biased", "--out out/biased --seeds 3"],
  async main({ data: folder, json, ...options }) {
    const { out } = options;
    const bar = progressBar();
    const data = await loadBiasedData(BIASED, folder ?? join(out, "data"), bar.onProgress, warn);
    const result = await runBiased(BIASED, data, {
      ...options,
      signal: interruptSignal(),
      onProgress: bar.onProgress,
    });
    bar.stop();
    await writeFileAtomic(join(out, "biased.md"), biasedMarkdown(result));
    if (!printJson({ json }, biasedLines(result))) {
      console.log(formatTable(biasedLines(result), biasedColumns(result)));
      console.log(`\nResults in ${out}/biased.md.`);
    }
  },
});
