import { dirname, join, resolve } from "@std/path";
import { checkOptions, EPickerError, option, writeFileAtomic } from "../core/mod.ts";
import { expandInputs, type InputFile, micrographName, readCandidates } from "../io/mod.ts";
import {
  findSummary,
  folderLook,
  type PickedFile,
  type Picker,
  pickFiles,
  type PickFilesOptions,
  type PickSummary,
} from "../picking/mod.ts";

/** What {@linkcode watchFiles} may be told. */
export interface WatchOptions extends Omit<PickFilesOptions, "earlier" | "summaryOut"> {
  /** Ends when for so many minutes nothing has come; never by default. */
  untilQuiet?: number;
  /** Ends when this file is there. */
  stop?: string;
  /** Seconds between two looks; a file that is the same in both is complete. @default {5} */
  interval?: number;
}

/** How it stands with a watched folder: `watch.json` beside the results. */
export interface WatchState {
  /** Whether it is being watched still. */
  state: "watching" | "ended";
  /** When it was started (ISO 8601). */
  started: string;
  /** When this was written. */
  updated: string;
  /** Micrographs seen so far. */
  seen: number;
  /** Those of them with results. */
  picked: number;
  /** Those that could not be picked. */
  failed: number;
  /** Micrographs picked in the last hour. */
  lastHour: number;
  /** Name of the results of the last one that was picked. */
  last?: string;
  /** Paths of files that are not complete yet, or wait for their turn. */
  waiting: string[];
}

/** What is known of a micrograph. */
interface Watched {
  name: string;
  /** Size and time when it was last looked at. */
  seen: string;
  /** Whether it was the same at the look before. */
  isStill: boolean;
  /** Size and time of what was picked. */
  picked?: string;
  /** What became of it. */
  file?: PickedFile;
}

/** The file that tells how it stands. */
export const WATCH_FILE = "watch.json";

/**
 * Picks micrographs as they come, each once, when it is complete.
 *
 * A file is complete when two looks find the same size and time. Names that are not a micrograph's
 * (`a.mrc.part`, rsync's `.a.mrc.x7Yz`) are left alone until they are renamed. One that cannot be
 * picked, a link to nothing included, is reported and tried again when it changes.
 *
 * The results are the only state: started again after a stop or a kill at any moment, it goes on
 * where it was. A name is never given to two micrographs: the second `a` is `FOLDER_a`.
 * `OUT/watch.json` ({@linkcode WatchState}) and the summary tell how it stands. What a model of the
 * view `particle` finds by a look at the first that come holds for all.
 *
 * @throws {EPickerError} `bad-option` for the threshold `auto`, and as `pickFiles`, but what is not there yet is waited for.
 */
export async function watchFiles(
  picker: Picker,
  inputs: readonly string[],
  given: WatchOptions,
): Promise<PickSummary> {
  const { untilQuiet = Infinity, stop, interval = 5, signal, onProgress, ...options } = given;
  checkOptions({ untilQuiet, interval }, { untilQuiet: positive, interval: positive });
  assertInputs(inputs);
  assertThreshold(given);
  const onWarning = once(options.onWarning);
  const end = new AbortController();
  const timer = setInterval(() => stop && isThere(stop).then((is) => is && end.abort()), 500);
  const ended = AbortSignal.any([end.signal, ...signal === undefined ? [] : [signal]]);
  const watch = await Watch.begin(picker, options.out);
  let { look } = options;
  try {
    while (!ended.aborted) {
      const ready = await watch.look(inputs, onWarning);
      if (ready.length > 0) {
        look ??= await folderLook(picker, [...watch.earlier, ...ready], options);
        const earlier = watch.others(ready);
        const before = earlier.length;
        const summary = await pickFiles(picker, ready, {
          ...{ ...options, look, earlier, signal: ended },
          onProgress(event) {
            watch.note(event.note);
            onProgress?.({ ...event, done: before + event.done, total: before + event.total });
          },
        });
        watch.take(ready, summary);
      }
      await watch.write("watching");
      if (watch.quietMinutes() >= untilQuiet) break;
      if (stop !== undefined && await isThere(stop)) break;
      await pause(interval * 1000, ended);
    }
  } finally {
    clearInterval(timer);
    await watch.write("ended");
  }
  return watch.summary;
}

/** Says every sentence once: each look finds the same. */
function once(say: (text: string) => void = () => {}): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
}

const positive = option.above(0, Infinity);

/** The micrographs of a run, and what became of them. */
class Watch {
  readonly #out: string;
  readonly #known = new Map<string, Watched>();
  readonly #names: Set<string>;
  readonly #earlier: Map<string, string>;
  readonly #started = new Date();
  readonly #pickedAt: number[] = [];
  #last: string | undefined;
  #changed = Date.now();
  /** The summary of all that was picked. */
  summary: PickSummary;

  private constructor(out: string, summary: PickSummary, earlier: readonly PickedFile[]) {
    this.#out = out;
    this.summary = summary;
    this.#earlier = new Map(earlier.map(({ path, name }) => [resolve(path), name]));
    this.#names = new Set(earlier.map(({ name }) => keyOf(name)));
  }

