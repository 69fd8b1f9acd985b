/**
 * Shows models one kind of particle and counts what they find of all: `deno task biased --out DIR`.
 *
 * @module
 */
import { join } from "@std/path";
import { BACKEND_NAMES, formatTable } from "../mod.ts";
import {
  BIASED,
  biasedColumns,
  biasedLines,
  biasedMarkdown,
  loadBiasedData,
  runBiased,
} from "../lib/continual/mod.ts";
import { writeFileAtomic } from "../lib/core/mod.ts";
import {
  given,
  interruptSignal,
  printJson,
  progressBar,
  required,
  run,
  seedsOf,
  warn,
} from "./_cli.ts";

await run({
  name: "biased",
  summary: "Labels only side views of one of three proteasome species; measures recall of all.",
  options: {
    out: { value: "DIR", help: "folder for models, biased.json, biased.md" },
    data: { value: "DIR", help: "folder of the simulated datasets (default: OUT/data)" },
    seeds: { value: "N", help: "seeds 1 to N (default: 1)" },
    workers: { value: "N", help: "workers without a GPU (default: 2)" },
    backend: { value: "NAME", help: "auto, webgpu, wasm or cpu (default: auto)" },
    json: { help: "print the table as JSON" },
  },
  examples: ["deno task biased --out out/biased", "deno task biased --out out/biased --seeds 3"],
}, async (args) => {
  const out = required(args, "out", "biased");
  const options = {
    out,
    seeds: seedsOf(args),
    ...given({ workers: args.count("workers"), backend: args.choice("backend", BACKEND_NAMES) }),
  };
  const bar = progressBar();
  const data = await loadBiasedData(
    BIASED,
    args.text("data") ?? join(out, "data"),
    bar.onProgress,
    warn,
  );
  const result = await runBiased(BIASED, data, {
    ...options,
    signal: interruptSignal(),
    onProgress: bar.onProgress,
  });
  bar.stop();
  await writeFileAtomic(join(out, "biased.md"), biasedMarkdown(result));
  if (!printJson(args, biasedLines(result))) {
    console.log(formatTable(biasedLines(result), biasedColumns(result)));
    console.log(`\nResults in ${out}/biased.md.`);
  }
});
