/**
 * Picks particles: `deno task pick IN… --out DIR`.
 *
 * @module
 */
import { BACKEND_NAMES, loadPicker, MODES, pickFiles } from "../mod.ts";
import { interruptSignal, progressBar, required, run, warn } from "./_cli.ts";
import { printPicked } from "./_print_picked.ts";

await run({
  name: "pick",
  summary: "Finds particles in micrographs and writes their coordinates.",
  inputs: "IN…",
  options: {
    out: { value: "DIR", help: "folder for the results" },
    model: { value: "FILE", help: "model (default: the shipped one)" },
    mode: {
      value: "MODE",
      help:
        "particle, vesicle or fiber, for which the model must be trained (default: the model's)",
    },
    format: {
      value: "LIST",
      help: "star, box, cbox, csv, cs, …; several with commas (default: star)",
    },
    threshold: { value: "T", help: "least score of a pick, 0 to 1 (default: the model's)" },
    "diameter-a": { value: "Å", help: "particle diameter, fiber width (default: estimated)" },
    "diameter-px": { value: "PX", help: "the same in pixels of the micrographs" },
    "pixel-size-a": { value: "Å", help: "Å per pixel (default: what the files say)" },
    rise: {
      value: "PX",
      help: "distance of boxes along fibers (default: only the nodes of the polylines)",
    },
    "rise-a": { value: "Å", help: "the same in Å" },
    backend: { value: "NAME", help: "auto, webgpu, wasm, cpu or onnx (default: auto)" },
    threads: { value: "N", help: "threads of ONNX Runtime (default: the number of cores)" },
    workers: {
      value: "N",
      help: "micrographs in work at once (default: the number of cores on WASM, else 1)",
    },
    overwrite: { help: "pick again what is done already" },
    json: { help: "print the summary as JSON" },
  },
  examples: [
    "deno task pick Micrographs/ --out Picks",
    "deno task pick 'mics/*.mrc' --out Picks --format star,box --threshold 0.4",
    "deno task pick a.mrc b.mrc.gz --out Picks --diameter-a 180 --backend wasm",
    "deno task pick Micrographs/ --out Picks --model fibers/model.safetensors --rise-a 27.5",
  ],
}, async (args) => {
  const out = required(args, "out", "pick");
  const [model, mode, threads, threshold, diameterA, diameterPx, pixelSizeA, rise, riseA, workers] =
    [
      args.text("model"),
      args.choice("mode", MODES),
      args.number("threads"),
      args.number("threshold"),
      args.number("diameter-a"),
      args.number("diameter-px"),
      args.number("pixel-size-a"),
      args.number("rise"),
      args.number("rise-a"),
      args.number("workers"),
    ];
  using picker = await loadPicker({
    ...(model !== undefined && { model }),
    ...(mode !== undefined && { mode }),
    ...(threads !== undefined && { threads }),
    backend: args.choice("backend", [...BACKEND_NAMES, "onnx"]) ?? "auto",
  });
  const bar = progressBar();
  const summary = await pickFiles(picker, args.inputs, {
    out,
    formats: (args.text("format") ?? "star").split(","),
    overwrite: args.on("overwrite"),
    signal: interruptSignal(),
    onProgress: bar.onProgress,
    onWarning: warn,
    ...(threshold !== undefined && { threshold }),
    ...(diameterA !== undefined && { diameterA }),
    ...(diameterPx !== undefined && { diameterPx }),
    ...(pixelSizeA !== undefined && { pixelSizeA }),
    ...(rise !== undefined && { rise }),
    ...(riseA !== undefined && { riseA }),
    ...(workers !== undefined && { workers }),
  });
  bar.stop();
  return printPicked(args, summary, out);
});
