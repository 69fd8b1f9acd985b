import { BACKEND_NAMES, type BackendName, startBackend } from "../backend/mod.ts";
import {
  candidatesOf,
  Detector,
  distinctObjects,
  type ImageDetector,
  type Model,
  readModel,
  typicalDiameter,
} from "../centernet/mod.ts";
import {
  checkArgument,
  checkOptions,
  EPickerError,
  type Micrograph,
  type Mode,
  MODES,
  noun,
  option,
  type Pick,
} from "../core/mod.ts";
import { openOnnxDetector } from "../onnx/mod.ts";
import { type NetworkImage, normalise, toMicrograph, VIEW_VERSIONS } from "../preprocess/mod.ts";
import type { TracedFiber } from "../tracing/mod.ts";
import { fibersThrough } from "./fibers.ts";
import { checkPicking, diameterInPixels, type PickOptions, sizeWarnings } from "./pick_options.ts";
import { type PreparedMicrograph, prepareMicrograph } from "./prepare.ts";

/** The model that ships with this project. */
export const SHIPPED_MODEL: URL = new URL("../../models/light/model.safetensors", import.meta.url);

/** A pick with everything that a picker knows about it. */
export interface ScoredPick extends Required<Omit<Pick, "fiber" | "classNumber">> {
  /** Number of its fiber, from 1; in fiber mode alone. */
  fiber?: number;
}

/** A backend for picking by name: those that train, or ONNX Runtime. */
export type PickingBackendName = BackendName | "onnx";

/** What runs a picker: a backend of TensorFlow.js, or ONNX Runtime on the CPU. */
export interface PickingBackend {
  /** Which one. */
  name: Exclude<PickingBackendName, "auto">;
  /** For people. */
  title: string;
}

/** What {@linkcode loadPicker} may be told. */
export interface PickerOptions {
  /** Path of a model; the shipped one by default. */
  model?: string | URL;
  /** What is to be picked, which must be what the model was trained for; the model's own by default. */
  mode?: Mode;
  /** Backend to run on; `onnx` installs ONNX Runtime where it is not. @default {"auto"} */
  backend?: PickingBackendName;
  /** Threads of ONNX Runtime; the number of cores by default. */
  threads?: number;
}

/** What a picker found in one micrograph; coordinates are micrograph pixels. */
export interface PickResult {
  /** What was picked. */
  mode: Mode;
  /** Everything it saw, best first; of each object once. */
  candidates: ScoredPick[];
  /** The candidates that reach the threshold; in fiber mode nodes of the fibers, or boxes along them. */
  picks: ScoredPick[];
  /** In fiber mode the fibers, traced through the candidates; their mean scores reach the threshold. */
  fibers?: TracedFiber[];
  /** Least score of a pick. */
  threshold: number;
  /**
   * Diameter of the particles in micrograph pixels: given, or estimated. Of vesicles the median;
   * every pick has its own.
   */
  diameter: number;
  /** Å per pixel: given, or what the file says. */
  pixelSizeA?: number;
  /** Sentences about what is doubtful: a given diameter that the particles contradict. */
  warnings: string[];
  /** What the network saw. */
  image: NetworkImage;
  /** Seconds spent. */
  seconds: { preprocess: number; network: number; decode: number };
}

/**
 * Starts a backend and loads a model for picking; dispose the picker when done.
 *
 * @throws {EPickerError} `missing-file`, `bad-model` (also for a model trained on another
 * preprocessing), `bad-option` for a mode that the model was not trained for, `no-backend`.
 *
 * @example
 * ```ts
 * import { loadPicker } from "@epicker/epicker";
 * import { assertEquals } from "@std/assert";
 *
 * using picker = await loadPicker({ backend: "wasm" });
 * const pixels = new Float32Array(256 * 256);
 * const { picks } = await picker.pick({ name: "empty", width: 256, height: 256, pixels });
 * assertEquals(picks, []);
 * ```
 */
export async function loadPicker(options: PickerOptions = {}): Promise<Picker> {
  checkOptions(options, {
    mode: option.oneOf(MODES),
    backend: option.oneOf([...BACKEND_NAMES, "onnx"]),
    threads: option.whole(1),
  });
  const { model: path = SHIPPED_MODEL, mode, backend = "auto", ...onnx } = options;
  const { model } = await readModel(path);
  assertSamePreprocessing(model, path);
  assertMode(model, mode, path);
  return await openPicker(model, backend, onnx);
}

