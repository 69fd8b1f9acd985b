import {
  defined,
  EPickerError,
  messageOfError,
  mistakeIn,
  readFile,
  writeFileAtomic,
} from "../core/mod.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedArray,
  OUTPUT_STRIDE,
} from "../centernet/mod.ts";
import { type NetworkView, VIEW_VERSIONS } from "../preprocess/mod.ts";
import { type TrainingImage, VIEWS } from "../training/mod.ts";
import * as z from "zod";

/** What is kept of learned data. */
export interface Memory {
  /** Labelled pieces of micrographs, as training images. */
  exemplars: TrainingImage[];
  /** Vectors of the strategy, such as the importance of every weight. */
  vectors: Record<string, Float32Array>;
  /** The view in which the exemplars were cut. @default {"paper"} */
  view?: NetworkView;
}

/** Nothing learned yet. */
export const EMPTY_MEMORY: Memory = { exemplars: [], vectors: {} };

/** Mark of our files in the safetensors metadata. */
const FORMAT = "epicker-exemplars-1";

const CIRCLES = z.array(
  z.object({ x: z.number(), y: z.number(), diameter: z.number().positive() }),
);

const EXEMPLARS = z.array(z.object({
  dataset: z.string(),
  name: z.string(),
  objects: CIRCLES,
  ignored: CIRCLES.optional(),
  sparse: z.boolean().optional(),
  scale: z.number().positive().default(1), // files of earlier versions do not say it
}));

/**
 * Encodes a memory as a safetensors file: 8-bit crops `crop.0`, `crop.1`, …, stored heat maps
 * `heat.0`, …, vectors `vector.NAME`; view, names, labels and scales are in the metadata.
 */
export function encodeMemory({ exemplars, vectors, view = "paper" }: Memory): Uint8Array {
  const arrays: NamedArray[] = exemplars.map(({ image }, i) => ({
    name: `crop.${i}`,
    shape: [image.paddedHeight, image.paddedWidth],
    data: image.pixels,
  }));
  for (const [i, { heat }] of exemplars.entries()) {
    if (heat !== undefined) arrays.push({ name: `heat.${i}`, shape: [heat.length], data: heat });
  }
  for (const [name, data] of Object.entries(vectors)) {
    arrays.push({ name: `vector.${name}`, shape: [data.length], data });
  }
  const labels = exemplars.map(({ image: { scale }, heat: _, ...labels }) => ({
    ...labels,
    scale,
  }));
  const metadata = {
    format: FORMAT,
    preprocess: VIEW_VERSIONS[view],
    exemplars: JSON.stringify(labels),
  };
  return encodeSafetensors({ arrays, metadata });
}

/** Writes a memory. @throws {EPickerError} `write-failed`. */
export async function writeMemory(path: string, memory: Memory): Promise<void> {
  await writeFileAtomic(path, encodeMemory(memory));
}

/** Reads a memory. @throws {EPickerError} `missing-file`, and as {@linkcode decodeMemory}. */
export async function readMemory(path: string): Promise<Memory> {
  return decodeMemory(await readFile(path), path);
}

/**
 * Decodes a memory.
 *
 * @param path Name for messages.
 * @throws {EPickerError} `bad-model` for a file that is no exemplar store, is of an unknown
 * preprocessing, or lacks crops.
 */
