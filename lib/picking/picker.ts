import {
  BACKEND_NAMES,
  type BackendName,
  chooseBackend,
  Crew,
  startBackend,
} from "../backend/mod.ts";
import {
  candidatesOf,
  Detector,
  distinctObjects,
  type ImageDetector,
  type Model,
  openCrewDetector,
  readModel,
  typicalDiameter,
  withProbabilities,
} from "../centernet/mod.ts";
import {
  checkArgument,
  checkOptions,
  defined,
  EPickerError,
  type Micrograph,
  type Mode,
  MODES,
  noun,
  option,
  type Pick,
} from "../core/mod.ts";
import type { Doubt } from "../io/mod.ts";
import {
  isDirty,
  type NetworkImage,
  type NetworkView,
  noiseLike,
  normalise,
  toMicrograph,
  viewOf,
  WAYS,
} from "../preprocess/mod.ts";
import type { TracedFiber } from "../tracing/mod.ts";
import { thresholdOf } from "./auto_threshold.ts";
import { BLOB, BlobDetector, blobModel, isBlob } from "./blob_detector.ts";
import { fibersThrough } from "./fibers.ts";
import { doubtsOfImage, doubtsOfPicks } from "./doubts.ts";
import { diameterSeen, type Look, lookAt } from "./look.ts";
import { checkPicking, diameterInPixels, type PickOptions, sizeDoubts } from "./pick_options.ts";
import { type PreparedMicrograph, prepareMicrograph, type Sight } from "./prepare.ts";
import { SHIPPED_MODELS } from "./shipped.ts";

/** A pick with everything that a picker knows about it. */
export interface ScoredPick extends Required<Omit<Pick, "fiber" | "classNumber">> {
  /** Number of its fiber, from 1; in fiber mode alone. */
  fiber?: number;
}

/** A backend for picking by name: those that train, or ONNX Runtime. */
export type PickingBackendName = BackendName | "onnx";

/** What runs a picker: a backend of TensorFlow.js, or ONNX Runtime. */
export interface PickingBackend {
  /** Which one. */
  name: Exclude<PickingBackendName, "auto">;
  /** For people. */
  title: string;
}

/** What {@linkcode loadPicker} may be told. */
export interface PickerOptions {
  /** Path of a model, or `blob` for a difference of Gaussians; by default what ships for the mode. */
  model?: string | URL;
  /** What is to be picked, which must be what the model was trained for. @default {"particle"} */
  mode?: Mode;
  /** Backend to run on; `onnx` installs ONNX Runtime where it is not. @default {"auto"} */
  backend?: PickingBackendName;
  /**
   * Threads of WASM, or of ONNX Runtime, which then runs on the CPU; the number of cores by default.
   */
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
  /** What is doubtful: nothing here, too dense, a diameter that is unsure or contradicted, … */
  doubts: Doubt[];
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
  const { mode, model: path = SHIPPED_MODELS[mode ?? "particle"], backend = "auto", threads } =
    options;
  const model = path === BLOB ? blobModel() : (await readModel(path)).model;
  viewOf(model.preprocess, String(path));
  assertMode(model, mode, path);
  return await openPicker(model, backend, { threads });
}

/** Starts a backend for a model that is at hand. @throws {EPickerError} `no-backend`. */
export async function openPicker(
  model: Model,
  backend: PickingBackendName,
  { threads }: { threads?: number } = {},
): Promise<Picker> {
  checkArgument(model, noun.model, "model");
  if (isBlob(model)) {
    return new Picker(model, { name: "cpu", title: "difference of Gaussians" }, new BlobDetector());
  }
  if (backend === "onnx") {
    const { openOnnxDetector } = await import("../onnx/mod.ts");
    const detector = await openOnnxDetector(model, { threads });
    return new Picker(model, { name: backend, title: detector.title }, detector);
  }
  const name = await chooseBackend(backend);
  if (name === "wasm" && hasSharedMemory()) {
    return new Picker(model, { name, title: "WASM" }, openCrewDetector(model, new Crew(threads)));
  }
  return new Picker(model, await startBackend(backend), new Detector(model));
}

/** Whether threads can share memory: not on a page that is not isolated from others. */
function hasSharedMemory(): boolean {
  return typeof SharedArrayBuffer !== "undefined";
}

/** A model on a backend, ready for micrographs. */
export class Picker implements Disposable {
  /** The model. */
  readonly model: Model;
  /** The backend that it runs on. */
  readonly backend: PickingBackend;
  /** How the model sees micrographs. */
  readonly view: NetworkView;
  #detector: ImageDetector;

