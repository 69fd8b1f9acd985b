import { basename, dirname, join } from "@std/path";
import { readModel } from "../centernet/mod.ts";
import {
  EPickerError,
  messageOfError,
  type Mode,
  WorkerThread,
  writeFileAtomic,
} from "../core/mod.ts";
import { type CandidatesFile, type InputFile, readCandidates } from "../io/mod.ts";
import { recordPath } from "../picking/mod.ts";
import { pickedWith } from "./picked_with.ts";
import type { LearnFunctions, LearnNews } from "./learn_worker.ts";
import { type Lesson, type LessonMicrograph, writeLesson } from "./lesson.ts";
import type { Learning, NewPicks, Progress, Teaching } from "./wire.ts";

/** Losses that are kept of a run, evenly among its steps. */
const LOSSES = 500;

/** Milliseconds between two reports. */
const PAUSE = 200;

/** What {@linkcode Learner.open} is told. */
export interface LearnerOptions {
  /** Folder of picks; runs lie in its `training`. */
  picks: string;
  /** Model to go on from. */
  model: string;
  /** Exemplars of what it knows. */
  exemplars?: string;
}

/**
 * Trains and picks for the page, in workers. A run lies in `training/N` of the folder of picks, with
 * all that it was begun from, so that it goes on after the server was ended.
 */
export class Learner implements Disposable {
  readonly #options: LearnerOptions;
  readonly #tell: (progress: Progress) => void;
  readonly #training = workerOf();
  readonly #picking = workerOf();
  #learning: Learning | undefined;
  #stop = new Int32Array(new SharedArrayBuffer(4));
  #progress: Progress = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #mode: Mode = "particle";

