import { type BackendName, startBackend } from "../backend/mod.ts";
import {
  candidatesOf,
  Detector,
  distinctObjects,
  type ImageDetector,
  type Model,
  readModel,
  typicalDiameter,
} from "../centernet/mod.ts";
import { EPickerError, type Micrograph, type Mode, type Pick } from "../core/mod.ts";
import { openOnnxDetector } from "../onnx/mod.ts";
import { type NetworkImage, normalise, toMicrograph, VIEW_VERSIONS } from "../preprocess/mod.ts";
import {
  continuedToBorder,
  fiberPicks,
  reachIn,
  type RiseOptions,
  traceDetected,
  type TracedFiber,
} from "../tracing/mod.ts";
import { type PreparedMicrograph, prepareMicrograph } from "./prepare.ts";

/** The model that ships with this project. */
export const SHIPPED_MODEL: URL = new URL("../../models/light/model.safetensors", import.meta.url);

/** How far before the border fibers may be lost that run on to it, in reaches. */
const BORDER_REACHES = 0.5;

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
export async function loadPicker(
  { model: path = SHIPPED_MODEL, mode, backend = "auto", ...onnx }: PickerOptions = {},
): Promise<Picker> {
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
   * diameter or rise in Å without a pixel size, a diameter for vesicles, a rise for what is no fiber,
   * or a threshold outside 0…1.
   */
  async pick(micrograph: Micrograph, options: PickOptions = {}): Promise<PickResult> {
    return await this.pickPrepared(prepareMicrograph(micrograph), options);
  }

  /** Does what {@linkcode pick} does, from what {@linkcode prepareMicrograph} gave. */
  async pickPrepared(
    micrograph: PreparedMicrograph,
    options: PickOptions = {},
  ): Promise<PickResult> {
    const threshold = options.threshold ?? this.model.threshold;
    assertThreshold(threshold);
    assertRise(this.model, options);
    const { mode } = this.model;
    const given = diameterInPixels(micrograph, options.diameterA, mode);
    const { image } = micrograph;
    const start = performance.now();
    const pixels = normalise(image.pixels);
    const maps = await this.#detector.detect(pixels, image.paddedHeight, image.paddedWidth);
    const seen = performance.now();
    const all = candidatesOf(maps);
    const diameter = given ?? (typicalDiameter(all) || this.model.diameter) * image.scale;
    const candidates = distinctObjects(all, mode, diameter / image.scale)
      .map((candidate): ScoredPick => ({
        ...toMicrograph(candidate, image),
        ...(mode !== "vesicle" && { diameter }),
      }))
      .filter((pick) => isInside(pick, micrograph));
    const found = mode === "fiber"
      ? fibersThrough(candidates, micrograph, { ...options, threshold, diameter })
      : { picks: candidates.filter(({ score }) => score >= threshold) };
    const end = performance.now();
    return {
      mode,
      candidates,
      ...found,
      threshold,
      diameter,
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

/** The fibers through candidates, and the picks that stand for them, held inside the micrograph. */
function fibersThrough(
  candidates: ScoredPick[],
  micrograph: PreparedMicrograph,
  { threshold, diameter, ...rise }: RiseOptions & { threshold: number; diameter: number },
): { fibers: TracedFiber[]; picks: ScoredPick[] } {
  const { width, height } = micrograph;
  const reach = reachIn(micrograph);
  const fibers = traceDetected(candidates, { threshold, reach, width: diameter })
    .map((fiber) => continuedToBorder(fiber, micrograph, BORDER_REACHES * reach));
  const picks = fiberPicks(fibers, rise, micrograph, diameter).map((pick) => ({
    ...pick as ScoredPick,
    x: Math.max(0, Math.min(width - 1, pick.x)),
    y: Math.max(0, Math.min(height - 1, pick.y)),
  }));
  return { fibers, picks };
}

function isInside({ x, y }: Pick, { width, height }: PreparedMicrograph): boolean {
  return x >= 0 && y >= 0 && x <= width - 1 && y <= height - 1;
}

function diameterInPixels(
  { name, pixelSizeA }: PreparedMicrograph,
  diameterA: number | undefined,
  mode: Mode,
): number | undefined {
  if (diameterA === undefined) return undefined;
  if (mode === "vesicle") {
    throw new EPickerError("bad-option", {
      file: "--diameter-a",
      found: `a diameter of ${diameterA} Å for vesicles`,
      expected: "none: every vesicle's own is predicted",
    });
  }
  if (pixelSizeA !== undefined && diameterA > 0) return diameterA / pixelSizeA;
  throw new EPickerError("bad-option", {
    file: name,
    found: `a diameter of ${diameterA} Å and a pixel size of ${pixelSizeA ?? "unknown"} Å`,
    expected: "both above 0",
    remedy:
      "Leave the diameter out (it is estimated), or use a micrograph that says its pixel size.",
  });
}

function assertThreshold(threshold: number): void {
  if (threshold >= 0 && threshold <= 1) return;
  throw new EPickerError("bad-option", {
    file: "threshold",
    found: String(threshold),
    expected: "a score between 0 and 1",
  });
}

function assertRise({ mode }: Model, { rise, riseA }: RiseOptions): void {
  if (mode === "fiber" || (rise === undefined && riseA === undefined)) return;
  throw new EPickerError("bad-option", {
    file: "--rise",
    found: `a rise for the mode "${mode}"`,
    expected: "a model that was trained for fibers",
    remedy: "Leave the rise out.",
  });
}

function assertMode({ mode }: Model, wanted: Mode | undefined, path: string | URL): void {
  if (wanted === undefined || wanted === mode) return;
  throw new EPickerError("bad-option", {
    file: "--mode",
    found: `"${wanted}", but ${path} was trained for the mode "${mode}"`,
    expected: `"${mode}"`,
    remedy: `Give a model that was trained with --mode ${wanted}, or leave the mode out.`,
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