  /** Takes a detector that has the model; {@linkcode openPicker} brings it there. */
  constructor(model: Model, backend: PickingBackend, detector: ImageDetector) {
    this.model = model;
    this.backend = backend;
    this.view = viewOf(model.preprocess, model.notes.name ?? "model");
    this.#detector = detector;
  }

  /** How the model sees micrographs, and what it picks. */
  get sight(): Sight {
    return { view: this.view, mode: this.model.mode };
  }

  /**
   * Looks at a few micrographs of a folder over a range of scales: how large the particles are, where
   * that is not given, and whether they are dark or bright. For models of the view `particle`.
   *
   * @throws {EPickerError} as {@linkcode pick}.
   */
  async look(micrographs: readonly Micrograph[], options: PickOptions = {}): Promise<Look> {
    checkPicking(this.model, options);
    const { contrast, pixelSizeA } = options;
    const scaled = micrographs.map((one) => ({ ...one, ...defined({ pixelSizeA }) }));
    const diameter = diameterInPixels(scaled[0], options);
    return await lookAt(scaled, this.#detector, this.model, { diameter, contrast });
  }

  /**
   * Finds the particles of a micrograph.
   *
   * @throws {EPickerError} `bad-file` for a micrograph without finite pixels; `bad-option` for a
   * diameter or rise in Å without a pixel size, and as {@linkcode checkPicking}.
   */
  async pick(micrograph: Micrograph, options: PickOptions = {}): Promise<PickResult> {
    checkPicking(this.model, options);
    const look = options.look ??
      (this.view === "paper" ? undefined : await this.look([micrograph], options));
    const seen = { ...options, look };
    return await this.pickPrepared(prepareMicrograph(micrograph, this.sight, seen), seen);
  }

  /**
   * Does what {@linkcode pick} does, from what {@linkcode prepareMicrograph} gave.
   *
   * @throws {EPickerError} as {@linkcode pick}, and `bad-option` for what was prepared in another view.
   */
  async pickPrepared(
    micrograph: PreparedMicrograph,
    options: PickOptions = {},
  ): Promise<PickResult> {
    checkPicking(this.model, options);
    assertView(micrograph, this.view);
    const { pixelSizeA = micrograph.pixelSizeA } = options;
    const { mode } = this.model;
    const { image, name } = micrograph;
    const scale = { name, pixelSizeA };
    const { look } = options;
    const given = diameterInPixels(scale, options);
    const start = performance.now();
    const pixels = normalise(image.pixels);
    const ways = WAYS[this.view];
    const maps = await this.#detector.detect(pixels, image.paddedHeight, image.paddedWidth, ways);
    const seen = performance.now();
    const all = candidatesOf(maps);
    const seenDiameter = typicalDiameter(all) * image.scale; // 0 where nothing is seen
    const looked = look && diameterSeen(look, pixelSizeA);
    const diameter = given ?? looked ?? (seenDiameter || this.model.diameter * image.scale);
    const distinct = distinctObjects(all, mode, diameter / image.scale);
    const probable = await withProbabilities(distinct, {
      ...{ model: this.model, detector: this.#detector, ways },
      diameter: diameter / image.scale,
      noise: (count) => noiseLike(image, count),
      isDirty: isDirty(image),
    });
    const candidates = probable
      .map((candidate): ScoredPick => {
        const pick = toMicrograph(candidate, image);
        return mode === "vesicle" ? pick : { ...pick, diameter };
      })
      .filter((pick) => isInside(pick, micrograph));
    const scores = candidates.map(({ score }) => score);
    const threshold = thresholdOf(options.threshold, scores, this.model.threshold);
    const found = mode === "fiber"
      ? fibersThrough(candidates, { ...micrograph, ...scale }, {
        ...options,
        ...{ threshold, diameter, view: this.view },
      })
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
      doubts: [
        ...(look?.doubts ?? []),
        ...(given !== undefined && isSure
          ? sizeDoubts(given, seenDiameter, options, pixelSizeA)
          : []),
        ...doubtsOfImage(image),
        ...doubtsOfPicks(found.picks, micrograph),
      ],
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

/** Refuses a micrograph that was prepared for models of another view. */
function assertView({ name, view }: PreparedMicrograph, wanted: NetworkView): void {
  if (view === wanted) return;
  throw new EPickerError("bad-option", {
    file: name,
    found: `a micrograph that was prepared in the view "${view}"`,
    expected: `the view of the model, "${wanted}"`,
    remedy: "Prepare it with the picker's sight: prepareMicrograph(micrograph, picker.sight).",
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
