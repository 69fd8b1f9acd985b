import type { Model } from "../centernet/mod.ts";
import { serveWorker, transferring } from "../core/mod.ts";
import { hashFile, readMicrograph } from "../io/mod.ts";
import { viewOf } from "../preprocess/mod.ts";
import type { PickOptions } from "./pick_options.ts";
import { openPicker, type Picker, type PickingBackend, type PickResult } from "./picker.ts";
import { type PreparedMicrograph, prepareMicrograph, type Sight } from "./prepare.ts";

// The program of a picking worker: it reads micrographs, and where it has a picker, picks them.

/** What is in a micrograph file. */
export interface FileResult {
  /** The micrograph, without its own pixels. */
  micrograph: PreparedMicrograph;
  /** What the picker found. */
  result: PickResult;
}

let begin: () => Promise<Picker>;
let sight: Sight;
let picker: Picker | undefined;

const functions = {
  start(model: Model, backend: PickingBackend["name"]): void {
    sight = { view: viewOf(model.preprocess, model.notes.name ?? "model"), mode: model.mode };
    begin = () => openPicker(model, backend, { threads: 1 }); // the others have theirs
  },

  hash: hashFile,

  async prepare(path: string, options: PickOptions): Promise<PreparedMicrograph> {
    const micrograph = prepareMicrograph(await readMicrograph(path), sight, options);
    return transferring(micrograph, micrograph.image.pixels.buffer);
  },

  async pick(path: string, options: PickOptions): Promise<FileResult> {
    const micrograph = prepareMicrograph(await readMicrograph(path), sight, options);
    picker ??= await begin();
    const result = await picker.pickPrepared(micrograph, options);
    return transferring({ micrograph, result }, micrograph.image.pixels.buffer);
  },
};

/** What a picking worker can do. */
export type PickingFunctions = typeof functions;

serveWorker(functions);
