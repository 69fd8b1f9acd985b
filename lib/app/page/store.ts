import type { PickRule } from "../../core/mod.ts";
import type { About } from "../wire.ts";
import type { Look } from "./drawable.ts";
import { isSure, type Mark, type Scene, sceneOf } from "./marks.ts";
import { firstState, type State } from "./state.ts";

/** Diameter of new picks where nothing tells, as part of the micrograph's width. */
const GUESSED_DIAMETER = 0.04;

/** Holds what is shown, and tells when it changes. */
export class Store {
  /** What is shown. */
  state: State;
  readonly #listeners = new Set<() => void>();

  /** Begins with the first micrograph. */
  constructor(about: About) {
    this.state = firstState(about);
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

  /** Does what may fail, and says so. */
  async tried(work: () => Promise<void>): Promise<void> {
    try {
      this.set({ problem: undefined });
      await work();
    } catch (error) {
      this.set({ problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** What makes a pick of a candidate. */
  get rule(): PickRule {
    const { look: { threshold }, diameterRange } = this.state;
    return { threshold, diameterRange };
  }

  /** What can be pointed at, also where it has not been drawn yet. */
  get scene(): Scene | undefined {
    const { marks } = this.state;
    return marks && sceneOf(marks, marks.edits, this.diameter);
  }

  /** Marks that are picks. */
  get sure(): Mark[] {
    return this.scene?.marks.filter((mark) => isSure(mark, this.rule)) ?? [];
  }

  /** Diameter of new picks in pixels of the micrograph. */
  get diameter(): number {
    const { diameter, marks, head } = this.state;
    return diameter || marks?.diameter || GUESSED_DIAMETER * (head?.fullWidth ?? 1000);
  }
}
