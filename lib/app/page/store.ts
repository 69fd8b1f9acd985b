import { type EditChanges, inverseChanges, type PickRule, withChanges } from "../../core/mod.ts";
import type {
  About,
  Facts,
  Marks,
  NewPicks,
  PictureHead,
  Progress,
  Results,
  Saved,
  ServerEvent,
  Suggestion,
} from "../wire.ts";
import * as api from "./api.ts";
import { worthOfLabel } from "./label_next.ts";
import type { Look } from "./drawable.ts";
import { scoresOf } from "./scores.ts";

/** What a click does. */
export type Tool = "pick" | "ignore" | "fiber";

/** Orders of the list. */
export const ORDERS = ["name", "picks", "mean score", "doubts", "to label next"] as const;

/** Which micrographs are listed. */
export const FILTERS = ["all", "not done", "done", "edited", "with doubts"] as const;

/** Facts as the list counts them. */
export interface ListedFacts extends Omit<Facts, "scores" | "diameters"> {
  /** In ten-thousandths, least first; of vesicles those within the range of diameters. */
  scores: Uint16Array;
  /** What was measured of vesicles, of any diameter. */
  vesicles?: { scores: number[]; diameters: number[] };
}

/** All that the page shows. */
export interface State {
  about: About;
  facts: ReadonlyMap<string, ListedFacts>;
  current: string;
  marks?: Marks;
  head?: PictureHead;
  suggestion?: Suggestion;
  progress: Progress;
  /** Whether picks of the new model are shown beside, and what they are here. */
  showsNew: boolean;
  newPicks?: NewPicks;
  look: Look;
  /** Least and most diameter of a vesicle that is a pick, in pixels; all where it is absent. */
  diameterRange?: PickRule["diameterRange"];
  lowPassA: number;
  spectrum: boolean;
  tool: Tool;
  classNumber: number;
  /** Diameter of new picks in pixels of the micrograph; 0 for that of the others. */
  diameter: number;
  order: typeof ORDERS[number];
  filter: typeof FILTERS[number];
  search: string;
  /** Changes that undo takes back, and that redo makes again, by micrograph. */
  undo: Readonly<Record<string, EditChanges[]>>;
  redo: Readonly<Record<string, EditChanges[]>>;
  /** Changes on their way to the disk. */
  pending: number;
  problem?: string;
  saved?: Saved;
  help: boolean;
}

/** Diameter of new picks where nothing tells, as part of the micrograph's width. */
const GUESSED_DIAMETER = 0.04;

/** Holds the state and everything that changes it. */
export class Store {
  /** What is shown. */
  state: State;
  readonly #listeners = new Set<() => void>();

  /** Begins with the first micrograph. */
  constructor(about: About) {
    this.state = {
      about,
      facts: new Map(),
      current: about.names[0],
      progress: {},
      showsNew: false,
      look: { sigmas: 6, offset: 0, invert: false, threshold: 0.35, dimmed: 0.3, marks: true },
      lowPassA: 0,
      spectrum: false,
      tool: "pick",
      classNumber: 1,
      diameter: 0,
      order: "name",
      filter: "all",
      search: "",
      undo: {},
      redo: {},
      pending: 0,
      help: false,
    };
  }

  /** Calls back after every change; the answer ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes the state. */
  set(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.#listeners) listener();
  }

  /** Changes how the picture is shown. */
  look(changes: Partial<Look>): void {
    this.set({ look: { ...this.state.look, ...changes } });
  }

  /** Reads the facts of all micrographs, a piece at a time. */
  async readFacts({ keepsThreshold = false } = {}): Promise<void> {
    const { names } = this.state.about;
    for (let from = 0; from < names.length;) {
      const piece = await api.getFacts(from);
      const facts = new Map(this.state.facts);
      const first = from === 0 && !keepsThreshold
        ? piece.find(({ threshold }) => threshold !== undefined)
        : undefined;
      if (first) {
        this.look({ threshold: first.threshold });
        this.set({ diameterRange: first.diameterRange });
      }
      for (const one of piece) facts.set(one.name, listed(one, this.state.diameterRange));
      this.set({ facts });
      from += piece.length;
    }
    this.set({ suggestion: await api.getSuggestion() });
  }

  /** Goes to a micrograph. */
  async open(name: string): Promise<void> {
    this.set({ current: name, marks: undefined, head: undefined, newPicks: undefined });
    const marks = await api.getMarks(name);
    if (this.state.current === name) this.set({ marks });
    if (this.state.showsNew) await this.#readNew();
  }

