import { type BackendName, startBackend } from "../../backend/mod.ts";
import { Detector, OUTPUT_STRIDE, readModel } from "../../centernet/mod.ts";
import { calibrated, type Pick, serveWorker, transferring } from "../../core/mod.ts";
import { decodeMicrograph, formatCoordinates } from "../../io/mod.ts";
import { openPicker, type Picker, type PickResult } from "../../picking/mod.ts";
import { normalise, toMicrograph, WAYS } from "../../preprocess/mod.ts";
import { matchByDistance } from "../../evaluation/mod.ts";
import { presetNamed, recipeOf, simulateMicrograph } from "../../simulation/mod.ts";
import { type Display, displayOf } from "../display.ts";
import type { HeatLayer } from "../page/drawable.ts";

// The program of the static page's worker: it picks in the browser.

/** Longest edge of the picture. */
const LONGEST = 4096;

/** What the page is told of a micrograph. */
export interface SitePicks {
  /** Base name. */
  name: string;
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
  /** Å per pixel, if known. */
  pixelSizeA?: number;
  /** Picture of the micrograph. */
  display: Display;
  /** All candidates. */
  candidates: (Pick & { score: number; diameter: number })[];
  /** The model's own threshold. */
  threshold: number;
  /** The particles of a simulated micrograph, and for every candidate the index of its own or −1. */
  truth?: { labels: Pick[]; matches: number[] };
  /** Sentences about what is doubtful. */
  warnings: string[];
  /** Seconds from bytes to picks. */
  seconds: number;
  /** What it was computed on, for people. */
  backend: string;
}

let picker: Promise<Picker>;
let backend: BackendName;
/** What the network saw last. */
let seen: PickResult["image"] | undefined;

const functions = {
  /** Loads the model; `auto` takes WebGPU where there is a real one, else WASM. */
  start(model: string, name: BackendName): void {
    backend = name;
    picker = readModel(new URL(model)).then(({ model }) => openPicker(model, name));
    picker.catch(() => {}); // told by the first pick
  },

  /** Picks a file's bytes. */
  async pick(bytes: Uint8Array, file: string): Promise<SitePicks> {
    const start = performance.now();
    return await picked(await decodeMicrograph(bytes, file), start);
  },

  /** Simulates one of the demo's micrographs and picks it; another seed gives another one. */
  async simulate(index: number, seed = 1): Promise<SitePicks> {
    const start = performance.now();
    const dataset = presetNamed("demo")[index];
    const recipe = { ...recipeOf(dataset, 0, { seed }), name: dataset.name };
    const { micrograph, truth: labels } = simulateMicrograph(recipe);
    const picks = await picked(micrograph, start);
    const radius = (labels[0]?.diameter ?? 0) / 2;
    const matches = [...matchByDistance(picks.candidates, labels, radius)];
    return transferring({ ...picks, truth: { labels, matches } }, picks.display.pixels.buffer);
  },

  /** The heat map of the micrograph that was picked last, on the scale of its scores. */
  async heat(): Promise<HeatLayer> {
    if (seen === undefined) throw new Error("nothing was picked yet");
    const { pixels, paddedWidth, paddedHeight, scale } = seen;
    const { model, view } = await picker;
    await startBackend(backend); // the picker may do without
    using detector = new Detector(model);
    const ways = WAYS[view];
    const heat = await detector.heatMap(normalise(pixels), paddedHeight, paddedWidth, ways);
    const score = (value: number) =>
      model.calibration ? calibrated(value, model.calibration) : value;
    const values = Uint8Array.from(heat, (value) => Math.round(255 * score(value)));
    return transferring({
      width: paddedWidth / OUTPUT_STRIDE,
      height: paddedHeight / OUTPUT_STRIDE,
      origin: toMicrograph({ x: -0.5, y: -0.5 }, { scale }).x + 0.5,
      step: OUTPUT_STRIDE * scale,
      values,
    }, values.buffer);
  },

  /** The content of a coordinate file. */
  format(
    picks: Pick[],
    format: string,
    image: { name: string; width: number; height: number; pixelSizeA?: number },
  ): Uint8Array {
    return formatCoordinates(`${image.name}.${format}`, picks, { format, image });
  },
};

async function picked(
  micrograph: Parameters<Picker["pick"]>[0],
  start: number,
): Promise<SitePicks> {
  const { name, width, height, pixelSizeA } = micrograph;
  const { model, backend, ...rest } = await picker.then(async (picker) => ({
    model: picker.model,
    backend: picker.backend,
    ...await picker.pick(micrograph),
  }));
  seen = rest.image;
  const seconds = (performance.now() - start) / 1000;
  const display = displayOf(micrograph, { longest: LONGEST });
  return transferring({
    ...{ name, width, height, pixelSizeA, display, seconds },
    candidates: rest.candidates,
    threshold: model.threshold,
    warnings: [...micrograph.warnings ?? [], ...rest.doubts.map(({ text }) => text)],
    backend: backend.title,
  }, display.pixels.buffer);
}

/** What the worker can do. */
export type SiteFunctions = typeof functions;

serveWorker(functions);