export function decodeMemory(bytes: Uint8Array, path: string): Memory {
  const { arrays, metadata } = decodeSafetensors(bytes, path);
  if (metadata.format !== FORMAT) {
    throw badStore(path, `the format mark "${metadata.format ?? ""}"`, `"${FORMAT}"`);
  }
  const view = VIEWS.find((name) => VIEW_VERSIONS[name] === metadata.preprocess);
  if (view === undefined) {
    const expected = Object.values(VIEW_VERSIONS).join(" or ");
    throw badStore(path, `crops of preprocessing ${metadata.preprocess}`, expected);
  }
  const byName = new Map(arrays.map((array) => [array.name, array]));
  const exemplars = parseLabels(metadata.exemplars, path).map(
    ({ scale, ...labels }, i): TrainingImage => {
      const crop = byName.get(`crop.${i}`);
      if (!(crop?.data instanceof Uint8Array) || crop.shape.length !== 2) {
        throw badStore(path, `no crop ${i}`, `a crop for each of its labels`);
      }
      const [height, width] = crop.shape;
      if (width < 1 || height < 1) {
        throw badStore(path, `crop ${i} of ${width} × ${height} pixels`, "a pixel or more");
      }
      const heat = byName.get(`heat.${i}`)?.data;
      if (heat !== undefined && heat.length * OUTPUT_STRIDE ** 2 !== width * height) {
        const found = `heat map ${i} of ${heat.length} values for ${width} × ${height} pixels`;
        throw badStore(path, found, `one for each ${OUTPUT_STRIDE} × ${OUTPUT_STRIDE} pixels`);
      }
      return defined({
        ...labels,
        image: cropImage(crop.data, width, height, scale),
        heat: heat instanceof Float32Array ? heat : undefined,
      });
    },
  );
  const vectors = arrays.flatMap(({ name, data }): [string, Float32Array][] => {
    return name.startsWith("vector.") && data instanceof Float32Array
      ? [[name.slice(7), data]]
      : [];
  });
  return defined({
    exemplars,
    vectors: Object.fromEntries(vectors),
    view: view === "paper" ? undefined : view,
  });
}

/** A piece of a network image as a network image of its own. */
export function cropImage(
  pixels: Uint8Array<ArrayBuffer>,
  width: number,
  height: number,
  scale: number,
): TrainingImage["image"] {
  return { pixels, width, height, paddedWidth: width, paddedHeight: height, scale };
}

/**
 * Joins memories; a dataset that several hold is taken from the last of them.
 *
 * Vectors are added up where several memories have them.
 *
 * @throws {EPickerError} `bad-option` where exemplars were cut in different views.
 */
export function mergeMemories(...memories: Memory[]): Memory {
  let all: TrainingImage[] = [];
  const sums = new Map<string, Float32Array>();
  const view = memories.find(({ exemplars }) => exemplars.length > 0)?.view;
  for (const { exemplars, vectors, ...own } of memories) {
    if (exemplars.length > 0) assertSameView(own.view, view, "the exemplars beside them");
    const names = new Set(exemplars.map(({ dataset }) => dataset));
    all = [...all.filter(({ dataset }) => !names.has(dataset)), ...exemplars];
    for (const [name, vector] of Object.entries(vectors)) {
      const known = sums.get(name);
      sums.set(name, known ? vector.map((value, i) => value + known[i]) : vector);
    }
  }
  return defined({ exemplars: all, vectors: Object.fromEntries(sums), view });
}

/** Refuses exemplars of another view than what they shall go with. @throws {EPickerError} `bad-option`. */
export function assertSameView(
  found: NetworkView = "paper",
  wanted: NetworkView = "paper",
  what: string,
): void {
  if (found === wanted) return;
  throw new EPickerError("bad-option", {
    file: "exemplars",
    found: `pieces cut in the view "${found}"`,
    expected: `the view of ${what}, "${wanted}"`,
    remedy: "Build the store again with the model that it shall go with.",
  });
}

function parseLabels(text: string | undefined, path: string) {
  try {
    return EXEMPLARS.parse(JSON.parse(text ?? ""));
  } catch (error) {
    const why = error instanceof z.ZodError ? mistakeIn(error) : messageOfError(error);
    throw badStore(path, `unreadable labels (${why})`, "a JSON list of the crops' labels");
  }
}

function badStore(file: string, found: string, expected: string): EPickerError {
  return new EPickerError("bad-model", {
    file,
    found,
    expected,
    remedy: "Give a store made by epicker exemplars, or by epicker train with a strategy.",
  });
}
