import { join } from "@std/path";
import { divide, EPickerError, messageOfError, type Pick, type PickRule } from "../core/mod.ts";
import {
  coordinateFileNames,
  coordinateFormats,
  expandInputs,
  type InputFile,
  readCandidates,
  readCoordinates,
  readMicrographHeader,
  writeCandidates,
} from "../io/mod.ts";
import { changeThreshold, recordPath } from "../picking/mod.ts";
import { EditStore } from "./edit_store.ts";
import { type LabelOptions, labelsOf, type LessonMicrograph } from "./lesson.ts";
import { scoresOf } from "./page/scores.ts";
import type { About, Facts, Marks, Saved, Suggestion } from "./wire.ts";

/** Scores on the wire are whole numbers of this part. */
const SCORE_UNIT = 1e4;

/** What {@linkcode Session.open} is told. */
export interface SessionOptions {
  /** Folder of picks, made where it is missing. */
  picks: string;
  /** Folder of labels to show beside. */
  labels?: string;
}

/** Micrographs and the folder of their picks, as the page asks for them. */
export class Session implements Disposable {
  /** Edits of the folder. */
  readonly edits: EditStore;
  readonly #inputs: readonly string[];
  #paths: Map<string, string>;
  readonly #options: SessionOptions;
  readonly #facts = new Map<string, Facts>();
  readonly #records = new Map<string, number>();

  private constructor(
    inputs: readonly string[],
    paths: Map<string, string>,
    options: SessionOptions,
    edits: EditStore,
  ) {
    this.#inputs = inputs;
    this.#paths = paths;
    this.#options = options;
    this.edits = edits;
  }

  /** Finds the micrographs and opens the folder of picks. @throws {EPickerError} As `expandInputs`. */
  static async open(inputs: readonly string[], options: SessionOptions): Promise<Session> {
    const paths = await pathsOf(inputs);
    return new Session(inputs, paths, options, await EditStore.open(options.picks));
  }

