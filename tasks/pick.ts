/**
 * Picks particles: `epicker pick IN…`.
 *
 * @module
 */
import type { ViewOptions } from "../lib/app/mod.ts";
import { EPickerError } from "../lib/core/mod.ts";
import { BLOB, loadPicker, pickFiles } from "../lib/picking/mod.ts";
import { watchFiles } from "../lib/pipelines/mod.ts";
import { besides } from "./_besides.ts";
import { command, interruptSignal, progressBar, untilAborted, warn } from "./_cli.ts";
import { count, formats, number, on, text } from "./_flags.ts";
import { printPicked } from "./_print_picked.ts";
import { FLAG } from "./_shared_flags.ts";

export default command({
  inputs: "IN…",
  flags: {
    out: text("--out DIR", "folder for the results (default: Picks beside the inputs)"),
    model: text(
      "--model FILE",
      "model, or blob: a difference of Gaussians (default: the shipped one)",
    ),
    mode: FLAG.mode,
    formats: formats("--format LIST", "star, box, cbox, csv, cs, … with commas (default: star)"),
    threshold: FLAG.threshold,
    diameterA: FLAG.diameterA,
    diameterPx: FLAG.diameterPx,
    pixelSizeA: FLAG.pixelSizeA,
    contrast: FLAG.contrast,
    rise: FLAG.rise,
    riseA: FLAG.riseA,
    backend: FLAG.anyBackend,
    threads: count(
      "--threads N",
      "threads for a micrograph, of WASM or ONNX Runtime on the CPU (default: all cores)",
    ),
    workers: count(
      "--workers N",
      "micrographs in work at once (default: 1; on WASM cores, of many)",
    ),
    overwrite: on("--overwrite", "pick again what is done already"),
    watch: on("--watch", "pick micrographs as they come, until Ctrl-C or as below"),
    untilQuiet: number("--until-quiet MIN", "with --watch: end when nothing has come for so long"),
    stop: text("--stop FILE", "with --watch: end when this file is there"),
    page: on("--page", "show the results in a browser, as they come and until Ctrl-C"),
    json: FLAG.json,
  },
  examples: [
    "Micrographs/",
    "'mics/*.mrc' --out Picks --format star,box --threshold 0.4",
    "a.mrc b.mrc.gz --diameter-a 180 --backend wasm",
    "Micrographs/ --model fibers/model.safetensors --rise-a 27.5",
    "/data/session/ --out Picks --watch --until-quiet 60",
    "Micrographs/ --page",
  ],
  async main({ watch, untilQuiet, stop, page, ...given }, inputs) {
    const { model, mode, backend, threads, json, out: folder, ...options } = given;
    if (!watch && (untilQuiet !== undefined || stop !== undefined)) throw notWatched();
    if (page && backend === "onnx") throw pageAndOnnx();
    const out = folder ?? await besides(inputs);
    using picker = await loadPicker({ model, mode, backend, threads });
    const bar = progressBar();
    const signal = interruptSignal();
    await using view = page ? await viewOf(inputs, { picks: out, mode, model }) : null;
    if (view !== null) console.error(`${view.address}\nshows the results in a browser.`);
    const common = {
      ...options,
      out,
      signal,
      onProgress: bar.onProgress,
      onWarning: warn,
    };
    const summary = watch
      ? await watchFiles(picker, inputs, { ...common, untilQuiet, stop })
      : await pickFiles(picker, inputs, common);
    bar.stop();
    const isWell = printPicked({ json }, summary, out);
    if (view !== null) await untilAborted(signal);
    return isWell;
  },
});

/** The page, which is loaded only here; from the blob detector nothing can learn. */
async function viewOf(inputs: string[], { model, ...options }: ViewOptions) {
  const { openView } = await import("../lib/app/mod.ts");
  return await openView(inputs, { ...options, model: model === BLOB ? undefined : model });
}

function notWatched(): EPickerError {
  return new EPickerError("bad-option", {
    found: "an end of watching and no --watch",
    expected: "both, or none",
  });
}

function pageAndOnnx(): EPickerError {
  return new EPickerError("bad-option", {
    found: "--page and --backend onnx, each of which is allowed what the other is not",
    expected: "one of them",
    remedy: "Open the results by 'epicker view'.",
  });
}
