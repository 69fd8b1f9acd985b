import {
  type Calibration,
  defined,
  EPickerError,
  type Mode,
  MODES,
  readFile,
  writeFileAtomic,
} from "../core/mod.ts";
import type { NetworkConfig } from "./config.ts";
import { type Layout, layoutOf, lengthOf, type Slot, type Weights } from "./layout.ts";
import { decodeSafetensors, encodeSafetensors, type NamedArray } from "./safetensors.ts";

/** A trained network and what is needed to use it. */
export interface Model {
  /** Its architecture. */
  config: NetworkConfig;
  /** Its values. */
  weights: Weights;
  /** What it was trained to pick; `particle` where a file says nothing. */
  mode: Mode;
  /** Version of the preprocessing that it was trained on. */
  preprocess: string;
  /** Score, calibrated, from which a candidate counts as a pick, chosen on validation micrographs. */
  threshold: number;
  /** What makes probabilities of its scores; without, they stay as they are. */
  calibration?: Calibration;
  /** Mean diameter of its training objects in network pixels: the guess where it predicts none. */
  diameter: number;
  /** Free notes: training sets, seed, scores. */
  notes: Record<string, string>;
}

/** Mark of our files in the safetensors metadata. */
const FORMAT = "epicker-centernet-1";

/**
 * Writes a model as a safetensors file: one array per parameter, named as in the network.
 *
 * @param options.extra Further arrays, e.g. the state of an optimiser; their names start with
 * `state.`.
 * @param options.half Whether filters are rounded to float16, which halves the file. Vectors
 * (normalisation, biases), which are short and range widely, stay float32.
 * @throws {EPickerError} `write-failed`; `bad-model` for filters beyond float16.
 */
export async function writeModel(
  path: string,
  model: Model,
  { extra = [], half = false }: { extra?: NamedArray[]; half?: boolean } = {},
): Promise<void> {
  const layout = layoutOf(model.config);
  const named = (slots: Slot[], vector: Float32Array) =>
    slots.map(({ name, shape, offset, length }) => ({
      name,
      shape,
      data: vector.subarray(offset, offset + length),
      half: half && shape.length > 1,
    }));
  const arrays = [
    ...named(layout.parameters, model.weights.parameters),
    ...named(layout.statistics, model.weights.statistics),
    ...extra,
  ];
  const metadata = { format: FORMAT, ...metadataOf(model) };
  await writeFileAtomic(path, encodeSafetensors({ arrays, metadata }));
}

/** What a model's file says beside the arrays. */
export function metadataOf(model: Model): Record<string, string> {
  return {
    config: JSON.stringify(model.config),
    ...(model.mode !== MODES[0] && { mode: model.mode }),
    preprocess: model.preprocess,
    threshold: String(model.threshold),
    ...(model.calibration && { calibration: JSON.stringify(model.calibration) }),
    diameter: String(model.diameter),
    notes: JSON.stringify(model.notes),
  };
}

/**
 * Reads a model.
 *
 * @returns The model and the further arrays that were written with it.
 * @throws {EPickerError} `missing-file`; `bad-model` for a file that is no model of ours, or whose
 * arrays do not fit its own architecture or are not finite, or with a number out of its range.
 */
export async function readModel(
  path: string | URL,
): Promise<{ model: Model; extra: NamedArray[] }> {
  const file = String(path);
  const { arrays, metadata } = decodeSafetensors(await readFile(path), file);
  if (metadata.format !== FORMAT) {
    throw badModel(file, `the format mark "${metadata.format ?? ""}"`, `"${FORMAT}"`);
  }
  const config = parseConfig(metadata.config, file);
  const layout = layoutOf(config);
  const byName = new Map(arrays.map((array) => [array.name, array]));
  const model: Model = defined({
    config,
    weights: takeWeights(layout, byName, file),
    mode: parseMode(metadata.mode, file),
    preprocess: metadata.preprocess ?? "",
    threshold: numberOf(metadata, "threshold", file),
    calibration: parseCalibration(metadata.calibration, file),
    diameter: numberOf(metadata, "diameter", file),
    notes: parseNotes(metadata.notes, file),
  });
  return { model, extra: [...byName.values()] };
}

function takeWeights(layout: Layout, arrays: Map<string, NamedArray>, path: string): Weights {
  const take = (slots: Slot[]) => {
    const vector = new Float32Array(lengthOf(slots));
    for (const { name, shape, offset } of slots) {
      const array = arrays.get(name);
      if (array === undefined || String(array.shape) !== String(shape)) {
        const found = array ? `array "${name}" of shape [${array.shape}]` : `no array "${name}"`;
        throw badModel(path, found, `"${name}" of shape [${shape}]`);
      }
      if (array.data instanceof Uint8Array || !array.data.every(Number.isFinite)) {
        throw badModel(path, `values in "${name}" that are not finite floats`);
      }
      vector.set(array.data, offset);
      arrays.delete(name);
    }
    return vector;
  };
  return { parameters: take(layout.parameters), statistics: take(layout.statistics) };
}

function parseConfig(text: string | undefined, path: string): NetworkConfig {
  try {
    const { width, headWidth, size } = JSON.parse(text ?? "");
    const heads = Number.isInteger(headWidth) && headWidth > 0 && headWidth <= 4096;
    if (width > 0 && width <= 4 && heads) return { width, headWidth, size: Boolean(size) };
  } catch {
    // reported below with the text that was found
  }
  throw badModel(path, `the architecture ${text}`, `{"width":…,"headWidth":…,"size":…}`);
}

function parseMode(text: string | undefined, file: string): Mode {
  const mode = MODES.find((name) => name === (text ?? MODES[0]));
  if (mode !== undefined) return mode;
  throw badModel(file, `the mode "${text}"`, MODES.join(", "));
}

function parseCalibration(text: string | undefined, file: string): Calibration | undefined {
  if (text === undefined) return undefined;
  try {
    const { slope, shift } = JSON.parse(text);
    if (Number.isFinite(slope) && slope >= 0 && Number.isFinite(shift)) return { slope, shift };
  } catch {
    // reported below with the text that was found
  }
  throw badModel(file, `the calibration ${text}`, '{"slope":…,"shift":…}, a slope of at least 0');
}

/** What numbers of a model may be: a score, and a diameter that fits a network image. */
const RANGES = {
  threshold: { fits: (value: number) => value >= 0 && value <= 1, title: "0 to 1" },
  diameter: { fits: (value: number) => value > 0 && value <= 4096, title: "above 0, at most 4096" },
};

function numberOf(
  metadata: Record<string, string>,
  name: keyof typeof RANGES,
  file: string,
): number {
  const [text, { fits, title }] = [metadata[name], RANGES[name]];
  const value = text?.trim() ? Number(text) : NaN;
  if (fits(value)) return value;
  throw badModel(file, `the ${name} "${text}"`, `a number, ${title}`);
}

function parseNotes(text: string | undefined, file: string): Record<string, string> {
  try {
    const notes: unknown = JSON.parse(text ?? "{}");
    if (typeof notes === "object" && notes !== null && !Array.isArray(notes)) {
      return Object.fromEntries(Object.entries(notes).map(([key, value]) => [key, String(value)]));
    }
  } catch {
    // reported below with the text that was found
  }
  throw badModel(file, `the notes ${text}`, "a JSON object");
}

function badModel(file: string, found: string, expected = "finite numbers"): EPickerError {
  return new EPickerError("bad-model", {
    file,
    found,
    expected,
    remedy: "Give a model file made by epicker train, copied completely.",
  });
}