  /** Shows the picks of the new model beside, or not. */
  async toggleNew(): Promise<void> {
    const showsNew = !this.state.showsNew;
    this.set({ showsNew, newPicks: undefined });
    if (showsNew) await this.#readNew();
  }

  async #readNew(): Promise<void> {
    const { current } = this.state;
    await this.#tried(async () => {
      const newPicks = await api.getNewPicks(current);
      if (this.state.current === current && this.state.showsNew) this.set({ newPicks });
    });
  }

  /** Learns from what is labelled. */
  async learn(kind: "train" | "add", steps: number): Promise<void> {
    const { diameter, rule } = this;
    this.set({ showsNew: false, newPicks: undefined });
    await this.#tried(() => api.learn({ kind, steps, rule, diameter }));
  }

  /** Ends a run after the step in work, or goes on with it. */
  async command(what: "stop" | "resume"): Promise<void> {
    await this.#tried(() => api.command(what));
  }

  /** Picks all micrographs. */
  async pickAll(by: "given" | "new"): Promise<void> {
    await this.#tried(() => api.pickAll(by));
  }

  /** Does what may fail, and says so. */
  async #tried(work: () => Promise<void>): Promise<void> {
    try {
      this.set({ problem: undefined });
      await work();
    } catch (error) {
      this.set({ problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Takes over how learning and picking stand; what was picked is read. */
  async takeProgress(progress: Progress): Promise<void> {
    const wasPicking = this.state.progress.picking !== undefined;
    this.set({ progress });
    if (!wasPicking || progress.picking !== undefined) return;
    await this.readFacts();
    await this.open(this.state.current);
  }

  /** What makes a pick of a candidate. */
  get rule(): PickRule {
    const { look: { threshold }, diameterRange } = this.state;
    return { threshold, diameterRange };
  }

  /** Counts vesicles of some diameters alone. */
  setDiameterRange(diameterRange: PickRule["diameterRange"]): void {
    const facts = new Map(this.state.facts);
    for (const [name, { vesicles, ...rest }] of facts) {
      if (vesicles !== undefined) facts.set(name, listed({ ...rest, ...vesicles }, diameterRange));
    }
    this.set({ facts, diameterRange });
  }

  /** Diameter of new picks in pixels of the micrograph. */
  get diameter(): number {
    const { diameter, marks, head } = this.state;
    return diameter || marks?.diameter || GUESSED_DIAMETER * (head?.fullWidth ?? 1000);
  }

  /** Makes an edit that can be undone. */
  change(changes: EditChanges): void {
    const { current, undo, redo, marks } = this.state;
    if (marks === undefined || Object.keys(changes).length === 0) return;
    const inverse = inverseChanges(marks.edits, changes);
    this.set({
      undo: { ...undo, [current]: [...undo[current] ?? [], inverse] },
      redo: { ...redo, [current]: [] },
    });
    this.#apply(changes);
  }

  /** Takes back the last edit of this micrograph. */
  undo(): void {
    this.#again("undo", "redo");
  }

  /** Makes again what was undone last. */
  redo(): void {
    this.#again("redo", "undo");
  }

  #again(from: "undo" | "redo", to: "undo" | "redo"): void {
    const { current, marks } = this.state;
    const steps = this.state[from][current] ?? [];
    const changes = steps.at(-1);
    if (changes === undefined || marks === undefined) return;
    const inverse = inverseChanges(marks.edits, changes);
    this.set({
      [from]: { ...this.state[from], [current]: steps.slice(0, -1) },
      [to]: { ...this.state[to], [current]: [...this.state[to][current] ?? [], inverse] },
    });
    this.#apply(changes);
  }

  #apply(changes: EditChanges): void {
    const { current } = this.state;
    this.#show(current, changes);
    this.set({ pending: this.state.pending + 1 });
    api.sendChanges(current, changes, (problem) => this.set({ problem })).then((isTaken) => {
      this.set({ pending: this.state.pending - 1 });
      if (!isTaken) return this.#readMarks(current); // what was shown is not on the disk
    });
  }

  async #readMarks(name: string): Promise<void> {
    const marks = await api.getMarksAfterEdits(name).catch(() => undefined);
    if (marks === undefined || this.state.current !== name) return;
    if (this.state.pending > 0) return await this.#readMarks(name); // more was edited meanwhile
    this.set({ marks });
  }

  /** Takes over what has happened while the server was not there. */
  async catchUp(): Promise<void> {
    await this.#tried(async () => {
      this.set({ about: await api.getAbout() });
      await this.takeProgress(await api.getProgress());
      await this.#readMarks(this.state.current);
      await this.readFacts({ keepsThreshold: true });
    });
  }

  /** Takes over what has happened elsewhere. */
  receive(event: ServerEvent): void {
    if ("progress" in event) this.takeProgress(event.progress);
    else if ("results" in event) this.#takeResults(event.results);
    else this.#show(event.edited.name, event.edited.changes);
  }

  /** Takes over what a picker has written, and the micrographs that have come. */
  async #takeResults({ names, facts, watching }: Results): Promise<void> {
    const { about, current } = this.state;
    this.set({ about: { ...about, names, watching } });
    if (facts === "all") return await this.readFacts({ keepsThreshold: true });
    const all = new Map(this.state.facts);
    for (const one of facts) all.set(one.name, listed(one, this.state.diameterRange));
    this.set({ facts: all });
    if (!facts.some(({ name }) => name === current) || this.state.pending > 0) return;
    const marks = await api.getMarks(current);
    if (this.state.current === current && this.state.pending === 0) this.set({ marks });
  }

  #show(name: string, changes: EditChanges): void {
    const { current, marks, facts, diameterRange } = this.state;
    if (name !== current || marks === undefined) return;
    const after = { ...marks, edits: withChanges(marks.edits, changes) };
    const before = facts.get(name);
    this.set({
      marks: after,
      facts: before
        ? new Map(facts).set(name, listed({ ...before, ...factsOf(after) }, diameterRange))
        : facts,
    });
  }

  /** Writes the picks of all micrographs by the threshold and the range of diameters. */
  async save(formats: string[]): Promise<void> {
    this.set({ saved: undefined });
    await this.#tried(async () => {
      this.set({ saved: await api.save(this.rule, formats) });
    });
  }

  /** Goes to the micrograph so many further in the list. */
  step(by: number): void {
    const names = namesInOrder(this.state);
    const at = names.indexOf(this.state.current);
    const next = names[Math.max(0, Math.min(names.length - 1, at + by))];
    if (next !== undefined && next !== this.state.current) this.open(next);
  }

  /** Marks the micrograph as labelled wholly, or not. */
  toggleDone(): void {
    const isDone = this.state.marks?.edits.done !== undefined;
    this.change({ done: isDone ? null : { kind: "done" } });
  }
}

