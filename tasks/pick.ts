/**
 * Picks particles: `deno task pick IN… --out DIR`.
 *
 * @module
 */
import { formatTable, loadPicker, pickFiles, type PickingBackendName } from "../mod.ts";
import { printJson, progressBar, required, run } from "./_cli.ts";

await run({
  name: "pick",
  summary: "Finds particles in micrographs and writes their coordinates.",
  inputs: "IN…",
  options: {
    out: { value: "DIR", help: "folder for the results" },
    model: { value: "FILE", help: "model (default: the shipped one)" },
    format: {
      value: "LIST",
      help: "star, box, cbox, csv, cs, …; several with commas (default: star)",
    },
    threshold: { value: "T", help: "least score of a pick, 0 to 1 (default: the model's)" },
    "diameter-a": { value: "Å", help: "particle diameter (default: estimated)" },
    backend: { value: "NAME", help: "auto, webgpu, wasm, cpu or onnx (default: auto)" },
    threads: { value: "N", help: "threads of ONNX Runtime (default: the number of cores)" },
    json: { help: "print the summary as JSON" },
  },
  examples: [
    "deno task pick Micrographs/ --out Picks",
    "deno task pick 'mics/*.mrc' --out Picks --format star,box --threshold 0.4",
    "deno task pick a.mrc b.mrc.gz --out Picks --diameter-a 180 --backend wasm",
  ],
}, async (args) => {
  const out = required(args, "out", "pick");
  const [model, threads, threshold, diameterA] = [
    args.text("model"),
    args.number("threads"),
    args.number("threshold"),
    args.number("diameter-a"),
  ];
  using picker = await loadPicker({
    ...(model !== undefined && { model }),
    ...(threads !== undefined && { threads }),
    backend: (args.text("backend") ?? "auto") as PickingBackendName,
  });
  const bar = progressBar();
  const summary = await pickFiles(picker, args.inputs, {
    out,
    formats: (args.text("format") ?? "star").split(","),
    onProgress: bar.onProgress,
    ...(threshold !== undefined && { threshold }),
    ...(diameterA !== undefined && { diameterA }),
  });
  bar.stop();
  const failed = summary.files.filter(({ error }) => error !== undefined);
  if (!printJson(args, summary)) {
    const picked = summary.files.filter(({ error }) => error === undefined);
    console.log(formatTable(picked.map((file) => ({ ...file })), [
      { key: "name", title: "micrograph" },
      "picks",
      "candidates",
      { key: "diameter", title: "diameter (px)", digits: 1 },
      { key: "seconds", digits: 2 },
    ]));
    console.log(
      `\n${picked.length} of ${summary.files.length} micrographs on ${summary.backend}, ` +
        `threshold ${summary.threshold}. Results in ${out}; all candidates in ${out}/candidates.`,
    );
  }
  const doubts = summary.files.flatMap(({ path, warnings = [] }) => {
    return warnings.map((text) => ({ path, text }));
  });
  for (const [text, [{ path }, ...more]] of Map.groupBy(doubts, ({ text }) => text)) {
    console.error(`warning: ${path}${more.length > 0 ? ` and ${more.length} more` : ""}: ${text}`);
  }
  for (const { path, error } of failed) console.error(`skipped ${path}: ${error}`);
  return failed.length === 0;
});
