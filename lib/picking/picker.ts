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
import { checkRise, type RiseOptions, type TracedFiber } from "../tracing/mod.ts";
import { fibersThrough } from "./fibers.ts";
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

/** What {@linkcode Picker.pick} may be told; the rise in fiber mode alone. */
export interface PickOptions extends RiseOptions {
  /** Least score of a pick; the model's own by default. */
  threshold?: number;
  /** Particle diameter or fiber width in Å; estimated by default. Not for vesicles. */
  diameterA?: number;
  /** The same in micrograph pixels, instead. */
  diameterPx?: number;
  /** Å per pixel; what the file says by default. */
  pixelSizeA?: number;
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
    const all = candidatesOf(maps);
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

/**
 * Refuses options of picking that make no sense, or not for this model.
 *
 * @throws {EPickerError} `bad-option` for a threshold outside 0…1, sizes that are not above 0, two
 * diameters, one for vesicles, or a rise for what is no fiber.
 */
export function checkPicking(model: Model, options: PickOptions): void {
  checkArgument(model, noun.model, "model");
  const length = option.above(0, 1e6);
  if (options?.threshold !== undefined) assertThreshold(options.threshold);
  checkOptions(options, {
    diameterA: length,
    diameterPx: length,
    pixelSizeA: option.above(0, 1000),
  });
  assertDiameter(model, options);
  assertRise(model.mode, options);
  checkRise(options);
}

function assertDiameter({ mode }: Model, { diameterA, diameterPx }: PickOptions): void {
  const both = diameterA !== undefined && diameterPx !== undefined;
  const isVesicle = mode === "vesicle" && (diameterA ?? diameterPx) !== undefined;
  if (!both && !isVesicle) return;
  throw new EPickerError("bad-option", {
    file: diameterA === undefined ? "diameterPx" : "diameterA",
    found: isVesicle ? "a diameter for vesicles" : `${diameterA} Å and ${diameterPx} pixels`,
    expected: isVesicle ? "none: every vesicle's own is predicted" : "one diameter",
  });
}

/** Refuses a threshold that no score could have. @throws {EPickerError} `bad-option`. */
export function assertThreshold(threshold: number): void {
  checkOptions({ threshold }, { threshold: option.between(0, 1, "a score") });
}

function diameterInPixels(
  { name, pixelSizeA }: { name: string; pixelSizeA?: number },
  { diameterA, diameterPx }: PickOptions,
): number | undefined {
  if (diameterA === undefined) return diameterPx;
  if (pixelSizeA !== undefined) return diameterA / pixelSizeA;
  throw new EPickerError("bad-option", {
    file: name,
    found: `a diameter of ${diameterA} Å and no pixel size`,
    expected: "both",
    remedy:
      "Give the pixel size (pixelSizeA) or the diameter in pixels (diameterPx), or leave the " +
      "diameter out: it is estimated.",
  });
}

/** Part by which a given diameter may differ from what is seen. */
const DOUBTFUL_RATIO = 1.5;

/** Says where the particles are much larger or smaller than the given diameter. */
function sizeWarnings(
  given: number,
  seen: number,
  { diameterA, pixelSizeA: own }: PickOptions,
  pixelSizeA: number | undefined,
): string[] {
  const ratio = Math.max(given / seen, seen / given);
  if (!(seen > 0) || ratio < DOUBTFUL_RATIO) return [];
  const are = `${Math.round(seen)} pixels, as far as can be seen`;
  if (diameterA === undefined || pixelSizeA === undefined) {
    return [`the diameter of ${+given.toFixed(1)} pixels is given, but the particles are ${are}`];
  }
  const source = own === undefined ? "of the file" : "given";
  return [
    `${diameterA} Å are ${Math.round(given)} pixels by the pixel size ${source} (${+pixelSizeA
      .toPrecision(4)} Å), but the particles are ${are}: one of the two sizes is wrong`,
  ];
}

/** Refuses a rise for what is no fiber. */
export function assertRise(mode: Mode, { rise, riseA }: RiseOptions): void {
  if (mode === "fiber" || (rise === undefined && riseA === undefined)) return;
  throw new EPickerError("bad-option", {
    file: "rise",
    found: `a rise for the mode "${mode}"`,
    expected: "a model that was trained for fibers",
    remedy: "Leave the rise out.",
  });
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