  static async begin({ model, backend }: Picker, out: string): Promise<Watch> {
    const earlier = (await findSummary(out))?.files ?? [];
    const { threshold, notes: { name = "" } } = model;
    const about = { model: name, backend: backend.title, threshold, total: 0, seconds: 0 };
    return new Watch(out, { ...about, files: [] }, earlier);
  }

  /** Micrographs of the run before. */
  get earlier(): InputFile[] {
    return [...this.#earlier].map(([path, name]) => ({ path, name }));
  }

  /** Looks at what the inputs mean now; gives what is to be picked. */
  async look(inputs: readonly string[], onWarning?: (text: string) => void): Promise<InputFile[]> {
    const ready: InputFile[] = [];
    for (const path of await pathsOf(inputs, onWarning)) {
      const seen = await signatureOf(path);
      const known = this.#known.get(path);
      if (known === undefined) {
        this.#known.set(path, { name: await this.#nameOf(path), seen, isStill: false });
      } else {
        [known.isStill, known.seen] = [known.seen === seen, seen];
        if (known.isStill && known.picked !== seen) ready.push({ path, name: known.name });
      }
      if (known?.seen !== known?.picked || known === undefined) this.#changed = Date.now();
    }
    return ready;
  }

  /** A name that is no other micrograph's: the one it had, or its base name, with folders before it. */
  async #nameOf(path: string): Promise<string> {
    const had = this.#earlier.get(resolve(path));
    if (had !== undefined) return had;
    const parents = dirname(resolve(path)).split("/").filter(Boolean);
    let name = micrographName(path);
    for (let n = 1; await this.#isAnothers(name, path); n++) {
      const parent = parents.pop();
      name = parent === undefined ? `${micrographName(path)}_${n}` : `${parent}_${name}`;
    }
    this.#names.add(keyOf(name));
    return name;
  }

  async #isAnothers(name: string, path: string): Promise<boolean> {
    if (this.#names.has(keyOf(name))) return true;
    const record = join(this.#out, "candidates", `${name}.json`);
    const owner = await readCandidates(record).catch(() => undefined);
    return owner?.provenance !== undefined && owner.provenance.path !== resolve(path);
  }

  /** What became of all but these. */
  others(ready: readonly InputFile[]): PickedFile[] {
    const paths = new Set(ready.map(({ path }) => path));
    return [...this.#known].flatMap(([path, { file }]) => file && !paths.has(path) ? [file] : []);
  }

  /** A micrograph was picked just now. */
  note(name?: string): void {
    this.#last = name;
    this.#pickedAt.push(Date.now());
    this.#changed = Date.now();
  }

  /** Takes over what became of a batch. */
  take(ready: readonly InputFile[], summary: PickSummary): void {
    this.summary = summary;
    const files = new Map(summary.files.map((file) => [file.path, file]));
    for (const { path } of ready) {
      const [known, file] = [this.#known.get(path)!, files.get(path)];
      if (file !== undefined) this.#known.set(path, { ...known, file, picked: known.seen });
    }
  }

  quietMinutes(): number {
    return (Date.now() - this.#changed) / 60_000;
  }

  async write(state: WatchState["state"]): Promise<void> {
    const all = [...this.#known];
    const failed = all.filter(([, { file }]) => file?.error !== undefined).length;
    const done = all.filter(([, { file }]) => file !== undefined).length;
    const hourAgo = Date.now() - 3600_000;
    while (this.#pickedAt[0] < hourAgo) this.#pickedAt.shift();
    const text: WatchState = {
      state,
      started: this.#started.toISOString(),
      updated: new Date().toISOString(),
      ...{ seen: all.length, picked: done - failed, failed },
      lastHour: this.#pickedAt.length,
      last: this.#last,
      waiting: all.filter(([, { seen, picked }]) => seen !== picked).map(([path]) => path),
    };
    await writeFileAtomic(join(this.#out, WATCH_FILE), JSON.stringify(text, null, 2) + "\n");
  }
}

/** What is the same for names that a file system may not tell apart. */
function keyOf(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

/** The micrographs that are there now; an input that means none yet is waited for. */
async function pathsOf(
  inputs: readonly string[],
  onWarning?: (text: string) => void,
): Promise<Set<string>> {
  const paths = new Set<string>();
  for (const input of inputs) {
    const found = await expandInputs([input], { onWarning }).catch((error) => {
      if (error instanceof EPickerError && error.code === "missing-file") return [];
      throw error;
    });
    for (const { path } of found) paths.add(path);
  }
  return paths;
}

/** Size and time of a file by which it is seen to change; a link to nothing has none. */
async function signatureOf(path: string): Promise<string> {
  const stat = await Deno.stat(path).catch(() => undefined);
  return stat === undefined ? "none" : `${stat.size} ${stat.mtime?.getTime()} ${stat.ino}`;
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Waits, or until the signal is raised. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}

function assertInputs(inputs: readonly string[]): void {
  if (inputs.length > 0) return;
  throw new EPickerError("bad-option", {
    found: "no inputs",
    expected: "folders to watch, or patterns",
  });
}

function assertThreshold({ threshold }: WatchOptions): void {
  if (threshold !== "auto") return;
  throw new EPickerError("bad-option", {
    file: "threshold",
    found: "auto for a folder that still grows",
    expected: "a number: scores that are not there yet would change all picks",
    remedy: "Leave it out, and afterwards: epicker threshold OUT auto.",
  });
}