  /** Looks again for micrographs and their records: all names, and those of which the record is new. */
  async changes(): Promise<{ names: string[]; changed: string[] }> {
    this.#paths = await pathsOf(this.#inputs).catch(() => this.#paths);
    const names = [...this.#paths.keys()];
    const { picks: out } = this.#options;
    const times = await Promise.all(names.map(async (name) => {
      const { mtime } = await Deno.stat(recordPath({ out, name })).catch(() => ({ mtime: null }));
      return mtime?.getTime() ?? 0;
    }));
    const changed = names.filter((name, i) => (this.#records.get(name) ?? 0) !== times[i]);
    names.forEach((name, i) => this.#records.set(name, times[i]));
    return { names, changed };
  }

  /** What the page knows from the start. */
  about(): Omit<About, "teaching" | "watching"> {
    return {
      names: [...this.#paths.keys()],
      folder: this.#options.picks,
      formats: coordinateFormats.filter(({ name }) => !UNWRITTEN.includes(name))
        .map(({ name }) => name),
    };
  }

  /** Path of a micrograph by its name; nothing for what is not in the list. */
  pathOf(name: string): string | undefined {
    return this.#paths.get(name);
  }

  /** All micrographs, for a picker; none of their coordinates may be another's. @throws {EPickerError} `bad-data`. */
  async toPick(): Promise<InputFile[]> {
    const { picks: out } = this.#options;
    for (const name of this.#paths.keys()) {
      const isOurs = await Deno.stat(recordPath({ out, name })).then(() => true, () => false);
      if (!isOurs) await assertOwn(out, name);
    }
    return [...this.#paths].map(([name, path]) => ({ name, path }));
  }

  /** The micrographs that a person has labelled, wholly or in part. */
  async labelled(options: LabelOptions): Promise<LessonMicrograph[]> {
    const found: LessonMicrograph[] = [];
    for (const [name, path] of this.#paths) {
      if (Object.keys(await this.edits.of(name).catch(() => ({}))).length === 0) continue;
      const labels = labelsOf(await this.#read(name), options);
      if (labels !== undefined) found.push({ name, path: await Deno.realPath(path), ...labels });
    }
    return found;
  }

  /** What the list shows of some micrographs. */
  async facts(from: number, count: number): Promise<Facts[]> {
    return await this.factsOf([...this.#paths.keys()].slice(from, from + count));
  }

  /** The same, by their names. */
  async factsOf(names: readonly string[]): Promise<Facts[]> {
    return await Promise.all(names.map((name) => this.#factsOf(name)));
  }

  async #factsOf(name: string): Promise<Facts> {
    const marks = await this.#read(name);
    const { warnings, edits, threshold, diameterRange } = marks;
    const done = Object.values(edits).some(({ kind }) => kind === "done");
    const facts = {
      ...{ name, ...scoresOf(marks), threshold, diameterRange },
      ...{ edits: Object.keys(edits).length, done, warnings },
    };
    this.#facts.set(name, facts);
    return facts;
  }

  /** Candidates, labels and edits of a micrograph. */
  async marks(name: string): Promise<Marks> {
    const { threshold: _, diameterRange: __, ...marks } = await this.#read(name);
    return { ...marks, labels: await this.#labelsOf(name) };
  }

  async #read(name: string): Promise<Omit<Marks, "labels"> & Partial<PickRule>> {
    const warnings: string[] = [];
    const doubt = <T>(value: T) => (error: unknown) => {
      warnings.push(messageOfError(error));
      return value;
    };
    const path = recordPath({ out: this.#options.picks, name });
    const isThere = await Deno.stat(path).then(() => true, () => false);
    const record = isThere ? await readCandidates(path).catch(doubt(undefined)) : undefined;
    const edits = await this.edits.of(name).catch(doubt({}));
    warnings.push(...(record?.doubts ?? []).map(({ text }) => text));
    const { mode = "particle", candidates = [], fibers = [] } = record ?? {};
    const { threshold, diameterRange } = record ?? {};
    const found = { mode, candidates, fibers, diameter: middleOf(candidates) };
    return { ...found, edits, warnings, threshold, diameterRange };
  }

  async #labelsOf(name: string): Promise<Pick[]> {
    const { labels } = this.#options;
    if (labels === undefined) return [];
    for (const file of coordinateFileNames(name)) {
      const path = join(labels, file);
      if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) {
        return await readCoordinates(path, { micrograph: name }).catch(() => readCoordinates(path));
      }
    }
    return [];
  }

  /** The threshold that the scores that were listed so far suggest. */
  suggestion(): Suggestion {
    const scores = [...this.#facts.values()].flatMap(({ scores }) => scores);
    const { threshold } = divide(scores.map((score) => score / SCORE_UNIT));
    if (!Number.isFinite(threshold)) return { why: "There are too few candidates to suggest one." };
    const why = `It divides the ${scores.length} scores best into two groups (Otsu 1979).`;
    return { threshold, why };
  }

  /**
   * Writes the picks of all micrographs by a threshold and a range of diameters, edits included.
   *
   * @throws {EPickerError} `bad-option`, `write-failed`; `bad-data` where coordinates of others lie
   * in the folder.
   */
  async save({ threshold, diameterRange }: PickRule, formats: string[]): Promise<Saved> {
    const start = performance.now();
    await this.#recordLabelled(threshold);
    const { picks: out } = this.#options;
    const summary = await changeThreshold(out, threshold, {
      formats,
      diameterRange: diameterRange ?? "all",
    });
    const errors = summary.files.flatMap(({ name, error }) => error ? [`${name}: ${error}`] : []);
    const seconds = (performance.now() - start) / 1000;
    return { files: summary.files.length - errors.length, seconds, errors };
  }

  /** Micrographs with edits and without a record of picking get one without candidates. */
  async #recordLabelled(threshold: number): Promise<void> {
    const { picks: out } = this.#options;
    for (const [name, path] of this.#paths) {
      const file = recordPath({ out, name });
      if (await Deno.stat(file).then(() => true, () => false)) continue;
      if (Object.keys(await this.edits.of(name)).length === 0) continue;
      await assertOwn(out, name);
      const { width, height, pixelSizeA } = await readMicrographHeader(path);
      const image = { micrograph: name, width, height, pixelSizeA };
      await writeCandidates(file, { version: 1, ...image, threshold, candidates: [] });
    }
  }

  /** Lets others have the folder. */
  [Symbol.dispose](): void {
    this.edits[Symbol.dispose]();
  }
}

async function pathsOf(inputs: readonly string[]): Promise<Map<string, string>> {
  const files = await expandInputs(inputs);
  return new Map(files.map(({ name, path }) => [name, path]));
}

/** Formats that need more than picks, or are read alone. */
const UNWRITTEN = ["json", "star-ends"];

/** Refuses to write over coordinates of which no record says that they are ours. */
async function assertOwn(out: string, name: string): Promise<void> {
  for (const file of coordinateFileNames(name)) {
    if (!await Deno.stat(join(out, file)).then(() => true, () => false)) continue;
    throw new EPickerError("bad-data", {
      file: join(out, file),
      found: "coordinates that were not picked here",
      expected: "a folder that pick has written, or an empty one",
      remedy: "Give another folder as --picks, and this one as --labels.",
    });
  }
}

function middleOf(candidates: readonly Pick[]): number | undefined {
  const sizes = candidates.flatMap(({ diameter }) => diameter ?? []).sort((a, b) => a - b);
  return sizes[sizes.length >> 1];
}