  private constructor(options: LearnerOptions, tell: (progress: Progress) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#training.onNews = (news) => this.#hear(news as LearnNews);
    this.#picking.onNews = (news) => {
      if ("progress" in (news as LearnNews)) this.#picked(news as LearnNews);
    };
  }

  /** Finds the last run. @throws {EPickerError} `missing-file`, `bad-model` for the model. */
  static async open(
    options: LearnerOptions,
    tell: (progress: Progress) => void,
  ): Promise<Learner> {
    const learner = new Learner(options, tell);
    learner.#mode = (await readModel(options.model)).model.mode;
    learner.#learning = await lastRun(join(options.picks, "training"));
    return learner;
  }

  /** What the model picks. */
  get mode(): Mode {
    return this.#mode;
  }

  /** What can be gone on from. */
  get teaching(): Teaching {
    const { model, exemplars } = this.#options;
    return { model: basename(dirname(model)), hasExemplars: exemplars !== undefined };
  }

  /** How it stands. */
  get progress(): Progress {
    return { ...this.#progress, learning: this.#learning };
  }

  /** Begins a run. @throws {EPickerError} `bad-data` where nothing is labelled or one is running. */
  async begin(
    { kind, steps }: { kind: Lesson["kind"]; steps: number },
    micrographs: LessonMicrograph[],
  ): Promise<void> {
    this.#assertIdle();
    if (!micrographs.some(({ labels }) => labels.length > 0)) throw nothingLabelled(this.#mode);
    const run = (this.#learning?.run ?? 0) + 1;
    const { model, exemplars } = this.#options;
    const dataset = `page ${run}`;
    const lesson = { version: 1, kind, steps, model, exemplars, dataset, micrographs } as const;
    if (kind === "add" && exemplars === undefined) throw noExemplars();
    await writeLesson(this.#folder(run), lesson);
    this.#learning = {
      ...{ run, kind, state: "learning", step: 0, total: steps, note: "" },
      ...{ losses: [], validation: [], scores: [] },
      micrographs: micrographs.length,
      sparse: micrographs.filter(({ sparse }) => sparse).length,
    };
    this.#run();
  }

  /** Goes on with a run that was stopped. @throws {EPickerError} `bad-data` where none was. */
  resume(): void {
    this.#assertIdle();
    if (this.#learning === undefined || this.#learning.state === "finished") throw noRun();
    this.#learning = { ...this.#learning, state: "learning", note: "" };
    this.#run();
  }

  /** Ends the run after the step in work. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  async #run(): Promise<void> {
    const { run } = this.#learning!;
    Atomics.store(this.#stop, 0, 0);
    this.#change({ note: "starting" });
    try {
      const isFinished = await this.#training.call("learn", this.#folder(run), this.#stop);
      this.#change({ state: isFinished ? "finished" : "stopped", note: "" });
    } catch (error) {
      this.#change({ state: "failed", note: messageOfError(error) });
    }
    this.#training[Symbol.dispose](); // its memory with it
    await this.#report();
  }

  #hear(news: LearnNews): void {
    if ("scores" in news) return this.#change({ scores: news.scores });
    if ("validation" in news) {
      const [step] = news.validation;
      const earlier = this.#learning!.validation.filter(([other]) => other < step);
      return this.#change({ validation: [...earlier, news.validation] });
    }
    const { stage, done, total, note, values } = news.progress;
    if (stage !== "train") return this.#change({ note: `reading ${note ?? ""}` });
    const loss = Object.values(values ?? {}).reduce((sum, value) => sum + value, 0);
    const losses = this.#learning!.losses.filter(([step]) => step < done);
    if (done % Math.ceil(total / LOSSES) === 0) losses.push([done, +loss.toPrecision(5)]);
    this.#change({ step: done, total, note: note ?? "", losses });
  }

  #change(changes: Partial<Learning>): void {
    this.#learning = { ...this.#learning!, ...changes };
    this.#reportSoon();
  }

  #reportSoon(): void {
    this.#timer ??= setTimeout(() => this.#report(), PAUSE);
  }

  /** Tells the pages, and keeps what a later server must know. */
  async #report(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tell(this.progress);
    const learning = this.#learning;
    if (learning === undefined) return;
    const path = join(this.#folder(learning.run), STATE);
    await writeFileAtomic(path, JSON.stringify(learning) + "\n").catch(() => {}); // told next time
  }

  /** What the model of the last run sees in a micrograph. @throws {EPickerError} `bad-data`. */
  async newPicks(file: InputFile): Promise<NewPicks> {
    const { run, state } = this.#learning ?? { run: 0, state: "stopped" };
    if (state !== "finished") throw noRun();
    const out = join(this.#folder(run), "picks");
    const { given, seenPx } = await pickedWith(this.#options.picks);
    const { diameterA, diameterPx = diameterA === undefined ? seenPx : undefined } = given;
    const options = { ...given, diameterPx, out }; // a look at one micrograph may find another
    const [problem] = await this.#picking.call("pick", this.#modelOf(run), [file], options);
    if (problem !== undefined) {
      throw new EPickerError("bad-data", { found: problem, expected: "a micrograph" });
    }
    const record: CandidatesFile = await readCandidates(recordPath({ out, name: file.name }));
    const { candidates, fibers = [], threshold } = record;
    return { run, candidates, fibers, threshold };
  }

  /** Picks micrographs anew into the folder of picks, by the new model or the one that was given. */
  pickAll(files: InputFile[], by: "given" | "new"): void {
    if (this.#progress.picking !== undefined) throw busy("picking");
    if (by === "new" && this.#learning?.state !== "finished") throw noRun();
    const model = by === "new" ? this.#modelOf(this.#learning!.run) : this.#options.model;
    this.#progress = { picking: { done: 0, total: files.length } };
    this.#reportSoon();
    const { picks: out } = this.#options;
    pickedWith(out)
      .then(({ given }) => this.#picking.call("pick", model, files, { ...given, out }))
      .then(([problem]) => problem, messageOfError)
      .then((problem) => {
        this.#progress = problem === undefined ? {} : { problem };
        return this.#report();
      });
  }

  #picked(news: LearnNews): void {
    if (this.#progress.picking === undefined || !("progress" in news)) return;
    const { done, total, stage } = news.progress;
    if (stage !== "pick") return;
    this.#progress = { picking: { done, total } };
    this.#reportSoon();
  }

  #folder(run: number): string {
    return join(this.#options.picks, "training", String(run));
  }

  #modelOf(run: number): string {
    return join(this.#folder(run), "model.safetensors");
  }

  #assertIdle(): void {
    if (this.#learning?.state === "learning") throw busy("training");
  }

  /** Ends all work; a run that is cut off goes on from its last checkpoint. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#training[Symbol.dispose]();
    this.#picking[Symbol.dispose]();
  }
}

/** The file that tells how a run stands. */
const STATE = "progress.json";

/** The run of the highest number; what was running when its server was ended is stopped. */
async function lastRun(folder: string): Promise<Learning | undefined> {
  const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
  const runs = entries.map(({ name }) => Number(name)).filter((run) => run > 0);
  if (runs.length === 0) return undefined;
  const run = Math.max(...runs);
  const text = await Deno.readTextFile(join(folder, String(run), STATE)).catch(() => "{}");
  const none = { kind: "train", state: "stopped", micrographs: 0, sparse: 0, step: 0, total: 0 };
  const lists = { note: "", losses: [], validation: [], scores: [] };
  const found: Learning = { ...none, ...lists, ...JSON.parse(text), run };
  return found.state === "learning" ? { ...found, state: "stopped", note: "" } : found;
}

function workerOf(): WorkerThread<LearnFunctions> {
  return new WorkerThread<LearnFunctions>(import.meta.resolve("./learn_worker.ts"));
}

function busy(what: string): EPickerError {
  return new EPickerError("bad-data", {
    found: `${what} that is going on`,
    expected: "one at a time",
    remedy: "Wait for its end, or stop it.",
  });
}

function nothingLabelled(mode: Mode): EPickerError {
  return new EPickerError("bad-data", {
    found: "no labelled micrograph",
    expected: `picks that were added, or micrographs marked as done, of the mode "${mode}"`,
    remedy: "Label some, and mark those as done in which nothing is missing.",
  });
}

function noExemplars(): EPickerError {
  return new EPickerError("bad-data", {
    found: "no exemplars of what the model has learned",
    expected: "a store of them",
    remedy: "Make one by 'epicker exemplars build', and give it to 'epicker view' as --exemplars.",
  });
}

function noRun(): EPickerError {
  return new EPickerError("bad-data", {
    found: "no run of training in that state",
    expected: "one that was stopped, to resume it, or one that has finished, to pick by it",
  });
}
