/**
 * Picks particles: `epicker pick IN…`.
 *
 * @module
 */
import { loadPicker, pickFiles } from "../mod.ts";
import { besides } from "./_besides.ts";
import { command, interruptSignal, progressBar, warn } from "./_cli.ts";
import { count, formats, number, on, text } from "./_flags.ts";
import { printPicked } from "./_print_picked.ts";
import { FLAG } from "./_shared_flags.ts";

export default command({
  inputs: "IN…",
  flags: {
    out: text("--out DIR", "folder for the results (default: Picks beside the inputs)"),
    model: FLAG.model,
    mode: FLAG.mode,
    formats: formats("--format LIST", "star, box, cbox, csv, cs, … with commas (default: star)"),
    threshold: number("--threshold T", "least score of a pick, 0 to 1 (default: the model's)"),
    diameterA: number("--diameter-a Å", "particle diameter, fiber width (default: estimated)"),
    diameterPx: number("--diameter-px PX", "the same in pixels of the micrographs"),
    pixelSizeA: FLAG.pixelSizeA,
    rise: FLAG.rise,
    riseA: FLAG.riseA,
    backend: FLAG.anyBackend,
    threads: count("--threads N", "threads of ONNX Runtime (default: the number of cores)"),
    workers: count("--workers N", "micrographs in work at once (default: cores on WASM, else 1)"),
    overwrite: on("--overwrite", "pick again what is done already"),
    json: FLAG.json,
  },
  examples: [
    "Micrographs/",
    "'mics/*.mrc' --out Picks --format star,box --threshold 0.4",
    "a.mrc b.mrc.gz --diameter-a 180 --backend wasm",
    "Micrographs/ --model fibers/model.safetensors --rise-a 27.5",
  ],
  async main({ model, mode, backend, threads, json, out: given, ...options }, inputs) {
    const out = given ?? await besides(inputs);
    using picker = await loadPicker({ model, mode, backend, threads });
    const bar = progressBar();
    const summary = await pickFiles(picker, inputs, {
      ...options,
      out,
      signal: interruptSignal(),
      onProgress: bar.onProgress,
      onWarning: warn,
    });
    bar.stop();
    return printPicked({ json }, summary, out);
  },
});