/** Starts a backend for a model that is at hand. @throws {EPickerError} `no-backend`. */
export async function openPicker(
  model: Model,
  backend: PickingBackendName,
  onnx: { threads?: number } = {},
): Promise<Picker> {
  checkArgument(model, noun.model, "model");
  if (backend !== "onnx") return new Picker(model, await startBackend(backend));
  const detector = await openOnnxDetector(model, onnx);
  return new Picker(model, { name: backend, title: detector.title }, detector);
}

/** A model on a backend, ready for micrographs. */
export class Picker implements Disposable {
  /** The model. */
  readonly model: Model;
  /** The backend that it runs on. */
  readonly backend: PickingBackend;
  #detector: ImageDetector;

  /**
   * Brings the model to the running backend, unless a detector has it already;
   * {@linkcode loadPicker} does the rest.
   */
  constructor(
    model: Model,
    backend: PickingBackend,
    detector: ImageDetector = new Detector(model),
  ) {
    this.model = model;
    this.backend = backend;
    this.#detector = detector;
  }

  /**
   * Finds the particles of a micrograph.
   *
   * @throws {EPickerError} `bad-file` for a micrograph without finite pixels; `bad-option` for a
   * diameter or rise in Å without a pixel size, and as {@linkcode checkPicking}.
   */
  async pick(micrograph: Micrograph, options: PickOptions = {}): Promise<PickResult> {
    checkPicking(this.model, options);
    return await this.pickPrepared(prepareMicrograph(micrograph), options);
  }

  /** Does what {@linkcode pick} does, from what {@linkcode prepareMicrograph} gave. */
  async pickPrepared(
    micrograph: PreparedMicrograph,
    options: PickOptions = {},
  ): Promise<PickResult> {
    checkPicking(this.model, options);
    const { threshold = this.model.threshold, pixelSizeA = micrograph.pixelSizeA } = options;
    const { mode } = this.model;
    const { image, name } = micrograph;
    const scale = { name, pixelSizeA };
    const given = diameterInPixels(scale, options);
    const start = performance.now();
    const pixels = normalise(image.pixels);
    const maps = await this.#detector.detect(pixels, image.paddedHeight, image.paddedWidth);
    const seen = performance.now();
    const all = candidatesOf(maps, this.model.calibration);
    const seenDiameter = typicalDiameter(all) * image.scale; // 0 where nothing is seen
    const diameter = given ?? (seenDiameter || this.model.diameter * image.scale);
    const candidates = distinctObjects(all, mode, diameter / image.scale)
      .map((candidate): ScoredPick => {
        const pick = toMicrograph(candidate, image);
        return mode === "vesicle" ? pick : { ...pick, diameter };
      })
      .filter((pick) => isInside(pick, micrograph));
    const found = mode === "fiber"
      ? fibersThrough(candidates, { ...micrograph, ...scale }, { ...options, threshold, diameter })
      : { picks: candidates.filter(({ score }) => score >= threshold) };
    const isSure = candidates.some(({ score }) => score >= this.model.threshold);
    const end = performance.now();
    return {
      mode,
      candidates,
      ...found,
      threshold,
      diameter,
      pixelSizeA,
      warnings: given === undefined || !isSure
        ? []
        : sizeWarnings(given, seenDiameter, options, pixelSizeA),
      image,
      seconds: {
        preprocess: micrograph.seconds,
        network: (seen - start) / 1000,
        decode: (end - seen) / 1000,
      },
    };
  }

  /** Frees the model. */
  [Symbol.dispose](): void {
    this.#detector[Symbol.dispose]();
  }
}

function isInside({ x, y }: Pick, { width, height }: PreparedMicrograph): boolean {
  return x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
}

function assertMode({ mode }: Model, wanted: Mode | undefined, path: string | URL): void {
  if (wanted === undefined || wanted === mode) return;
  throw new EPickerError("bad-option", {
    file: "mode",
    found: `"${wanted}", but ${path} was trained for the mode "${mode}"`,
    expected: `"${mode}"`,
    remedy: "Give a model that was trained for that mode, or leave the mode out.",
  });
}

function assertSamePreprocessing({ preprocess }: Model, path: string | URL): void {
  if (preprocess === VIEW_VERSIONS.paper) return;
  throw new EPickerError("bad-model", {
    file: String(path),
    found: `a model for preprocessing version "${preprocess}"`,
    expected: `version "${VIEW_VERSIONS.paper}"`,
    remedy: "Train the model again with this version.",
  });
}