function listed(
  { scores, diameters, ...facts }: Facts,
  [least, most]: readonly [number, number] = [0, Infinity],
): ListedFacts {
  const fitting = diameters === undefined
    ? scores
    : scores.filter((_, i) =>
      diameters[i] === 0 || (diameters[i] >= least && diameters[i] <= most)
    );
  return {
    ...facts,
    scores: Uint16Array.from(fitting).sort(),
    vesicles: diameters && { scores, diameters },
  };
}

/** What edits change in the list. */
function factsOf(marks: Marks) {
  const all = Object.values(marks.edits);
  return {
    ...scoresOf(marks),
    edits: all.length,
    done: all.some(({ kind }) => kind === "done"),
  };
}

/** How many scores reach a threshold. */
export function countFrom(scores: Uint16Array, threshold: number): number {
  const least = Math.ceil(threshold * 1e4 - 1e-6);
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[middle] < least) low = middle + 1;
    else high = middle;
  }
  return scores.length - low;
}

/** Mean of the scores that reach a threshold, 0…1; 0 of none. */
export function meanFrom(scores: Uint16Array, threshold: number): number {
  const count = countFrom(scores, threshold);
  const sum = scores.subarray(scores.length - count).reduce((a, b) => a + b, 0);
  return count === 0 ? 0 : sum / count / 1e4;
}

/** Names as the list shows them. */
export function namesInOrder({ about, facts, order, filter, search, look }: State): string[] {
  const wanted = search.toLowerCase();
  const names = about.names.filter((name) => {
    if (wanted !== "" && !name.toLowerCase().includes(wanted)) return false;
    const { done = false, edits = 0, warnings = [] } = facts.get(name) ?? {};
    return {
      "all": true,
      "done": done,
      "not done": !done,
      "edited": edits > 0,
      "with doubts": warnings.length > 0,
    }[filter];
  });
  if (order === "name") return names;
  const value = (name: string): number => {
    const one = facts.get(name);
    if (one === undefined) return -Infinity;
    if (order === "doubts") return one.warnings.length;
    if (order === "to label next") return worthOfLabel(one, look.threshold);
    return order === "picks"
      ? countFrom(one.scores, look.threshold)
      : meanFrom(one.scores, look.threshold);
  };
  const values = new Map(names.map((name) => [name, value(name)]));
  return names.sort((a, b) => values.get(b)! - values.get(a)!);
}
