import { BACKEND_NAMES } from "../lib/backend/mod.ts";
import { MODES } from "../lib/core/mod.ts";
import { coordinateFormats } from "../lib/io/mod.ts";
import { choice, count, format, needed, number, on, score, seeds, text, texts } from "./_flags.ts";

/** The names of all coordinate formats, for helps. */
export const FORMATS = coordinateFormats.map(({ name }) => name).join(", ");

const CONTRASTS = ["dark", "bright"] as const;

/** Flags that several commands have. */
export const FLAG = {
  out: needed(text("--out DIR", "folder for the results")),
  data: needed(texts("--data DIR…", "dataset folders")),
  split: choice("--split NAME", "part of the data: train, test or all", ["train", "test", "all"]),
  mode: choice("--mode MODE", "particle, vesicle or fiber (default: the model's)", MODES),
  model: text("--model FILE", "model (default: the shipped one)"),
  backend: choice("--backend NAME", "auto, webgpu, wasm or cpu (default: auto)", BACKEND_NAMES),
  anyBackend: choice("--backend NAME", "auto, webgpu, wasm, cpu or onnx (default: auto)", [
    ...BACKEND_NAMES,
    "onnx",
  ]),
  workers: count("--workers N", "workers without a GPU; does not change the result (default: 2)"),
  seed: number("--seed S", "seed of all draws (default: 1)"),
  seeds: seeds("--seeds N", "seeds 1 to N (default: 1)"),
  from: format("--from FORMAT", "format of the inputs (default: by their extensions)"),
  micrographs: text("--micrographs DIR", "micrographs, for their names, sizes and pixel sizes"),
  threshold: score(
    "--threshold T",
    "least score of a pick, 0 to 1, or auto (default: the model's)",
  ),
  diameterA: number("--diameter-a Å", "particle diameter, fiber width (default: found)"),
  diameterPx: number("--diameter-px PX", "the same in pixels of the micrographs"),
  contrast: choice("--contrast NAME", "particles are dark or bright (default: seen)", CONTRASTS),
  pixelSizeA: number("--pixel-size-a Å", "Å per pixel (default: what the files say)"),
  rise: number("--rise PX", "distance of boxes along fibers (default: only the polylines' nodes)"),
  riseA: number("--rise-a Å", "the same in Å"),
  json: on("--json", "print as JSON"),
  jsonFile: text("--json FILE", "write all figures as JSON"),
};
